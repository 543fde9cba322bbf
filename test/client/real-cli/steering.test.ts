import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { type ClaudeOutput, isResult, userMessage } from "../../../src/protocol/index.js";
import { type ModelRequest, promptOf } from "../../../src/testing/index.js";
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
  Gate,
  kindsOf,
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

steering("one sent while an answer streams is a turn of its own: receive() has it, not the next query", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.then("let go") }, ECHO]);
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
  assert.equal(received.filter(isResult).map(({ user_message_uuids }) => user_message_uuids), [[uuid]]);
});

steering("a query behind a message by hand gets its own turn, receive() the other", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.then("let go") }, ECHO]);
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
  await using cli = await startRealCli([{ when: "held", reply: gate.then("let go") }, ECHO]);
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
