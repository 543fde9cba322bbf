import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  AsyncClient,
  type ClientOptions,
  type ConnectionClosedError,
  type LaunchSpec,
} from "../../../src/index.js";
import {
  type CliScript,
  closeStdout,
  crashMidFrame,
  emit,
  flood,
  ignoreEof,
  ignoreSigterm,
  init,
  onUser,
  scriptedCli,
  spawnGrandchild,
  stderr,
  turn,
  writeInChunks,
} from "../../../src/testing/index.js";
import {
  assertEnds,
  assertNothingRuns,
  failure,
  inTime,
  isRunning,
  marked,
  nodeProgram,
  PATIENCE_MS,
  receive,
  receiveToEnd,
  until,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

function start(spec: LaunchSpec): ChildProcess {
  const { command, args, env } = marked(spec);
  return spawn(command, [...args], { env: { ...env }, stdio: "pipe" });
}

/** A client of a child that this process has spawned itself. */
function attach(script: CliScript, options: ClientOptions = {}): Promise<AsyncClient> {
  return AsyncClient.attach(start(scriptedCli(script)), options);
}

const attached = suite("a child that the caller has spawned");

attached("may cut its output anywhere", async () => {
  const messages = ["größe", "日本語", "🚀"].map((text) => ({ type: "x", text }));
  await using client = await attach([writeInChunks(1), ...messages.map((message) => emit(message))]);
  assert.equal(await receive(client, messages.length), messages);
});

attached("may die in the middle of a frame", async () => {
  await using client = await attach([
    emit({ type: "a" }),
    stderr("it hurts"),
    crashMidFrame({ exitCode: 7 }),
  ]);
  const { entries, end } = await receiveToEnd(client);
  assert.equal(entries, [{ type: "a" }, "DESERIALIZATION"]);
  const { exitCode, signal, stderrTail } = end as ConnectionClosedError;
  assert.equal([exitCode, signal, stderrTail], [7, null, "it hurts"]);
});

attached("may close its stdout and live on: it is ended, and what waits is told why", async () => {
  const script = [ignoreEof(), stderr("farewell"), onUser(turn("said before"), closeStdout())];
  await using client = await attach(script, { shutdown: { graceMs: 200, termMs: 1_000 } });
  assert.is((await client.query("first")).length, 3);
  const error = await failure<ConnectionClosedError>("query()", client.query("second"));
  assert.equal([error.code, error.signal, error.exitCode], ["CONNECTION_CLOSED", null, 143]);
  assert.match(error.message, "because it had closed its stdout and ran on");
  assert.is(error.stderrTail, "farewell");
});

attached("may be killed while something waits", async () => {
  await using client = await attach([emit({ type: "ready" }), onUser(init())]);
  await client.receive(PATIENCE);
  const waits = [client.query("x"), client.query("y")].map((wait) =>
    failure<ConnectionClosedError>("query()", wait),
  );
  await sleep(100);
  process.kill(client.pid() ?? 0, "SIGKILL");
  for (const error of await Promise.all(waits)) {
    assert.equal([error.code, error.signal], ["CONNECTION_CLOSED", "SIGKILL"]);
  }
});

attached("is stopped while a consumer sleeps, and loses nothing", async () => {
  const count = 50_000;
  const highWaterMark = 1024 * 1024;
  await using client = await attach([flood({ count, bytes: 1_000 }), emit({ type: "end" })], {
    highWaterMark,
  });
  await until("the pause", () => client.stats().paused);
  await sleep(200);
  const { bytesUnread } = client.stats();
  // The pause has to travel to this thread, which reads on until it arrives.
  assert.ok(bytesUnread < highWaterMark + 8 * 1024 * 1024, `${bytesUnread} bytes unread`);
  const entries = await receive(client, count + 1);
  assert.equal(entries.at(-1), { type: "end" });
});

attached("is ended by the close ladder, with its tree", async () => {
  const client = await attach([ignoreEof(), ignoreSigterm(), spawnGrandchild({ ignoreSigterm: true })]);
  const [family] = await receive(client, 1);
  assert.ok(typeof family === "object");
  const ended = await inTime("shutdown()", client.shutdown({ graceMs: 100, termMs: 100 }));
  assert.equal(ended, { exitCode: null, signal: "SIGKILL" });
  await assertEnds("the grandchild", Number(family.pid));
});

attached("may be attached in the moment of its end: what it wrote is delivered", async () => {
  const child = start(nodeProgram(`console.log('{"type":"last"}'); process.exitCode = 4;`));
  // A turn of the loop later Node itself would have thrown away what nobody had asked for.
  const opened = new Promise<AsyncClient>((resolve) => {
    child.once("exit", () => resolve(AsyncClient.attach(child)));
  });
  await using client = await inTime("attach()", opened);
  const { entries, end } = await receiveToEnd(client);
  assert.equal([entries, (end as ConnectionClosedError).exitCode], [[{ type: "last" }], 4]);
});

attached("may leave its stdout to another process: its end is told in time", async () => {
  const child = start(
    nodeProgram(`
      const { spawn } = require("node:child_process");
      const stdio = ["ignore", "inherit", "inherit"];
      const heir = spawn(process.execPath, ["-e", "setTimeout(() => {}, 15000)"], { detached: true, stdio });
      process.stdout.write(JSON.stringify({ type: "heir", pid: heir.pid }) + "\\n", () => process.exit(6));
    `),
  );
  const client = await AsyncClient.attach(child);
  const [heir] = await receive(client, 1);
  assert.ok(typeof heir === "object");
  try {
    const outcome = await Promise.race([client.exited, sleep(4_000, "still thought alive")]);
    assert.equal(outcome, { exitCode: 6, signal: null });
  } finally {
    if (isRunning(Number(heir.pid))) process.kill(Number(heir.pid), "SIGKILL");
    await inTime("shutdown()", client.shutdown());
  }
});

attached("must have pipes", async () => {
  const child = spawn(process.execPath, ["-e", "0"], { stdio: ["ignore", "pipe", "pipe"] });
  const error = await failure("attach()", AsyncClient.attach(child));
  assert.is(error.code, "INVALID_ARGUMENT");
});

attached.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
