import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClaudeOutput } from "../../../src/protocol/index.js";
import { promptOf, reply, stepOf, text, toolUse } from "../../../src/testing/index.js";
import { assertNothingLeft, startRealCli, until } from "../../support/real-cli.js";
import {
  answerOf,
  assertUndisturbed,
  bash,
  ECHO,
  FRAMES_PER_TURN,
  Gate,
  kindsOf,
  piecesOf,
  resultOf,
  textsOf,
} from "./turns.js";

const stream = suite("queryStream() on the real CLI");

stream("gives messages while the turn still runs", async () => {
  const gate = new Gate();
  await using cli = await startRealCli((request) =>
    cli.model.mainRequests.length === 1
      ? reply(["Let me look.", bash("echo seen")])
      : gate.holds("It was there.")(request),
  );
  const client = await cli.open({ launch: (builder) => builder.allowedTools("Bash") });
  const messages: ClaudeOutput[] = [];
  for await (const message of await client.queryStream("look")) {
    messages.push(message);
    // Until the tool's result has been read here, the model does not say another word.
    if (message.type === "user") gate.open();
  }
  assert.equal(kindsOf(messages), [
    "system/init",
    "assistant",
    "assistant",
    "user",
    "assistant",
    "result/success",
  ]);
  assert.equal(textsOf(messages), ["Let me look.", "It was there."]);
});

stream("next() goes message by message, and stays done after the result", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const turn = await client.queryStream("step by step");
  const steps = [await turn.next(), await turn.next(), await turn.next()];
  assert.equal(
    steps.map(({ done }) => done),
    [false, false, false],
  );
  assert.equal(kindsOf(steps.map(({ value }) => value)), ["system/init", "assistant", "result/success"]);
  assert.equal(await turn.next(), { done: true, value: undefined });
  assert.equal(await turn.next(), { done: true, value: undefined });
  assert.equal(await turn.collect(), []);
  await assertUndisturbed(client, "after it");
});

stream("next() may be called ahead: each call gets one message, in order", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const turn = await client.queryStream("impatient");
  const steps = await Promise.all([turn.next(), turn.next(), turn.next(), turn.next(), turn.next()]);
  assert.equal(
    steps.map(({ done }) => done),
    [false, false, false, true, true],
  );
  const messages = steps.slice(0, 3).map(({ value }) => value);
  assert.equal(kindsOf(messages), ["system/init", "assistant", "result/success"]);
});

stream("collect() gives what is left", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const whole = await client.queryStream("all of it");
  assert.equal(kindsOf(await whole.collect()), ["system/init", "assistant", "result/success"]);
  const rest = await client.queryStream("the rest of it");
  await rest.next();
  assert.equal(kindsOf(await rest.collect()), ["assistant", "result/success"]);
});

stream("result() gives the result, also one that has been read already", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const turn = await client.queryStream("the end of it");
  const result = await turn.result();
  assert.is(result.subtype, "success");
  assert.is("result" in result && result.result, "echo: the end of it");
  assert.is(await turn.result(), result);
});

stream("text() joins what the model said, and takes a local command's result", async () => {
  await using cli = await startRealCli([
    { when: "in parts", reply: [reply(["One. ", bash("true")]), reply(["Two. ", text("Three.")])] },
    ECHO,
  ]);
  const client = await cli.open({ launch: (builder) => builder.allowedTools("Bash") });
  const turn = await client.queryStream("in parts");
  assert.is(await turn.text(), "One. Two. Three.");
  assert.match(await (await client.queryStream("/context")).text(), "Context Usage");
});

stream("text() leaves out what subagents say", async () => {
  await using cli = await startRealCli(
    (request) => {
      if (request.agentId !== undefined) return "the subagent's report";
      const input = { description: "d", prompt: "the sub task", subagent_type: "general-purpose" };
      return stepOf(request) === 0 ? reply(["Ask another. ", toolUse("Agent", input)]) : "All done.";
    },
    { env: { CLAUDE_CODE_DISABLE_BACKGROUND_TASKS: "1" } },
  );
  const client = await cli.open({ launch: (builder) => builder.forwardSubagentText() });
  const messages = await (await client.queryStream("delegate")).collect();
  assert.ok(textsOf(messages).includes("the subagent's report"), "it is among the messages");
  assert.is(await (await client.queryStream("delegate again")).text(), "Ask another. All done.");
});

stream("partial messages add up to the text", async () => {
  const answer = "A long answer — with “quotes”, tabs\tand 🙂 — in many pieces.";
  await using cli = await startRealCli([text(answer, { chunkSize: 5 })]);
  const client = await cli.open({ launch: (builder) => builder.includePartialMessages() });
  const messages = await (await client.queryStream("partially")).collect();
  const pieces = piecesOf(messages);
  assert.ok(pieces.length > 5);
  assert.is(pieces.join(""), answer);
  assert.is(answerOf(messages), answer);
});

stream("a second one waits until the first is read", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const first = await client.queryStream("first");
  const second = client.queryStream("second");
  const third = client.query("third");
  const init = await first.next();
  await until("the whole turn", () => client.stats().framesReceived >= FRAMES_PER_TURN);
  // It lies here unread, and still nothing else is asked.
  await client.isResponsive();
  assert.equal(cli.model.mainRequests.map(promptOf), ["first"]);
  assert.equal(textsOf([...(init.done ? [] : [init.value]), ...(await first.collect())]), ["echo: first"]);
  assert.is(answerOf(await (await second).collect()), "echo: second");
  assert.is(answerOf(await third), "echo: third");
});

stream("an error of the turn is its result", async () => {
  await using cli = await startRealCli([bash("true"), bash("true"), bash("true")]);
  const client = await cli.open({ launch: (builder) => builder.allowedTools("Bash").maxTurns(1) });
  const messages = await (await client.queryStream("too much")).collect();
  assert.is(resultOf(messages).subtype, "error_max_turns");
});

stream("leaves no process behind", assertNothingLeft);

stream.run();
