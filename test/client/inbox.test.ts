import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { toFault } from "../../src/channel/fault.js";
import { Deadline } from "../../src/client/deadline.js";
import { sleepIn } from "../../src/client/inbox.js";
import { type InboxEntry, openBatch, UnreadableLine } from "../../src/client/inbox-entries.js";
import { decodeLine } from "../../src/codec/frame-decoder.js";
import { DeserializationError, FrameTooLargeError } from "../../src/errors.js";
import { largeFrame } from "../../workers/outbox.js";
import { isCollected } from "../channel/collect-garbage.js";
import { InboxRig } from "./inbox-rig.js";

const patient = () => new Deadline("x", {});
const message = (n: number) => ({ type: "x", n });

async function withInbox(run: (rig: InboxRig) => Promise<void>): Promise<void> {
  const rig = new InboxRig();
  try {
    await run(rig);
  } finally {
    rig.close();
  }
}

/** Reads as a consumer does: as many as are asked for, or until the end. */
async function read({ inbox }: InboxRig, count = Number.POSITIVE_INFINITY): Promise<unknown[]> {
  const entries: InboxEntry[] = [];
  while (entries.length < count) {
    const entry = inbox.poll();
    if (entry !== undefined) entries.push(entry);
    else if (inbox.closeIfDrained() !== undefined) break;
    else await inbox.wait(patient());
  }
  return entries;
}

const reading = suite("inbox: reading");

reading("messages come in order, batch after batch", () =>
  withInbox(async (rig) => {
    rig.post([message(1), message(2)]);
    rig.post([message(3)]);
    assert.equal(await read(rig, 3), [message(1), message(2), message(3)]);
    assert.is(rig.inbox.poll(), undefined);
  }),
);

reading("refused lines come in their place, as errors of their class", () =>
  withInbox(async (rig) => {
    const broken = new DeserializationError("broken", { rawLine: "junk", reason: "no JSON" });
    const large = new FrameTooLargeError("large", { frameBytes: 9, maxFrameBytes: 5, head: "{" });
    rig.post([0, message(2), 0], {
      refused: [
        { index: 0, fault: toFault(broken) },
        { index: 2, fault: toFault(large) },
      ],
    });
    const [first, second, third] = await read(rig, 3);
    assert.ok(first instanceof UnreadableLine && first.error instanceof DeserializationError);
    assert.is(first.error.rawLine, "junk");
    assert.equal(second, message(2));
    assert.ok(third instanceof UnreadableLine && third.error instanceof FrameTooLargeError);
  }),
);

reading("batches without anything in them are passed over", () =>
  withInbox(async (rig) => {
    rig.post([]);
    rig.post([]);
    rig.post([message(1)]);
    assert.equal(await read(rig, 1), [message(1)]);
    assert.is(rig.ledger.unreadBytes, 0);
  }),
);

reading("a batch counts as read with its last message", () =>
  withInbox(async (rig) => {
    rig.post([message(1), message(2)]);
    await read(rig, 1);
    assert.is(rig.ledger.unreadBytes, 100);
    await read(rig, 1);
    assert.is(rig.ledger.unreadBytes, 0);
  }),
);

reading("the worker is told once its level is reached", () =>
  withInbox(async (rig) => {
    for (let n = 0; n < 4; n++) rig.post([message(n)]);
    assert.ok(rig.ledger.awaitCredit(150));
    await read(rig, 2);
    assert.is(rig.credits, 0);
    await read(rig, 1);
    assert.is(rig.credits, 1);
    await read(rig, 1);
    assert.is(rig.credits, 1);
  }),
);

reading("a flood is read in shares of the loop's turn, and nothing is lost between them", () =>
  withInbox(async (rig) => {
    const COUNT = 30_000;
    for (let n = 0; n < COUNT; n += 100) {
      rig.post(Array.from({ length: 100 }, (_, index) => message(n + index)));
    }
    let ticks = 0;
    const ticking = setInterval(() => {
      ticks += 1;
    }, 1);
    const entries = await read(rig, COUNT);
    clearInterval(ticking);
    assert.equal(
      entries.map((entry) => (entry as { n: number }).n),
      Array.from({ length: COUNT }, (_, n) => n),
    );
    assert.ok(ticks > 0, "timers ran meanwhile");
  }),
);

reading.run();

const waiting = suite("inbox: waiting");

waiting("a sleeper is woken by the doorbell", () =>
  withInbox(async (rig) => {
    const entries = read(rig, 1);
    await sleep(10);
    rig.post([message(1)]);
    assert.equal(await entries, [message(1)]);
  }),
);

waiting("what was posted just before the sleep ends it at once", () =>
  withInbox(async (rig) => {
    // Nobody rings for it: the worker has looked before the reader lay down.
    rig.post([message(1)]);
    await rig.inbox.wait(patient());
    assert.equal(rig.inbox.poll(), message(1));
  }),
);

