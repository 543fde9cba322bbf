import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AsyncClient, SessionPool, type TimeoutError } from "../../src/index.js";
import { emit, ignoreEof, ignoreSigterm, init, onUser } from "../../src/testing/index.js";
import {
  assertNothingRuns,
  failure,
  failureCode,
  inTime,
  open,
  PATIENCE_MS,
  until,
} from "../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

async function assertAnswers(client: AsyncClient): Promise<void> {
  assert.is((await client.query("x", PATIENCE)).length, 3);
}

const size = suite("the size of a pool");

size("starts a thread for each session while it may, and then shares them", async () => {
  await using pool = new SessionPool({ threads: 2, sessionsPerThread: 2 });
  assert.equal(pool.stats(), { threads: 0, openSessions: 0, waitingSessions: 0 });
  const clients: AsyncClient[] = [];
  for (const threads of [1, 2, 2, 2]) {
    clients.push(await open([], { pool }));
    assert.equal(pool.stats(), { threads, openSessions: clients.length, waitingSessions: 0 });
  }
  await Promise.all(clients.map(assertAnswers));
  await Promise.all(clients.map((client) => client.shutdown()));
  assert.equal(pool.stats(), { threads: 2, openSessions: 0, waitingSessions: 0 });
});

size("makes further sessions wait until one ends, whatever its end", async () => {
  await using pool = new SessionPool({ threads: 1, sessionsPerThread: 2 });
  const first = await open([], { pool });
  const second = await open([], { pool });
  let opened = 0;
  const waiting = [1, 2].map(async () => {
    const client = await open([], { pool });
    opened += 1;
    return client;
  });
  await sleep(200);
  assert.is(opened, 0);
  await first.shutdown();
  await until("a place", () => opened === 1);
  process.kill(second.pid() ?? 0, "SIGKILL");
  const clients = await inTime("the others", Promise.all(waiting));
  await Promise.all(clients.map(assertAnswers));
});

size("lets any number of sessions through, a few at a time", async () => {
  await using pool = new SessionPool({ threads: 2, sessionsPerThread: 1 });
  let most = 0;
  let running = 0;
  const one = async () => {
    await using client = await open([], { pool });
    running += 1;
    most = Math.max(most, running);
    await assertAnswers(client);
    running -= 1;
  };
  await inTime("all sessions", Promise.all(Array.from({ length: 12 }, one)));
  assert.is(most, 2);
});

size("counts sessions that wait apart from those that are open", async () => {
  await using pool = new SessionPool({ threads: 1, sessionsPerThread: 1 });
  await using client = await open([], { pool });
  const waiting = open([], { pool });
  await sleep(50);
  assert.equal(pool.stats(), { threads: 1, openSessions: 1, waitingSessions: 1 });
  await client.shutdown();
  await using other = await waiting;
  assert.equal(pool.stats(), { threads: 1, openSessions: 1, waitingSessions: 0 });
  await assertAnswers(other);
});

size("is told to whoever has waited for spawnTimeoutMs", async () => {
  await using pool = new SessionPool({ threads: 1, sessionsPerThread: 1 });
  await using client = await open([], { pool });
  const error = await failure<TimeoutError>("spawn()", open([], { pool, spawnTimeoutMs: 150 }));
  assert.equal([error.code, error.timeoutMs], ["TIMEOUT", 150]);
  assert.match(error.message, "threads");
  assert.match(error.message, "sessionsPerThread");
  await assertAnswers(client);
});

size("is not used up by sessions that nobody waits for any more", async () => {
  await using pool = new SessionPool({ threads: 1, sessionsPerThread: 1 });
  const client = await open([], { pool });
  const codes = await Promise.all(
    Array.from({ length: 5 }, () => failureCode("spawn()", open([], { pool, spawnTimeoutMs: 50 }))),
  );
  assert.equal(new Set(codes), new Set(["TIMEOUT"]));
  // Before the place is free: there is nothing left that could take it.
  assert.is(pool.stats().waitingSessions, 0);
  await client.shutdown();
  await using next = await open([], { pool });
  await assertAnswers(next);
});

