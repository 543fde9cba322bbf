import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { hang } from "../../../src/testing/index.js";
import {
  assertNothingLeft,
  isAlive,
  processRunning,
  type RealCli,
  startedProcesses,
  startRealCli,
  until,
} from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import {
  assertUndisturbed,
  bash,
  ECHO,
  ENDLESS_COMMAND,
  endlessText,
  kindsOf,
  receiveRest,
  receiveTurn,
  resultOf,
} from "./turns.js";

const interrupt = suite("interrupt() on the real CLI");

const SCRIPT = [
  { when: "talk for ever", reply: endlessText() },
  { when: "work for ever", reply: [bash(ENDLESS_COMMAND), "never said"] },
  { when: "say nothing", reply: hang() },
  ECHO,
];

async function open(cli: RealCli): Promise<AsyncClient> {
  return cli.open({ launch: (builder) => builder.allowedTools("Bash").includePartialMessages() });
}

interrupt("during a tool call ends the tool and the turn, not the session", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const turn = client.query("work for ever");
  const tool = await processRunning(ENDLESS_COMMAND);
  assert.ok(isAlive(tool.pid));
  const receipt = await client.interrupt();
  assert.equal(receipt.still_queued, []);
  const result = resultOf(await turn);
  assert.is(result.subtype, "error_during_execution");
  assert.ok(result.is_error);
  await until("the tool's end", () => !isAlive(tool.pid));
  await until("the end of all below the CLI", () => startedProcesses().length === 1);
  assert.equal(
    startedProcesses().map(({ pid }) => pid),
    [client.pid()],
    "of all that was started, only the CLI is left",
  );
  await assertUndisturbed(client, "the next one");
});

interrupt("while the answer streams ends it there", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const stream = await client.queryStream("talk for ever");
  let pieces = 0;
  for await (const message of stream) {
    if (message.type === "stream_event" && ++pieces === 10) await client.interrupt();
  }
  assert.is((await stream.result()).subtype, "error_during_execution");
  await assertUndisturbed(client, "the next one");
});

interrupt("before the model has said anything", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const turn = client.query("say nothing");
  await cli.model.waitForRequest(1);
  await client.interrupt();
  assert.is(resultOf(await turn).subtype, "error_during_execution");
  await assertUndisturbed(client, "the next one");
});

interrupt("right behind the prompt: the turn ends, or is not begun at all", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  for (let round = 0; round < 4; round++) {
    const turn = client.query("say nothing", { timeoutMs: 6_000 });
    await client.interrupt();
    const outcome = await turn.then(
      (messages): string => resultOf(messages).subtype,
      (error: { code: string }) => error.code,
    );
    assert.ok(["error_during_execution", "INVALID_STATE"].includes(outcome), `${outcome} in round ${round}`);
    await assertUndisturbed(client, `number ${round}`);
  }
});

interrupt("of a turn that was begun by send()", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  await client.send({ type: "user", message: { role: "user", content: "work for ever" } });
  const tool = await processRunning(ENDLESS_COMMAND);
  await client.interrupt();
  assert.is(resultOf(await receiveTurn(client)).subtype, "error_during_execution");
  await until("the tool's end", () => !isAlive(tool.pid));
  await assertUndisturbed(client, "the next one");
});

interrupt("while nothing runs does nothing", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  await client.interrupt();
  await assertUndisturbed(client, "the first one");
  for (let round = 0; round < 5; round++) {
    await client.interrupt();
    await assertUndisturbed(client, `number ${round}`);
  }
});

interrupt("several at once are all answered", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const turn = client.query("say nothing");
  await cli.model.waitForRequest(1);
  const receipts = await Promise.all([client.interrupt(), client.interrupt(), client.interrupt()]);
  for (const receipt of receipts) assert.equal(receipt.still_queued, []);
  assert.equal(
    kindsOf(await turn).filter((kind) => kind.startsWith("result")),
    ["result/error_during_execution"],
  );
  await assertUndisturbed(client, "the next one");
});

interrupt("ends by its own signal and deadline as well", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  assert.is((await rejects(client.interrupt({ signal: AbortSignal.abort() }))).code, "ABORTED");
  const pid = client.pid() ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    assert.is((await rejects(client.interrupt({ timeoutMs: 100 }))).code, "TIMEOUT");
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await receiveRest(client);
  await assertUndisturbed(client, "the next one");
});

interrupt("leaves no process behind", assertNothingLeft);

interrupt.run();
