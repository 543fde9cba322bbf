import { suite } from "uvu";
import * as assert from "uvu/assert";
import { imageBlock, isErrorResult, sessionIdOf } from "../../../src/protocol/index.js";
import { apiError, promptOf, toolUse } from "../../../src/testing/index.js";
import { assertNothingLeft, PATIENCE_MS, startRealCli } from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import { answerOf, assertUndisturbed, ECHO, Gate, kindsOf, resultOf, textsOf } from "./turns.js";

const query = suite("query() on the real CLI");

query("gives the messages of its turn up to and including the result", async () => {
  await using cli = await startRealCli(["first answer", "second answer"]);
  const client = await cli.open();
  const first = await client.query("a question");
  assert.equal(kindsOf(first), ["system/init", "assistant", "result/success"]);
  assert.equal(textsOf(first), ["first answer"]);
  assert.is(answerOf(first), "first answer");
  assert.equal(new Set(first.map(sessionIdOf)), new Set([client.sessionUuid()]));
  assert.is(answerOf(await client.query("another")), "second answer");
  // The second request carries the conversation so far.
  assert.equal(cli.model.mainRequests.map(promptOf), ["a question", "another"]);
  assert.match(JSON.stringify(cli.model.mainRequests[1]?.body.messages), "first answer");
});

query("takes content blocks", async () => {
  await using cli = await startRealCli("ok");
  const client = await cli.open();
  await client.query([
    { type: "text", text: "part one" },
    { type: "text", text: "part two" },
  ]);
  assert.is(cli.model.mainRequests.map(promptOf).join(), "part one\npart two");
});

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

query("takes images: the model's request holds the very block", async () => {
  await using cli = await startRealCli("a pixel");
  const client = await cli.open();
  const image = imageBlock({ data: PIXEL, mediaType: "image/png" });
  assert.is(answerOf(await client.query([image, { type: "text", text: "what is this?" }])), "a pixel");
  const content = cli.model.mainRequests[0]?.body.messages.findLast(({ role }) => role === "user")?.content;
  const images = Array.isArray(content) ? content.filter(({ type }) => type === "image") : [];
  assert.equal(images, [{ type: "image", source: { type: "base64", media_type: "image/png", data: PIXEL } }]);
});

query("survives a failure of the API: it is a result, not an error", async () => {
  await using cli = await startRealCli([
    { when: /^fail$/, reply: apiError(400, { message: "refused by the script" }) },
    ECHO,
  ]);
  const client = await cli.open();
  const result = resultOf(await client.query("fail"));
  assert.ok(isErrorResult(result));
  assert.match(JSON.stringify(result), "refused by the script");
  assert.match(answerOf(await client.query("on we go")) ?? "", "on we go");
});

query("queries at the same time wait for each other, in order", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const prompts = ["one", "two", "three", "four", "five"];
  const finished: string[] = [];
  const turns = await Promise.all(
    prompts.map(async (prompt) => {
      const messages = await client.query(prompt);
      finished.push(prompt);
      return messages;
    }),
  );
  assert.equal(finished, prompts);
  assert.equal(
    turns.map(answerOf),
    prompts.map((prompt) => `echo: ${prompt}`),
  );
  for (const turn of turns) assert.equal(kindsOf(turn), ["system/init", "assistant", "result/success"]);
  assert.equal(cli.model.mainRequests.map(promptOf), prompts);
});

query("one that is aborted while it waits in line is never asked", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.holds("let go") }, ECHO]);
  const client = await cli.open();
  const held = client.query("held");
  await cli.model.waitForRequest(1);
  const abort = new AbortController();
  const waiting = client.query("never asked", { signal: abort.signal });
  const next = client.query("next in line");
  abort.abort(new Error("changed my mind"));
  const error = await rejects<Error & { code: string; cause: Error }>(waiting);
  assert.is(error.code, "ABORTED");
  assert.is(error.cause.message, "changed my mind");
  gate.open();
  assert.is(answerOf(await held), "let go");
  assert.is(answerOf(await next), "echo: next in line");
  assert.equal(cli.model.mainRequests.map(promptOf), ["held", "next in line"]);
});

query("one that is aborted beforehand is never asked", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const { code } = await rejects(client.query("never asked", { signal: AbortSignal.abort() }));
  assert.is(code, "ABORTED");
  await assertUndisturbed(client, "asked");
  assert.equal(cli.model.mainRequests.map(promptOf), ["asked"]);
});

query("ping() asks the model, and tells whether it said pong", async () => {
  await using cli = await startRealCli(["Pong!", "I would rather not.", "pongo pygmaeus", "still here"]);
  const client = await cli.open();
  assert.is(await client.ping(), true);
  assert.is(await client.ping(), false);
  assert.is(await client.ping({ timeoutMs: PATIENCE_MS }), false);
  assert.is(answerOf(await client.query("and now?")), "still here");
  for (const request of cli.model.mainRequests.slice(0, 3)) assert.match(promptOf(request), /\bpong\b/);
});

query("a JSON schema gives structured output", async () => {
  await using cli = await startRealCli([toolUse("StructuredOutput", { n: 7 }), "done"]);
  const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] };
  const client = await cli.open({ launch: (builder) => builder.jsonSchema(schema) });
  const result = resultOf(await client.query("give me a number"));
  assert.equal("structured_output" in result && result.structured_output, { n: 7 });
});

query("a slash command that needs no model is a turn as well", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const messages = await client.query("/context");
  assert.match(answerOf(messages) ?? "", "Context Usage");
  assert.is(resultOf(messages).num_turns, 0);
  await assertUndisturbed(client, "a real prompt");
  assert.is(cli.model.mainRequests.length, 1);
});

query("leaves no process behind", assertNothingLeft);

query.run();
