import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type AsyncClient, type ClaudeOutput, DEFAULT_LIMITS, textOf } from "../../../src/index.js";
import { emit, flood, frame, onUser, result, stopReadingStdin, turn } from "../../../src/testing/index.js";
import { assertNothingRuns, failureCode, open, PATIENCE_MS, until, user } from "../../support/scripted.js";

const KiB = 1024;
const MiB = 1024 * KiB;
const PATIENCE = { timeoutMs: PATIENCE_MS };

/**
 * What may lie unread beyond the high-water mark: the batch that crossed it (at most half a MiB and one frame)
 * and what a read of the pipe had brought already.
 */
const OVERSHOOT = MiB;
/** What this process may grow by beside unread bytes: heaps of two isolates that have just become busy. */
const GROWTH_OF_HEAPS = 96 * MiB;

/** Number of a frame of a flood. */
function numberOf(message: ClaudeOutput): number {
  return Number(/^#(\d+) /.exec(textOf(message) ?? "")?.[1]);
}

/** Reads a flood to its end; fails at the first frame that is lost, doubled or out of order. */
async function assertFlood(client: AsyncClient, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at++) {
    const message = await client.receive(PATIENCE);
    assert.is(numberOf(message), at, "a frame is lost, doubled or out of order");
  }
}

const asleep = suite("a consumer that sleeps through a flood");

interface Flood {
  readonly name: string;
  readonly count: number;
  readonly bytes: number;
  readonly highWaterMark: number | undefined;
}

const FLOODS: readonly Flood[] = [
  { name: "of small frames, with 1 MiB", count: 100_000, bytes: 1_000, highWaterMark: MiB },
  { name: "of 300 KB frames, with 1 MiB", count: 300, bytes: 300_000, highWaterMark: MiB },
  { name: "of small frames, by default", count: 150_000, bytes: 1_000, highWaterMark: undefined },
  { name: "of 300 KB frames, by default", count: 400, bytes: 300_000, highWaterMark: undefined },
];

for (const { name, count, bytes, highWaterMark } of FLOODS) {
  asleep(`${name} unread costs no more than that; then all of it comes in order`, async () => {
    const mark = highWaterMark ?? DEFAULT_LIMITS.highWaterMark;
    await using client = await open(
      [onUser(flood({ count, bytes }))],
      highWaterMark === undefined ? {} : { highWaterMark },
    );
    assert.is(client.stats().highWaterMark, mark);
    const before = process.memoryUsage.rss();
    await client.send(user("now"));
    await until("the pause", () => client.stats().paused);
    await sleep(300);
    const { bytesReceived, bytesUnread, paused, pauses } = client.stats();
    assert.ok(paused && pauses >= 1);
    assert.ok(bytesReceived < count * bytes, "the child must have been stopped before its end");
    assert.ok(bytesUnread > mark && bytesUnread <= mark + OVERSHOOT, `${bytesUnread} bytes unread`);
    const growth = process.memoryUsage.rss() - before;
    assert.ok(growth < mark + OVERSHOOT + GROWTH_OF_HEAPS, `the process has grown by ${growth} bytes`);
    await sleep(300);
    assert.is(client.stats().bytesReceived, bytesReceived, "a paused child must not be read");

    await assertFlood(client, 0, count);
    const after = client.stats();
    assert.equal([after.framesReceived, after.bytesReceived], [count, count * bytes]);
    await until("the source to flow again", () => !client.stats().paused);
  });
}

asleep("now and then finds the next frame each time", async () => {
  const count = 20_000;
  await using client = await open([flood({ count, bytes: 1_000 })], { highWaterMark: 256 * KiB });
  for (let from = 0; from < count; from += 2_000) {
    await sleep(30);
    await assertFlood(client, from, from + 2_000);
  }
  assert.ok(client.stats().pauses > 1);
});

for (const highWaterMark of [1, 3, 5_000]) {
  asleep(`with a mark of ${highWaterMark} bytes gets everything`, async () => {
    const count = 3_000;
    await using client = await open([flood({ count, bytes: 1_000 })], { highWaterMark });
    await until("the pause", () => client.stats().paused);
    await assertFlood(client, 0, count);
  });
}

