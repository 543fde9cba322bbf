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
  FRAMES_PER_TURN,
  kindsOf,
  resultOf,
} from "./turns.js";

const shutdown = suite("the end of a client on the real CLI");

const SCRIPT = [
  { when: "talk for ever", reply: endlessText() },
  { when: "work for ever", reply: [bash(ENDLESS_COMMAND), "never said"] },
  { when: "work aside", reply: [bash(ENDLESS_COMMAND, { run_in_background: true }), "begun"] },
  { when: "say nothing", reply: hang() },
  ECHO,
];

async function open(cli: RealCli): Promise<AsyncClient> {
  return cli.open({ launch: (builder) => builder.allowedTools("Bash") });
}

/** Everything that can be asked of a client must say that it is over. */
async function assertOver(client: AsyncClient): Promise<void> {
  assert.is(client.isAlive(), false);
  assert.is(client.pid(), undefined);
  const calls = [
    client.query("too late"),
    client.queryStream("too late"),
    client.ping(),
    client.interrupt(),
    client.receive(),
    client.receiveRaw(),
    client.send({ type: "keep_alive" }),
    client.sendControlResponse({ subtype: "success", request_id: "x", response: {} }),
  ];
  for (const call of calls) assert.is((await rejects(call)).code, "CONNECTION_CLOSED");
}

shutdown("before anything was asked", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  assert.is(client.isAlive(), true);
  assert.ok(isAlive(client.pid() ?? 0));
  // A CLI that is still booting, on a busy machine, may need longer to see the end of its input than it is given.
  assert.equal(await client.shutdown({ graceMs: 30_000 }), { exitCode: 0, signal: null });
  assert.equal(startedProcesses(), []);
  await assertOver(client);
});

shutdown("idle: exit code 0, no process left, and `exited` says the same", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  await assertUndisturbed(client, "hello");
  const pid = client.pid() ?? 0;
  assert.equal(await client.shutdown(), { exitCode: 0, signal: null });
  assert.not(isAlive(pid));
  assert.equal(startedProcesses(), []);
  assert.equal(await client.exited, { exitCode: 0, signal: null });
  await assertOver(client);
});

shutdown("called twice, and at the same time, gives the same end", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  await assertUndisturbed(client, "hello");
  const ends = await Promise.all([client.shutdown(), client.shutdown({ graceMs: 0 })]);
  assert.equal([...ends, await client.shutdown()], Array(3).fill({ exitCode: 0, signal: null }));
});

shutdown("in the middle of a tool call: neither the CLI nor the tool is left", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const turn = rejects(client.query("work for ever"));
  const tool = await processRunning(ENDLESS_COMMAND);
  const cliPid = client.pid() ?? 0;
  const end = await client.shutdown({ graceMs: 200 });
  assert.not(isAlive(tool.pid), "the tool is gone when shutdown() settles");
  assert.not(isAlive(cliPid));
  assert.equal(startedProcesses(), []);
  // The CLI takes the SIGTERM itself, and tells of it by its exit code.
  assert.equal(end, { exitCode: 143, signal: null });
  const error = (await turn) as Error & { code: string; exitCode: number };
  assert.is(error.code, "CONNECTION_CLOSED");
  assert.is(error.exitCode, 143);
  await assertOver(client);
});

shutdown("with a task in the background: that is ended too", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  await client.query("work aside");
  const tool = await processRunning(ENDLESS_COMMAND);
  await client.shutdown({ graceMs: 200 });
  assert.not(isAlive(tool.pid));
  assert.equal(startedProcesses(), []);
});

shutdown("while an answer streams: the stream ends with the error", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const stream = await client.queryStream("talk for ever");
  await stream.next();
  const reading = rejects(stream.collect());
  await client.shutdown({ graceMs: 200 });
  assert.is((await reading).code, "CONNECTION_CLOSED");
  assert.equal(startedProcesses(), []);
});

shutdown("with queries waiting in line: all of them end", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const queries = ["say nothing", "second", "third"].map((prompt) => rejects(client.query(prompt)));
  const receiving = rejects(client.receive());
  await cli.model.waitForRequest(1);
  await client.shutdown({ graceMs: 200 });
  for (const query of [...queries, receiving]) assert.is((await query).code, "CONNECTION_CLOSED");
});

shutdown("after an interrupted turn the CLI's exit code is 1, and no crash", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const turn = client.query("say nothing");
  await cli.model.waitForRequest(1);
  await client.interrupt();
  assert.is(resultOf(await turn).subtype, "error_during_execution");
  assert.equal(await client.shutdown(), { exitCode: 1, signal: null });
});

shutdown("Symbol.asyncDispose is shutdown()", async () => {
  await using cli = await startRealCli(SCRIPT);
  let client: AsyncClient;
  {
    await using disposed = await open(cli);
    client = disposed;
    await assertUndisturbed(client, "hello");
  }
  assert.equal(await client.exited, { exitCode: 0, signal: null });
  assert.equal(startedProcesses(), []);
  await client[Symbol.asyncDispose]();
});

shutdown("the client's own signal ends it", async () => {
  await using cli = await startRealCli(SCRIPT);
  const abort = new AbortController();
  const client = await cli.open({ signal: abort.signal, shutdown: { graceMs: 200 } });
  const turn = rejects(client.query("say nothing"));
  await cli.model.waitForRequest(1);
  abort.abort();
  assert.is((await turn).code, "CONNECTION_CLOSED");
  await client.exited;
  assert.is(client.isAlive(), false);
  assert.equal(startedProcesses(), []);
});

shutdown("a child that somebody else ends: whoever waits is told how", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const turn = rejects(client.query("say nothing"));
  await cli.model.waitForRequest(1);
  process.kill(client.pid() ?? 0, "SIGKILL");
  const error = (await turn) as Error & { code: string; exitCode: null; signal: string };
  assert.equal([error.code, error.exitCode, error.signal], ["CONNECTION_CLOSED", null, "SIGKILL"]);
  assert.match(error.message, "SIGKILL");
  assert.equal(await client.exited, { exitCode: null, signal: "SIGKILL" });
  assert.equal(await client.shutdown(), { exitCode: null, signal: "SIGKILL" });
  await assertOver(client);
});

shutdown("messages that came before the end can still be read after it", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const stream = await client.queryStream("hello");
  await until("the whole turn", () => client.stats().framesReceived >= FRAMES_PER_TURN);
  process.kill(client.pid() ?? 0, "SIGTERM");
  assert.equal(await client.exited, { exitCode: 143, signal: null });
  assert.equal(kindsOf(await stream.collect()), ["system/init", "assistant", "result/success"]);
  assert.is((await rejects(client.receive())).code, "CONNECTION_CLOSED");
});

shutdown("leaves no process behind", assertNothingLeft);

shutdown.run();
