import { getEventListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type AsyncClient, type ClaudeOutput, SessionPool, textOf } from "../../../src/index.js";
import { emit, type FloodKind, flood, onUser } from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  inTime,
  isRunning,
  open,
  PATIENCE_MS,
  until,
  user,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: 2 * PATIENCE_MS };

const many = suite("32 sessions at once, each in a flood");

const SESSIONS = 32;
const KINDS: readonly FloodKind[] = ["text", "structured", "stream_event"];

/** Number of a frame of a flood, of whatever kind. */
function numberOf(message: ClaudeOutput): number {
  const { event, tool_use_result } = message as {
    event?: { delta?: { text?: string } };
    tool_use_result?: { seq?: number };
  };
  if (tool_use_result !== undefined) return Number(tool_use_result.seq);
  return Number(/^#(\d+) /.exec(event?.delta?.text ?? textOf(message) ?? "")?.[1]);
}

for (const [name, count, bytes] of [
  ["small frames", 3_000, 1_000],
  ["large frames", 20, 200_000],
] as const) {
  many(`get their own ${name}, all of them, in order`, async () => {
    const pool = new SessionPool({ threads: 2, sessionsPerThread: SESSIONS });
    const clients = await Promise.all(
      Array.from({ length: SESSIONS }, (_, index) => {
        const kind = KINDS[index % KINDS.length] ?? "text";
        const script = [onUser([flood({ kind, count, bytes, seed: index }), emit({ type: "end", index })])];
        return open(script, { pool, highWaterMark: 1024 * 1024 });
      }),
    );
    assert.equal(pool.stats(), { threads: 2, openSessions: SESSIONS, waitingSessions: 0 });
    const read = async (client: AsyncClient, index: number) => {
      await client.send(user("now"));
      const sessions = new Set<unknown>();
      for (let at = 0; at < count; at++) {
        const message = await client.receive(PATIENCE);
        sessions.add(message.session_id);
        assert.is(numberOf(message), at, `session ${index}: a frame is lost, doubled or out of order`);
      }
      assert.equal(await client.receive(PATIENCE), { type: "end", index });
      return [...sessions];
    };
    const sessions = await Promise.all(clients.map(read));
    assert.is(new Set(sessions.flat()).size, SESSIONS, "each session has frames of one id, its own");
    await inTime("close()", pool.close());
  });
}

many.run();

const leaks = suite("clients that are opened and closed");

const BATCHES = 10;
const BATCH = 20;

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

/** What this process holds that a client may have forgotten to give back, with how many of each. */
type Holdings = ReadonlyMap<string, number>;

function holdings(): Holdings {
  collectGarbage();
  const held = new Map<string, number>();
  const count = (what: string, times = 1) => held.set(what, (held.get(what) ?? 0) + times);
  const { libuv } = process.report.getReport() as unknown as { libuv: { type: string }[] };
  // Those of timers come and go with Node's own work; a timer of ours is a resource as well.
  for (const { type } of libuv) if (type !== "timer") count(`handle ${type}`);
  for (const type of process.getActiveResourcesInfo()) {
    // One may be under way at any time.
    if (type !== "Immediate") count(`resource ${type}`);
  }
  for (const name of process.eventNames()) count(`listener of ${String(name)}`, process.listenerCount(name));
  return held;
}

/** Fails the test unless this process comes to hold no more than before; ports take a moment to close. */
async function assertHolds(before: Holdings): Promise<void> {
  const deadline = performance.now() + 2_000;
  while (more(before, holdings()).length > 0 && performance.now() < deadline) await sleep(100);
  assert.equal(more(before, holdings()), [], "held now and not before");
}

/** Of what there is more now; less is fine, as timers of earlier tests may have ended. */
function more(before: Holdings, now: Holdings): string[] {
  return [...now].flatMap(([what, count]) => {
    const had = before.get(what) ?? 0;
    return count > had ? [`${what}: ${count} instead of ${had}`] : [];
  });
}

/** What it holds once what is under way has come to its end. */
async function settledHoldings(): Promise<Holdings> {
  await sleep(200);
  return holdings();
}

/** What a client is left with when it is closed. */
const WAYS: Readonly<Record<string, (client: AsyncClient) => Promise<void>>> = {
  "after a turn, and is read to its end": async (client) => {
    await client.query("x", PATIENCE);
    await client.shutdown();
    await client.receive().catch(() => {});
  },
  "after a turn": async (client) => {
    await client.query("x", PATIENCE);
    await client.shutdown();
  },
  "at once": async (client) => {
    await client.shutdown();
  },
  "with messages unread and a reader of stderr": async (client) => {
    client.takeStderr()?.resume();
    await client.send(user("x"));
    await client.receive(PATIENCE);
    await client.shutdown();
  },
  "by a signal while calls wait": async (client) => {
    const waits = [client.receive(), client.query("x"), client.interrupt()];
    for (const wait of waits) wait.catch(() => {});
    process.kill(client.pid() ?? 0, "SIGKILL");
    await client.exited;
    await Promise.allSettled(waits);
  },
};

leaks(`in turn, ${BATCHES * BATCH} of them, leave this process as it was`, async () => {
  // Looking up the peers of sockets takes seconds, and there are none; older types of Node lack the switch.
  Reflect.set(process.report, "excludeNetwork", true);
  const warnings: string[] = [];
  process.on("warning", ({ message }) => warnings.push(message));
  await using pool = new SessionPool({ threads: 2 });
  const { signal } = new AbortController();
  const pids: number[] = [];
  const one = async (way: (client: AsyncClient) => Promise<void>) => {
    const client = await open([], { pool, signal });
    pids.push(client.pid() ?? 0);
    await way(client);
  };
  const ways = Object.values(WAYS);
  const batch = async (first: number) => {
    // Five at a time: more listeners on one signal would rightly be warned of.
    for (let at = 0; at < BATCH; at += 5) {
      await Promise.all(
        Array.from({ length: 5 }, (_, index) =>
          one(ways[(first + at + index) % ways.length] ?? (async () => {})),
        ),
      );
    }
    await until("the end of all sessions", () => pool.stats().openSessions === 0);
  };
  await batch(0);
  const before = await settledHoldings();
  for (let count = 1; count < BATCHES; count++) await batch(count);
  assert.is(pids.length, BATCHES * BATCH);
  assert.equal(pids.filter(isRunning), []);
  assert.equal(getEventListeners(signal, "abort"), []);
  assert.equal(pool.stats(), { threads: 2, openSessions: 0, waitingSessions: 0 });
  await assertHolds(before);
  assert.equal(warnings, []);
});

for (const [name, way] of Object.entries(WAYS)) {
  leaks(`${name} give back all ports and listeners`, async () => {
    await using pool = new SessionPool({ threads: 1 });
    const one = async () => way(await open([], { pool }));
    await one();
    await until("the end of the session", () => pool.stats().openSessions === 0);
    const before = await settledHoldings();
    for (let count = 0; count < 5; count++) await one();
    await until("the end of the sessions", () => pool.stats().openSessions === 0);
    await assertHolds(before);
  });
}

leaks("with their pools leave no thread", async () => {
  const round = async () => {
    const pool = new SessionPool({ threads: 2 });
    const clients = await Promise.all([open([], { pool }), open([], { pool })]);
    await Promise.all(clients.map((client) => client.query("x", PATIENCE)));
    await pool.close();
  };
  await round();
  const before = await settledHoldings();
  for (let count = 0; count < 4; count++) await round();
  await assertHolds(before);
});

leaks.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
