import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { type ClaudeOutput, isResult, userMessage } from "../../../src/protocol/index.js";
import { hang, type ModelRequest, promptOf } from "../../../src/testing/index.js";
import {
  assertNothingLeft,
  type OpenOptions,
  PATIENCE_MS,
  processRunning,
  startRealCli,
  until,
} from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import {
  answerOf,
  assertUndisturbed,
  bash,
  ECHO,
  endlessText,
  Gate,
  kindsOf,
  piecesOf,
  receiveRest,
  resultOf,
  textsOf,
} from "./turns.js";

const steering = suite("messages that cross a turn on the real CLI");

const UNTIL_TOLD = "while [ ! -e go ]; do sleep 0.05; done; echo told";
const allowBash: OpenOptions = { launch: (builder) => builder.allowedTools("Bash") };

steering("one sent while a tool runs joins the turn", async () => {
  await using cli = await startRealCli([{ when: "work", reply: [bash(UNTIL_TOLD), "both done"] }, ECHO]);
  const client = await cli.open(allowBash);
  const turn = client.query("work");
  await processRunning("while [");
  const uuid = randomUUID();
  await client.send(userMessage("and mind the step", { uuid }));
  // The CLI's answer tells that it has read the message before the tool ends.
  await client.isResponsive();
  writeFileSync(join(cli.offline.cwd, "go"), "");
  const messages = await turn;
  assert.is(answerOf(messages), "both done");
  assert.ok(resultOf(messages).user_message_uuids?.includes(uuid));
  assert.match(JSON.stringify(cli.model.mainRequests[1]?.body.messages), "and mind the step");
  assert.equal(
    [...messages, ...(await receiveRest(client))].filter(isResult).length,
    1,
    "there is no second result",
  );
  await assertUndisturbed(client, "the next one");
});

/** Frames that name the message as the one they answer or report on. */
function about(uuid: string, messages: readonly ClaudeOutput[]): string[] {
  return kindsOf(messages.filter((message) => JSON.stringify(message).includes(uuid)));
}

steering(
  "one sent while an answer streams is a turn of its own: receive() has it, not the next query",
  async () => {
    const gate = new Gate();
    await using cli = await startRealCli([{ when: "held", reply: gate.holds("let go") }, ECHO]);
    const client = await cli.open();
    const stream = await client.queryStream("held");
    await cli.model.waitForRequest(1);
    const uuid = randomUUID();
    await client.send(userMessage("by hand", { uuid }));
    const next = client.query("the next query");
    gate.open();
    assert.is(answerOf(await stream.collect()), "let go");
    const messages = await next;
    assert.equal(textsOf(messages), ["echo: the next query"]);
    assert.is(answerOf(messages), "echo: the next query");
    assert.equal(about(uuid, messages), [], "the query's messages are its own");
    const received = await receiveRest(client);
    assert.equal(textsOf(received), ["echo: by hand"]);
    assert.equal(
      received.filter(isResult).map(({ user_message_uuids }) => user_message_uuids),
      [[uuid]],
    );
  },
);

steering("a query behind a message by hand gets its own turn, receive() the other", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.holds("let go") }, ECHO]);
  const client = await cli.open();
  await client.send(userMessage("held by hand"));
  await cli.model.waitForRequest(1);
  const own = client.query("the query");
  gate.open();
  assert.equal(kindsOf(await own), ["system/init", "assistant", "result/success"]);
  assert.is(answerOf(await own), "echo: the query");
  const received = await receiveRest(client);
  assert.equal(kindsOf(received), ["system/init", "assistant", "result/success"]);
  assert.is(answerOf(received), "let go");
});

steering("messages by hand between queries, all read at the end", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const own: (string | undefined)[] = [];
  for (let round = 0; round < 4; round++) {
    await client.send(userMessage(`hand ${round}`));
    // From here on the CLI cannot merge it with the query: its turn has begun.
    await cli.model.waitForRequest((request) => promptOf(request) === `hand ${round}`);
    own.push(answerOf(await client.query(`query ${round}`)));
  }
  assert.equal(own, ["echo: query 0", "echo: query 1", "echo: query 2", "echo: query 3"]);
  const received = await receiveRest(client);
  assert.equal(textsOf(received), ["echo: hand 0", "echo: hand 1", "echo: hand 2", "echo: hand 3"]);
  assert.is(received.filter(isResult).length, 4);
});