asleep("within a turn loses nothing either", async () => {
  const count = 50_000;
  const script = [onUser([flood({ count, bytes: 1_000 }), result()], turn("next"))];
  await using client = await open(script, { highWaterMark: MiB });
  const stream = await client.queryStream("x", { timeoutMs: 3 * PATIENCE_MS });
  await until("the pause", () => client.stats().paused);
  let at = 0;
  for await (const message of stream) {
    if (message.type === "assistant") assert.is(numberOf(message), at++);
  }
  assert.is(at, count);
  assert.is((await client.query("y", PATIENCE)).length, 3);
});

asleep("and leaves the turn has the rest thrown away", async () => {
  const script = [onUser([flood({ count: 100_000, bytes: 1_000 }), result()], turn("next"))];
  await using client = await open(script, { highWaterMark: MiB });
  const stream = await client.queryStream("x", PATIENCE);
  await until("the pause", () => client.stats().paused);
  await stream.next();
  await stream.return();
  const messages = await client.query("y", PATIENCE);
  assert.equal(
    messages.map(({ type }) => type),
    ["system", "assistant", "result"],
  );
});

asleep.run();

const blocked = suite("a host that is blocked");

/** Blocks this thread without using the processor. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

/** At least this, and long enough for the child by what it needed while this thread was free. */
const BLOCKED_MS = 2_000;

for (const [count, bytes] of [
  [100_000, 1_000],
  [333, 300_000],
] as const) {
  blocked(`does not hold up a child that writes 100 MB in frames of ${bytes} bytes`, async () => {
    await using client = await open([onUser(flood({ count, bytes }))], { highWaterMark: 256 * MiB });
    let words = "";
    client.takeStderr()?.on("data", (part: string) => {
      words += part;
    });
    /** Milliseconds that the child took to write each flood so far. */
    const wrote = () => [...words.matchAll(/flood-done (\d+)/g)].map(([, ms]) => Number(ms));

    await client.send(user("free"));
    await until("the child's report", () => wrote().length === 1);
    const [freeMs = 0] = wrote();
    await assertFlood(client, 0, count);

    await client.send(user("blocked"));
    const blockedMs = Math.max(BLOCKED_MS, 3 * freeMs);
    block(blockedMs);
    // Counted in shared memory: this thread has had no chance to be told anything.
    const { bytesReceived, pauses } = client.stats();
    assert.is(bytesReceived, 2 * count * bytes, "bytes received by the end of the block");
    assert.is(pauses, 0);
    await until("the child's report", () => wrote().length === 2);
    assert.ok((wrote()[1] ?? Number.NaN) < blockedMs, `the child wrote for ${wrote()} ms`);
    await assertFlood(client, 0, count);
  });
}

blocked("sees the child's state as it is", async () => {
  await using client = await open([frame({ type: "hello" })]);
  await client.receive(PATIENCE);
  const pid = client.pid() ?? 0;
  assert.ok(client.isAlive());
  process.kill(pid, "SIGKILL");
  block(1_000);
  assert.equal([client.isAlive(), client.pid()], [false, undefined]);
});

blocked.run();

const unheld = suite("what must not be held in memory");

unheld("a line over maxFrameBytes, however long", async () => {
  const bytes = 128 * MiB;
  const script = [onUser([flood({ count: 3, bytes }), emit({ type: "after" })])];
  await using client = await open(script, { maxFrameBytes: MiB });
  const before = process.memoryUsage.rss();
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 5);
  await client.send(user("now"));
  for (let round = 0; round < 3; round++) {
    assert.is(await failureCode("receive()", client.receive(PATIENCE)), "FRAME_TOO_LARGE");
  }
  assert.equal(await client.receive(PATIENCE), { type: "after" });
  clearInterval(watch);
  assert.ok(most - before < GROWTH_OF_HEAPS, `the process has grown by ${most - before} bytes`);
  assert.is(client.stats().oversizedFrames, 3);
});

unheld("lines that a child does not read, once their callers have been told", async () => {
  const line = "x".repeat(4 * MiB);
  const rounds = 100;
  await using client = await open([stopReadingStdin(), emit({ type: "ready" })], {
    requestTimeoutMs: 20,
    shutdown: { graceMs: 50, termMs: PATIENCE_MS },
  });
  await client.receive(PATIENCE);
  const before = process.memoryUsage.rss();
  for (let round = 0; round < rounds; round++) {
    assert.is(await failureCode("send()", client.send(user(line))), "TIMEOUT");
  }
  const growth = process.memoryUsage.rss() - before;
  assert.ok(
    growth < (rounds * line.length) / 2,
    `grown by ${growth} bytes for ${rounds * line.length} unwritten`,
  );
});

unheld.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