waiting("a deadline ends the wait, and leaves no sleeper", () =>
  withInbox(async (rig) => {
    await nextTurn();
    const deadline = new Deadline("x", { timeoutMs: 10 });
    await rig.inbox.wait(deadline);
    assert.is(deadline.error?.code, "TIMEOUT");
    rig.post([message(1)]);
    assert.equal(await read(rig, 1), [message(1)], "nothing is lost by it");
  }),
);

waiting("several sleepers are all woken", () =>
  withInbox(async (rig) => {
    await nextTurn();
    const sleepers = [rig.inbox.wait(patient()), rig.inbox.wait(patient())];
    rig.post([message(1)]);
    await Promise.all(sleepers);
  }),
);

waiting("sleepIn leaves nothing behind, however it ends", async () => {
  const sleepers = new Set<() => void>();
  const controller = new AbortController();
  const deadline = new Deadline("x", { signal: controller.signal });
  const woken = sleepIn(sleepers, deadline);
  assert.is(sleepers.size, 1);
  for (const wakeUp of [...sleepers]) wakeUp();
  await woken;
  assert.is(sleepers.size, 0);
  const expired = sleepIn(sleepers, deadline);
  controller.abort();
  await expired;
  assert.is(sleepers.size, 0);
  await sleepIn(sleepers, deadline);
  assert.is(sleepers.size, 0, "nobody sleeps past a deadline that has passed");
});

waiting.run();

const ends = suite("inbox: the end");

ends("all that was posted is read before the end is told", () =>
  withInbox(async (rig) => {
    rig.post([message(1)]);
    rig.end([message(2)]);
    await nextTurn();
    assert.is(rig.inbox.closeIfDrained(), undefined);
    assert.equal(await read(rig), [message(1), message(2)]);
    const over = rig.inbox.closeIfDrained() as Error & { code?: string; exitCode?: number };
    assert.is(over.code, "CONNECTION_CLOSED");
    assert.is(over.exitCode, 7);
    assert.is(rig.inbox.closeIfDrained(), over, "told again, the same");
    assert.is(rig.inbox.poll(), undefined);
  }),
);

ends("a sleeper is woken by it", () =>
  withInbox(async (rig) => {
    const entries = read(rig);
    await sleep(10);
    rig.end();
    assert.equal(await entries, []);
    await rig.inbox.wait(patient());
  }),
);

ends("a crash is told too, behind what had been posted", () =>
  withInbox(async (rig) => {
    rig.post([message(1)]);
    const entries = read(rig);
    rig.crash();
    assert.equal(await entries, [message(1)]);
    assert.is(rig.inbox.closeIfDrained()?.code, "WORKER_CRASHED");
  }),
);

ends("a crash while somebody sleeps", () =>
  withInbox(async (rig) => {
    const entries = read(rig);
    await sleep(10);
    rig.crash();
    assert.equal(await entries, []);
    assert.is(rig.inbox.closeIfDrained()?.code, "WORKER_CRASHED");
  }),
);

ends.run();

const memory = suite("inbox: memory");

/** Posts one message of its own batch, reads it, and gives nothing of it but a weak reference. */
async function readAndForget(rig: InboxRig): Promise<WeakRef<object>[]> {
  const line = decodeLine(Buffer.from(JSON.stringify({ type: "x", text: "x".repeat(200_000) })), true);
  const [frame] = "frames" in line ? line.frames : [];
  assert.ok(frame?.large);
  rig.post([JSON.parse(frame.text)], { large: [largeFrame(0, frame.large)] });
  const [entry] = await read(rig, 1);
  return [new WeakRef(entry as object)];
}

memory("a message that has been read and let go is not held until the next one comes", () =>
  withInbox(async (rig) => {
    for (const entry of await readAndForget(rig)) assert.ok(await isCollected(entry));
    assert.is(rig.inbox.poll(), undefined);
  }),
);

/** The same for the first messages of a batch whose last one is still to be read. */
async function readFirstOfMany(rig: InboxRig): Promise<WeakRef<object>[]> {
  rig.post([message(1), message(2), message(3)]);
  const entries = await read(rig, 2);
  return entries.map((entry) => new WeakRef(entry as object));
}

memory("nor until the rest of its batch has been read", () =>
  withInbox(async (rig) => {
    for (const entry of await readFirstOfMany(rig)) assert.ok(await isCollected(entry));
    assert.equal(rig.inbox.poll(), message(3));
  }),
);

memory.run();

const batches = suite("inbox: openBatch");

batches("an empty batch has no entries", () => {
  assert.equal(openBatch({ text: "[]", weight: 0, large: [], refused: [] }), []);
});

batches("a refused line replaces its stand-in, whatever that is", () => {
  const fault = toFault(new DeserializationError("x", { rawLine: "", reason: "" }));
  const [entry] = openBatch({ text: "[0]", weight: 0, large: [], refused: [{ index: 0, fault }] });
  assert.instance(entry, UnreadableLine);
});

batches.run();