steering("leaving a query that waits behind a message by hand leaves that message's turn alone", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.holds("let go") }, ECHO]);
  const client = await cli.open();
  await client.send(userMessage("held by hand"));
  await cli.model.waitForRequest(1);
  assert.is((await rejects(client.query("impatient", { timeoutMs: 200 }))).code, "TIMEOUT");
  gate.open();
  const byHand = await receiveTurnOrRest(client);
  assert.equal(textsOf(byHand), ["let go"]);
  assert.is(answerOf(byHand), "let go");
  await assertUndisturbed(client, "the next one");
});

/** Does not wait in vain for a result that was lost. */
async function receiveTurnOrRest(client: AsyncClient): Promise<ClaudeOutput[]> {
  const messages: ClaudeOutput[] = [];
  for (;;) {
    const message = await client.receive({ timeoutMs: 1_500 }).catch(() => undefined);
    if (message === undefined) return messages;
    messages.push(message);
    if (isResult(message)) return messages;
  }
}

steering("an urgent one cuts the turn short and is answered after it", async () => {
  await using cli = await startRealCli([{ when: "talk for ever", reply: endlessText() }, ECHO]);
  const client = await cli.open({ launch: (builder) => builder.includePartialMessages() });
  const stream = await client.queryStream("talk for ever");
  let sent = false;
  for await (const message of stream) {
    // Before its first word the CLI would merge the two prompts.
    if (sent || piecesOf([message]).length === 0) continue;
    sent = true;
    await client.send(userMessage("urgent", { priority: "now" }));
  }
  assert.is((await stream.result()).terminal_reason, "aborted_streaming");
  await assertUndisturbed(client, "the next query");
  const received = await receiveRest(client);
  assert.equal(textsOf(received), ["echo: urgent"]);
  assert.is(received.filter(isResult).length, 1);
});

steering("leaving a stream does not drop the message sent meanwhile", async () => {
  await using cli = await startRealCli([{ when: "talk for ever", reply: endlessText() }, ECHO]);
  const client = await cli.open();
  const stream = await client.queryStream("talk for ever");
  await cli.model.waitForRequest(1);
  await client.send(userMessage("by hand"));
  await stream.return();
  await assertUndisturbed(client, "the next query");
  const received = await receiveRest(client);
  assert.equal(textsOf(received), ["echo: by hand"]);
  assert.is(answerOf(received), "echo: by hand");
});

steering("a query whose prompt is merged with messages by hand ends with their common result", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const prompts = ["by hand 1", "by hand 2", "by hand 3"];
  for (const prompt of prompts) await client.send(userMessage(prompt));
  assert.match(answerOf(await client.query("the query")) ?? "", /the query$/);
  await assertUndisturbed(client, "the next query");
  // However the CLI has cut them into turns, each was asked once.
  const asked = cli.model.mainRequests.map(promptOf).join("\n").split("\n");
  assert.equal(asked, [...prompts, "the query", "the next query"]);
});

steering("a query whose prompt the CLI drops ends with an error", async () => {
  await using cli = await startRealCli([{ when: "say nothing", reply: hang() }, ECHO]);
  const client = await cli.open();
  await client.send(userMessage("say nothing"));
  await cli.model.waitForRequest(1);
  const dropped = rejects(client.query("never asked"));
  await client.isResponsive();
  const request = { subtype: "interrupt", cancel_queued: true };
  await client.send({ type: "control_request", request_id: "by-hand", request });
  assert.is((await dropped).code, "INVALID_STATE");
  await assertUndisturbed(client, "the next query");
  assert.equal((await receiveRest(client)).filter(isResult).length, 1);
});

steering("a turn that the CLI starts when a background task ends is not the next query's", async () => {
  const reports = (request: ModelRequest) =>
    JSON.stringify(request.body.messages.at(-1)).includes("task-notification");
  await using cli = await startRealCli([
    { when: reports, reply: "the task has ended" },
    { when: "begin", reply: [bash(UNTIL_TOLD, { run_in_background: true }), "begun"] },
    ECHO,
  ]);
  const client = await cli.open(allowBash);
  assert.is(answerOf(await client.query("begin")), "begun");
  writeFileSync(join(cli.offline.cwd, "go"), "");
  await cli.model.waitForRequest(reports, { timeoutMs: PATIENCE_MS });
  const frames = client.stats().framesReceived;
  await until("the CLI's own turn", () => client.stats().framesReceived > frames);
  const messages = await client.query("the next query");
  assert.equal(textsOf(messages), ["echo: the next query"]);
  assert.is(answerOf(messages), "echo: the next query");
  assert.equal(textsOf(await receiveRest(client)), ["the task has ended"]);
});

steering("leaves no process behind", assertNothingLeft);

steering.run();
