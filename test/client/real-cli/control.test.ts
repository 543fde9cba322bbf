import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { TESTED_CLI_VERSION } from "../../../src/launch/index.js";
import { userMessage } from "../../../src/protocol/index.js";
import { assertNothingLeft, startRealCli } from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import {
  answerOf,
  assertUndisturbed,
  ECHO,
  FRAMES_PER_TURN,
  Gate,
  receiveRest,
  receiveTurn,
  textsOf,
} from "./turns.js";

const control = suite("enableToolApproval(), isResponsive() and stats() on the real CLI");

/** Keeps the child from running meanwhile. */
async function whileStopped<T>(client: AsyncClient, run: () => Promise<T>): Promise<T> {
  const pid = client.pid() ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    return await run();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

control("enableToolApproval() gives what the CLI tells of itself, once", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  assert.is(client.isToolApprovalEnabled(), false);
  const payload = await client.enableToolApproval();
  assert.is(client.isToolApprovalEnabled(), true);
  const again = await Promise.all([client.enableToolApproval(), client.enableToolApproval()]);
  assert.ok(again.every((same) => same === payload));
  const { commands, models, agents, account } = payload as Record<
    string,
    { name?: string; value?: string }[]
  >;
  assert.ok(commands?.some(({ name }) => name === "compact"));
  assert.ok(models?.some(({ value }) => value === "sonnet"));
  assert.ok(agents?.some(({ name }) => name === "general-purpose"));
  assert.match(JSON.stringify(account), "ANTHROPIC_API_KEY");
  assert.is(payload.claude_code_version, TESTED_CLI_VERSION);
  assert.equal(cli.model.requests, [], "no model was asked");
});

control("enableToolApproval() may be called by several at once", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  for (const payload of await Promise.all([client.enableToolApproval(), client.enableToolApproval()])) {
    assert.ok(Object.hasOwn(payload, "commands"));
  }
  await assertUndisturbed(client, "hello");
  assert.equal(await receiveRest(client), []);
});

control("enableToolApproval() swallows no message that arrives meanwhile", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.holds("let go") }, ECHO]);
  const client = await cli.open();
  await client.send(userMessage("held"));
  await cli.model.waitForRequest(1);
  const enabling = client.enableToolApproval();
  gate.open();
  await enabling;
  const messages = await receiveTurn(client);
  assert.is(answerOf(messages), "let go");
  assert.equal(textsOf(messages), ["let go"]);
});

control("enableToolApproval() in the middle of a stream", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.holds("let go") }, ECHO]);
  const client = await cli.open();
  const stream = await client.queryStream("held");
  await cli.model.waitForRequest(1);
  assert.ok(Object.hasOwn(await client.enableToolApproval(), "commands"));
  gate.open();
  assert.is(await stream.text(), "let go");
});

control("enableToolApproval() has a deadline, and can be tried again after it", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const failed = await whileStopped(client, () => rejects(client.enableToolApproval({ timeoutMs: 200 })));
  assert.is(failed.code, "TIMEOUT");
  assert.is(client.isToolApprovalEnabled(), false);
  const aborted = await rejects(client.enableToolApproval({ signal: AbortSignal.abort() }));
  assert.is(aborted.code, "ABORTED");
  assert.ok(Object.hasOwn(await client.enableToolApproval(), "commands"));
  assert.is(client.isToolApprovalEnabled(), true);
});

control("requestTimeoutMs is the deadline where a call names none", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open({ requestTimeoutMs: 200 });
  const failed = await whileStopped(client, () => rejects(client.enableToolApproval()));
  assert.is(failed.code, "TIMEOUT");
});

control("the late answer to a request that timed out is nobody's message", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  await assertUndisturbed(client, "before");
  await whileStopped(client, () => rejects(client.interrupt({ timeoutMs: 200 })));
  await assertUndisturbed(client, "after");
  assert.equal(await receiveRest(client), []);
});

control("isResponsive() costs no turn, also while one runs", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.holds("let go") }, ECHO]);
  const client = await cli.open();
  assert.is(await client.isResponsive(), true);
  assert.equal(cli.model.requests, []);
  const turn = client.query("held");
  await cli.model.waitForRequest(1);
  assert.is(await client.isResponsive(), true);
  gate.open();
  assert.is(answerOf(await turn), "let go");
  assert.is(cli.model.requests.length, 1);
});

control("isResponsive() is false when the CLI does not answer, or is gone", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  assert.is(await whileStopped(client, () => client.isResponsive({ timeoutMs: 200 })), false);
  assert.is(await client.isResponsive(), true);
  const { code } = await rejects(client.isResponsive({ signal: AbortSignal.abort() }));
  assert.is(code, "ABORTED");
  await client.shutdown();
  assert.is(await client.isResponsive(), false);
});

control("stats() counts", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open({ highWaterMark: 1_000_000 });
  const before = client.stats();
  await client.query("hello");
  const after = client.stats();
  assert.ok(after.framesReceived >= FRAMES_PER_TURN - 1 && after.bytesReceived > 1_000);
  assert.ok(after.bytesReceived > before.bytesReceived);
  // What the CLI reports after the result is read with the next turn.
  assert.ok(after.bytesUnread < 8_192, `${after.bytesUnread} bytes unread`);
  assert.equal(
    [after.malformedFrames, after.oversizedFrames, after.pauses, after.paused, after.highWaterMark],
    [0, 0, 0, false, 1_000_000],
  );
});

control("leaves no process behind", assertNothingLeft);

control.run();
