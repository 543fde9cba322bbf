import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../src/index.js";
import {
  type CliScript,
  emit,
  ignoreEof,
  ignoreSigterm,
  init,
  onControl,
  onUser,
  spawnGrandchild,
  stopReadingStdin,
} from "../../src/testing/index.js";
import { exhaust, fragilePool } from "../support/fragile-pool.js";
import {
  assertEnds,
  assertNothingRuns,
  failure,
  failureCode,
  inTime,
  isRunning,
  open,
  PATIENCE_MS,
  receive,
  until,
  user,
} from "../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

const crash = suite("a thread that runs out of memory");

crash("takes its own sessions with it and no others, and the pool goes on", async () => {
  const { pool, bomb } = await fragilePool([], { threads: 2, sessionsPerThread: 2 });
  const others: AsyncClient[] = [];
  for (let count = 0; count < 3; count++) others.push(await open([], { pool }));
  assert.is(pool.stats().threads, 2);
  const pids = new Map([bomb, ...others].map((client) => [client, client.pid() ?? 0]));
  await exhaust(bomb);
  const error = await failure("receive()", bomb.receive());
  assert.is(error.code, "WORKER_CRASHED");
  assert.match(error.message, "memory");

  // Two sessions of two shared the thread.
  await until("the end of the other session", () => others.some((client) => !client.isAlive()));
  const [lost, ...more] = others.filter((client) => !client.isAlive());
  assert.equal(more, []);
  for (const client of [bomb, lost]) {
    if (client === undefined) continue;
    assert.is(await failureCode("receive()", client.receive()), "WORKER_CRASHED");
    assert.equal(await client.exited, { exitCode: null, signal: null });
    assert.equal([client.isAlive(), client.pid()], [false, undefined]);
    await assertEnds("its child", pids.get(client) ?? 0);
  }
  for (const client of others.filter((other) => other !== lost)) {
    assert.is((await client.query("still there", PATIENCE)).length, 3);
  }
  assert.is(pool.stats().openSessions, 2);
  await using next = await open([], { pool });
  assert.is((await next.query("x", PATIENCE)).length, 3);
  await inTime("close()", pool.close());
});

interface Waiting {
  readonly script?: CliScript;
  ask(client: AsyncClient): Promise<unknown>;
}

const WAITING: Readonly<Record<string, Waiting>> = {
  "query()": { script: [onUser(init())], ask: (client) => client.query("x") },
  "queryStream()": {
    script: [onUser(init())],
    ask: async (client) => (await client.queryStream("x")).collect(),
  },
  "ping()": { script: [onUser(init())], ask: (client) => client.ping() },
  "receive()": { ask: (client) => client.receive() },
  "receiveRaw()": { ask: (client) => client.receiveRaw() },
  "interrupt()": { script: [onControl("interrupt", "ignore")], ask: (client) => client.interrupt() },
  "enableToolApproval()": {
    script: [onControl("initialize", "ignore")],
    ask: (client) => client.enableToolApproval(),
  },
  "send()": { script: [stopReadingStdin()], ask: (client) => client.send(user("x".repeat(4_000_000))) },
};

crash("fails everything that waits, and everything asked later", async () => {
  const { pool, bomb } = await fragilePool([], { threads: 1 });
  const asked = await Promise.all(
    Object.entries(WAITING).map(async ([name, { script = [], ask }]) => {
      const client = await open(script, { pool });
      const outcome = failureCode(name, ask(client));
      return { name, client, outcome, ask };
    }),
  );
  await exhaust(bomb);
  for (const { name, client, outcome, ask } of asked) {
    assert.is(await outcome, "WORKER_CRASHED", name);
    assert.is(await failureCode(name, ask(client)), "WORKER_CRASHED", `${name} afterwards`);
    assert.equal(await inTime("shutdown()", client.shutdown()), { exitCode: null, signal: null });
  }
  assert.equal(pool.stats(), { threads: 0, openSessions: 0, waitingSessions: 0 });
  await pool.close();
});

crash("ends children that ignore SIGTERM, with what runs below them", async () => {
  const stubborn = [ignoreEof(), ignoreSigterm(), spawnGrandchild({ ignoreSigterm: true })];
  const { pool, bomb } = await fragilePool(
    stubborn,
    { threads: 1 },
    { shutdown: { graceMs: 200, termMs: 200 } },
  );
  const pids = await familyOf(bomb);
  await exhaust(bomb);
  assert.is(await failureCode("receive()", bomb.receive()), "WORKER_CRASHED");
  for (const pid of pids) await assertEnds("the tree", pid);
  await pool.close();
});

/** The pids of a child and of the grandchild that it reports in its first frame. */
async function familyOf(client: AsyncClient): Promise<number[]> {
  const [message] = await receive(client, 1);
  assert.ok(typeof message === "object");
  const pids = [client.pid() ?? 0, Number(message.pid)];
  assert.ok(pids.every(isRunning));
  return pids;
}

crash("delivers what was decoded before", async () => {
  const script = [emit({ type: "before", at: 0 }), emit({ type: "before", at: 1 })];
  const { pool, bomb } = await fragilePool(script, { threads: 1 });
  await exhaust(bomb);
  await inTime("exited", bomb.exited);
  assert.equal(await receive(bomb, 2), [
    { type: "before", at: 0 },
    { type: "before", at: 1 },
  ]);
  assert.is(await failureCode("receive()", bomb.receive()), "WORKER_CRASHED");
  await pool.close();
});

crash.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