size("shrinks when its threads are idle", async () => {
  await using pool = new SessionPool({ threads: 2, idleTimeoutMs: 50 });
  const clients = await Promise.all([open([], { pool }), open([], { pool })]);
  await sleep(200);
  assert.is(pool.stats().threads, 2);
  await Promise.all(clients.map((client) => client.shutdown()));
  await until("the end of the threads", () => pool.stats().threads === 0);
  await using again = await open([], { pool });
  await assertAnswers(again);
});

size.run();

const closing = suite("a pool that is closed");

closing("ends all its sessions, and what waits for them", async () => {
  const pool = new SessionPool({ threads: 2 });
  const clients = await Promise.all(Array.from({ length: 6 }, () => open([onUser(init())], { pool })));
  const queries = clients.map((client) => failureCode("query()", client.query("x")));
  await sleep(100);
  await inTime("close()", pool.close());
  assert.equal(new Set(await Promise.all(queries)), new Set(["CONNECTION_CLOSED"]));
  for (const client of clients) assert.not.ok(client.isAlive());
  assert.equal(pool.stats(), { threads: 0, openSessions: 0, waitingSessions: 0 });
});

closing("ends stubborn children too", async () => {
  const pool = new SessionPool({ threads: 1 });
  const script = [ignoreEof(), ignoreSigterm(), emit({ type: "ready" })];
  const client = await open(script, { pool, shutdown: { graceMs: 100, termMs: 100 } });
  await client.receive(PATIENCE);
  await inTime("close()", pool.close());
  assert.equal(await client.exited, { exitCode: null, signal: "SIGKILL" });
});

closing("opens nothing more, and can be closed again", async () => {
  const pool = new SessionPool();
  await Promise.all([pool.close(), pool.close()]);
  assert.is(await failureCode("spawn()", open([], { pool })), "INVALID_STATE");
  await pool[Symbol.asyncDispose]();
});

closing("while sessions open or wait lets none of them live", async () => {
  const pool = new SessionPool({ threads: 1, sessionsPerThread: 2 });
  const opened = Array.from({ length: 5 }, () => open([], { pool }));
  const outcomes = Promise.allSettled(opened);
  await sleep(100);
  await inTime("close()", pool.close());
  for (const outcome of await inTime("spawn()", outcomes)) {
    if (outcome.status === "rejected") continue;
    await inTime("exited", outcome.value.exited);
    assert.not.ok(outcome.value.isAlive());
  }
  assert.equal(pool.stats(), { threads: 0, openSessions: 0, waitingSessions: 0 });
});

closing("leaves other pools alone", async () => {
  const [one, other] = [new SessionPool({ threads: 1 }), new SessionPool({ threads: 1 })];
  const clients = await Promise.all([one, other].map((pool) => open([], { pool })));
  await using shared = await open();
  await one.close();
  assert.equal(
    clients.map((client) => client.isAlive()),
    [false, true],
  );
  await assertAnswers(clients[1] as AsyncClient);
  await assertAnswers(shared);
  await other.close();
});

closing.run();

const sharing = suite("sessions that share a thread");

sharing("do not hear of each other's end", async () => {
  await using pool = new SessionPool({ threads: 1 });
  const clients = await Promise.all(Array.from({ length: 5 }, () => open([], { pool })));
  for (const [index, client] of clients.entries()) {
    if (index % 2 === 0) process.kill(client.pid() ?? 0, "SIGKILL");
    else await client.shutdown();
    for (const other of clients.slice(index + 1)) await assertAnswers(other);
  }
});

sharing("are ended one by one while others fail to start", async () => {
  await using pool = new SessionPool({ threads: 1 });
  await using client = await open([], { pool });
  const args = ["-e", "0", "x".repeat(3_000_000)];
  for (let round = 0; round < 5; round++) {
    const code = await failureCode(
      "spawn()",
      AsyncClient.spawn({ command: process.execPath, args }, { pool }),
    );
    assert.is(code, "SPAWN_FAILED");
    await assertAnswers(client);
  }
  await until("the end of the others", () => pool.stats().openSessions === 1);
});

sharing.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
