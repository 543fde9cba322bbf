import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient, ConnectionClosedError, ExitStatus, ShutdownOptions } from "../../../src/index.js";
import {
  type CliScript,
  closeStdout,
  emit,
  exit,
  flood,
  ignoreEof,
  ignoreSigterm,
  init,
  onUser,
  sleep as pause,
  spawnGrandchild,
  turn,
} from "../../../src/testing/index.js";
import {
  assertEnds,
  assertNothingRuns,
  failure,
  failureCode,
  inTime,
  isRunning,
  open,
  PATIENCE_MS,
  readPast,
  receive,
  until,
  user,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

const ladder = suite("the close ladder");

/** Ends the client; tells how the child ended, and how long that took. */
async function end(client: AsyncClient, options: ShutdownOptions): Promise<ExitStatus & { tookMs: number }> {
  const began = performance.now();
  const status = await inTime("shutdown()", client.shutdown(options));
  return { ...status, tookMs: performance.now() - began };
}

/** A client whose child has come to the end of its script. */
async function ready(script: CliScript): Promise<AsyncClient> {
  const client = await open([...script, emit({ type: "ready" })]);
  await readPast(client, "ready");
  return client;
}

ladder("begins with the end of stdin", async () => {
  const client = await ready([]);
  const { exitCode, signal, tookMs } = await end(client, { graceMs: PATIENCE_MS, termMs: PATIENCE_MS });
  assert.equal([exitCode, signal], [0, null]);
  assert.ok(tookMs < PATIENCE_MS / 2, "an obedient child must not be waited for");
  assert.not.ok(client.isAlive());
});

ladder("goes on with SIGTERM", async () => {
  const client = await ready([ignoreEof()]);
  const { exitCode, signal, tookMs } = await end(client, { graceMs: 100, termMs: PATIENCE_MS });
  assert.equal([exitCode, signal], [143, null]);
  assert.ok(tookMs >= 90 && tookMs < PATIENCE_MS / 2, `took ${tookMs} ms`);
});

ladder("ends with SIGKILL", async () => {
  const client = await ready([ignoreEof(), ignoreSigterm()]);
  const pid = client.pid() ?? 0;
  const [graceMs, termMs] = [300, 300];
  const { exitCode, signal, tookMs } = await end(client, { graceMs, termMs });
  assert.equal([exitCode, signal], [null, "SIGKILL"]);
  assert.not.ok(isRunning(pid));
  assert.ok(tookMs >= graceMs + termMs - 20, `took ${tookMs} ms`);
  assert.ok(tookMs < 5 * (graceMs + termMs), `took ${tookMs} ms`);
});

ladder("kills at once with both waits 0", async () => {
  const client = await ready([ignoreEof(), ignoreSigterm()]);
  assert.is((await end(client, { graceMs: 0, termMs: 0 })).signal, "SIGKILL");
});

ladder("takes the waits of the client's options where a call names none", async () => {
  const client = await open([ignoreEof(), ignoreSigterm(), emit({ type: "ready" })], {
    shutdown: { graceMs: 50, termMs: 50 },
  });
  await client.receive(PATIENCE);
  assert.is((await inTime("shutdown()", client.shutdown())).signal, "SIGKILL");
});

ladder("lets a running turn come to its end within the grace", async () => {
  const client = await open([onUser([init(), pause(300), turn("done"), exit(8)])]);
  await client.send(user("x"));
  await client.receive(PATIENCE);
  assert.equal(await client.shutdown({ graceMs: PATIENCE_MS }), { exitCode: 8, signal: null });
});

ladder("reaches a child that nobody reads, and whose output is paused", async () => {
  const client = await open([flood({ count: 100_000, bytes: 2_000 })], { highWaterMark: 1_000_000 });
  await until("the pause", () => client.stats().paused);
  assert.equal(await client.shutdown({ graceMs: PATIENCE_MS }), { exitCode: 0, signal: null });
});

ladder("reaches a child that has closed its stdout", async () => {
  const client = await open([closeStdout()]);
  await sleep(200);
  assert.is(await failureCode("receive()", client.receive({ timeoutMs: 100 })), "TIMEOUT");
  assert.ok(client.isAlive());
  await client.send(user("still read"));
  assert.is((await end(client, { graceMs: PATIENCE_MS })).exitCode, 0);
});

ladder("begins by itself when a child closes its stdout and lives on", async () => {
  const said = turn("said before");
  for (const ending of [[], [ignoreEof(), ignoreSigterm()]]) {
    const client = await open([...ending, onUser(said, closeStdout())], {
      shutdown: { graceMs: 300, termMs: 300 },
    });
    await client.query("first");
    const error = await failure<ConnectionClosedError>("query()", client.query("second"));
    assert.is(error.code, "CONNECTION_CLOSED");
    assert.is(error.signal, ending.length === 0 ? null : "SIGKILL");
    assert.match(error.message, "because it had closed its stdout and ran on");
    assert.not.ok(client.isAlive());
  }
});

ladder("leaves one alone that closes its stdout and ends within a moment", async () => {
  const client = await open([onUser([closeStdout(), pause(700), exit(5)])], {
    shutdown: { graceMs: 0, termMs: 0 },
  });
  const error = await failure<ConnectionClosedError>("query()", client.query("first"));
  assert.equal([error.code, error.exitCode, error.signal], ["CONNECTION_CLOSED", 5, null]);
  assert.match(error.message, /exited with code 5; nothing/);
});

ladder.run();

const tree = suite("the process tree below the child");

/** Starts a child with these below it, and gives their pids. */
async function family(script: CliScript, below: number): Promise<{ client: AsyncClient; pids: number[] }> {
  const client = await open(script);
  const pids: number[] = [];
  for (const entry of await receive(client, below))
    if (typeof entry === "object") pids.push(Number(entry.pid));
  assert.ok(pids.every(isRunning));
  return { client, pids };
}

tree("ends with an obedient child", async () => {
  const { client, pids } = await family([spawnGrandchild(), spawnGrandchild()], 2);
  assert.is((await client.shutdown({ graceMs: 1_000, termMs: 1_000 })).exitCode, 0);
  for (const pid of pids) await assertEnds("a grandchild", pid);
});

tree("is killed where it ignores SIGTERM, in whatever process group it runs", async () => {
  const { client, pids } = await family(
    [
      ignoreEof(),
      ignoreSigterm(),
      spawnGrandchild({ ignoreSigterm: true }),
      spawnGrandchild({ ignoreSigterm: true }),
    ],
    2,
  );
  assert.is((await client.shutdown({ graceMs: 200, termMs: 200 })).signal, "SIGKILL");
  for (const pid of pids) await assertEnds("a grandchild", pid);
});

tree("is killed where the child itself went obediently", async () => {
  const { client, pids } = await family([spawnGrandchild({ ignoreSigterm: true })], 1);
  assert.equal(await client.shutdown({ graceMs: 1_000, termMs: 200 }), { exitCode: 0, signal: null });
  for (const pid of pids) await assertEnds("a grandchild", pid);
});

tree.run();

const again = suite("a client that is shut down");

again("twice, and at the same time, ends once", async () => {
  const client = await ready([]);
  const [first, second, third] = await Promise.all([client.shutdown(), client.shutdown(), client.exited]);
  assert.equal(first, { exitCode: 0, signal: null });
  assert.equal([second, third, await client.shutdown(), await client.exited], [first, first, first, first]);
  await client[Symbol.asyncDispose]();
});

again("after its child has ended by itself tells that end", async () => {
  const client = await open([exit(5)]);
  await inTime("exited", client.exited);
  assert.equal(await client.shutdown(), { exitCode: 5, signal: null });
});

again("refuses everything with CONNECTION_CLOSED", async () => {
  const client = await ready([]);
  await client.query("x", PATIENCE);
  const session = client.sessionUuid();
  await client.shutdown();
  const calls: Readonly<Record<string, () => Promise<unknown>>> = {
    "query()": () => client.query("x"),
    "queryWithSession()": () => client.queryWithSession("x", session),
    "queryStream()": () => client.queryStream("x"),
    "ping()": () => client.ping(),
    "send()": () => client.send(user("x")),
    "receive()": () => client.receive(),
    "receiveRaw()": () => client.receiveRaw(),
    "interrupt()": () => client.interrupt(),
    "enableToolApproval()": () => client.enableToolApproval(),
    "sendControlResponse()": () =>
      client.sendControlResponse({ subtype: "success", request_id: "r", response: {} }),
  };
  for (const [name, call] of Object.entries(calls)) {
    assert.is(await failureCode(name, call()), "CONNECTION_CLOSED", name);
    assert.is(await failureCode(name, call()), "CONNECTION_CLOSED", `${name} for the second time`);
  }
  assert.is(await client.isResponsive(), false);
  assert.is(client.sessionUuid(), session);
  assert.equal([client.isAlive(), client.pid()], [false, undefined]);
  assert.ok(client.stats().framesReceived > 0);
});

again("ends whatever still waited", async () => {
  const client = await open([onUser(init())]);
  const waits = [client.query("x"), client.query("y"), client.enableToolApproval()];
  const codes = Promise.all(
    waits.map((wait) =>
      wait.then(
        () => "fulfilled",
        (error) => error.code,
      ),
    ),
  );
  await sleep(150);
  await client.shutdown();
  const [first, second] = await inTime("the queries", codes);
  assert.equal([first, second], ["CONNECTION_CLOSED", "CONNECTION_CLOSED"]);
});

again("for impossible times refuses them and lives on", async () => {
  await using client = await ready([]);
  for (const options of [{ graceMs: -1 }, { termMs: Number.NaN }, { graceMs: 2 ** 31 }]) {
    assert.is(await failureCode("shutdown()", client.shutdown(options)), "INVALID_ARGUMENT");
  }
  assert.ok(client.isAlive());
  assert.is((await client.query("x", PATIENCE)).length, 3);
});

again.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
