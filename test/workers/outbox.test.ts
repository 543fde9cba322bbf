import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SessionLedger } from "../../src/channel/session-ledger.js";
import { type DecodedFrame, decodeLine } from "../../workers/frame-decoder.js";
import { type OutboxRig, withRig } from "./outbox-rig.js";

const KiB = 1024;
const MiB = 1024 * KiB;
const OVERHEAD = 1024;
const PLENTY = 64 * MiB;
const END = { exitCode: 0, signal: null, stderrTail: "", stderrUnread: "" };

const batches = suite("outbox: batches");

batches("what one read brought goes out as one batch, in order", () =>
  withRig(PLENTY, (rig) => {
    for (let n = 0; n < 5; n++) rig.add(n, 100);
    assert.not(rig.read(), "nothing before the read is done");
    rig.outbox.flush();
    assert.ok(rig.read());
    assert.not(rig.read());
    assert.equal(rig.received, [0, 1, 2, 3, 4]);
  }),
);

batches("a flush of nothing posts nothing", () =>
  withRig(PLENTY, (rig) => {
    rig.outbox.flush();
    rig.outbox.credited();
    assert.not(rig.read());
    assert.is(rig.ledger.unreadBytes, 0);
  }),
);

batches("64 KiB of text are a batch, without waiting for the end of the read", () =>
  withRig(PLENTY, (rig) => {
    for (let n = 0; n < 64; n++) rig.add(n, 1_050);
    assert.ok(rig.read());
    const [batch] = rig.batches;
    assert.ok(batch && batch.text.length >= 64 * KiB && batch.text.length < 66 * KiB);
  }),
);

batches("512 KiB of weight are one as well, though the text is short", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 300 * KiB, true);
    assert.not(rig.read());
    rig.add(1, 300 * KiB, true);
    assert.ok(rig.read());
    assert.ok((rig.batches[0]?.text.length ?? 0) < KiB);
    assert.equal(
      rig.batches[0]?.large.map(({ index }) => index),
      [0, 1],
    );
  }),
);

batches("refused lines keep their place, and weigh what they are long", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 100);
    rig.refuse("first", 1_000);
    rig.add(2, 100);
    rig.refuse("second", 2_000);
    rig.outbox.flush();
    rig.read();
    assert.equal(rig.received, [0, "first", 2, "second"]);
    const weight = rig.batches[0]?.weight ?? 0;
    assert.ok(weight >= 3_200 && weight <= 3_300 + OVERHEAD, `${weight}`);
  }),
);

batches("the ledger counts a batch before it can be read, and what it weighs", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 1_000);
    rig.add(1, 20 * KiB, true);
    rig.outbox.flush();
    assert.ok(rig.read());
    const weight = rig.batches[0]?.weight ?? 0;
    assert.ok(weight > 21_000 && weight < 22_000 + OVERHEAD, `${weight}`);
    assert.is(rig.ledger.unreadBytes, 0);
  }),
);

batches("a large frame's own buffer is transferred, without a copy", () =>
  withRig(PLENTY, (rig) => {
    const bytes = Buffer.allocUnsafeSlow(20 * KiB);
    bytes.fill("x").write('{"type":"x","n":1,"v":"', 0);
    bytes.write('"}', bytes.length - 2);
    rig.outbox.add(onlyFrame(bytes));
    rig.outbox.flush();
    rig.read();
    assert.is(bytes.length, 0, "it is gone from here");
    assert.is(rig.batches[0]?.large[0]?.bytes.byteLength, 20 * KiB);
  }),
);

batches("one that lies in a read chunk is copied, and the chunk stays", () =>
  withRig(PLENTY, (rig) => {
    const line = JSON.stringify({ type: "x", n: 1, v: "x".repeat(20 * KiB) });
    const chunk = Buffer.from(`${line}\n${line}\n`);
    rig.outbox.add(onlyFrame(chunk.subarray(0, line.length)));
    rig.outbox.add(onlyFrame(chunk.subarray(line.length + 1, -1)));
    rig.outbox.flush();
    rig.read();
    assert.is(chunk.toString(), `${line}\n${line}\n`);
    assert.equal(
      rig.batches[0]?.large.map(({ bytes }) => Buffer.from(bytes).toString() === line),
      [true, true],
    );
  }),
);

function onlyFrame(line: Buffer): DecodedFrame {
  const decoded = decodeLine(line, true);
  const [frame] = "frames" in decoded ? decoded.frames : [];
  if (frame === undefined) throw new Error("refused");
  return frame;
}

batches("a sleeping reader is rung for once", () =>
  withRig(PLENTY, (rig) => {
    rig.ledger.fallAsleep();
    for (let n = 0; n < 3; n++) {
      rig.add(n, 100);
      rig.outbox.flush();
    }
    assert.is(rig.rings, 1);
  }),
);

batches.run();

const flow = suite("outbox: flow control");

flow("below the window each read goes out at once", () =>
  withRig(PLENTY, (rig) => {
    for (let n = 0; n < 10; n++) {
      rig.add(n, 50 * KiB);
      rig.outbox.flush();
    }
    assert.is(countReads(rig), 10);
  }),
);

flow("past it only full batches do, until the reader has caught up", () =>
  withRig(PLENTY, (rig) => {
    for (let n = 0; n < 3; n++) rig.add(n, 600 * KiB, true);
    assert.ok(rig.ledger.unreadBytes > MiB);
    rig.add(3, 100);
    rig.outbox.flush();
    rig.add(4, 100);
    rig.outbox.flush();
    assert.is(countReads(rig), 3);
    assert.is(rig.credits, 1, "the reader has been asked to tell, and tells once");
    rig.deliverCredits();
    assert.is(countReads(rig), 1);
    assert.equal(rig.received, [0, 1, 2, 3, 4]);
  }),
);

function countReads(rig: OutboxRig): number {
  let reads = 0;
  while (rig.read()) reads += 1;
  return reads;
}

flow("past the high-water mark the source is paused, at half of it the source goes on", () =>
  withRig(4 * MiB, (rig) => {
    for (let n = 0; n < 4; n++) rig.add(n, MiB, true);
    assert.equal(rig.pauses, [true]);
    assert.ok(rig.ledger.paused);
    assert.is(rig.ledger.counted("pauses"), 1);
    rig.read();
    rig.deliverCredits();
    assert.ok(rig.paused, "3 MiB are more than half");
    rig.read();
    rig.deliverCredits();
    assert.ok(rig.paused, "so are 2 MiB and what the batches themselves weigh");
    rig.read();
    rig.deliverCredits();
    assert.equal(rig.pauses, [true, false]);
    assert.not(rig.ledger.paused);
    assert.is(rig.ledger.counted("pauses"), 1);
  }),
);

flow("what still comes after the pause is neither lost nor out of order", () =>
  withRig(MiB, (rig) => {
    for (let n = 0; n < 10; n++) rig.add(n, 600 * KiB, true);
    rig.refuse("ten");
    rig.outbox.flush();
    assert.equal(rig.pauses, [true]);
    rig.settle();
    assert.equal(rig.received, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, "ten"]);
    assert.equal(rig.pauses, [true, false]);
  }),
);

flow("a single frame above the high-water mark passes", () =>
  withRig(KiB, (rig) => {
    rig.add(0, 100 * KiB, true);
    rig.outbox.flush();
    rig.settle();
    assert.equal(rig.received, [0]);
    assert.not(rig.paused);
  }),
);

flow("a reader that is in time is never in the way of the source", () =>
  withRig(MiB, (rig) => {
    for (let n = 0; n < 200; n++) {
      rig.add(n, 50 * KiB);
      rig.outbox.flush();
      rig.settle();
    }
    assert.is(rig.received.length, 200);
    assert.equal(rig.pauses, []);
  }),
);

/** One read chunk: its frames, each followed by what the reader does meanwhile on its own thread. */
const chunk = fc.array(
  fc.record({
    bytes: fc.constantFrom(30, 500, 5_000, 40_000, 70_000, 300_000),
    large: fc.boolean(),
    reads: fc.nat(3),
  }),
  { minLength: 1, maxLength: 8 },
);
const mark = fc.constantFrom(1, 1_001, 8 * KiB, 64 * KiB, 256 * KiB, MiB);

flow("whoever reads when: everything arrives in order, and the source never stays paused", () => {
  fc.assert(
    fc.property(mark, fc.array(fc.tuple(chunk, fc.boolean()), { maxLength: 8 }), (highWaterMark, chunks) =>
      withRig(highWaterMark, (rig) => {
        let sent = 0;
        for (const [frames, deliver] of chunks) {
          for (const { bytes, large, reads } of frames) {
            rig.add(sent++, bytes, large);
            for (let read = 0; read < reads; read++) rig.read();
          }
          rig.outbox.flush();
          if (deliver) rig.deliverCredits();
        }
        rig.settle();
        assert.equal(
          rig.received,
          Array.from({ length: sent }, (_, n) => n),
        );
        assert.not(rig.paused, "everything is read and nobody will ever tell the outbox so");
      }),
    ),
    { numRuns: 500 },
  );
});

/** A reader that takes everything at the very moment at which the outbox asks to be told. */
class OvertakingLedger extends SessionLedger {
  overtake: (() => void) | undefined;
  #asking = false;

  /** What lies unread as the worker sees it while it asks: the reader has just counted its last batch as read. */
  override get unreadBytes(): number {
    return this.#asking ? 0 : super.unreadBytes;
  }

  override awaitCredit(level: number): boolean {
    const { overtake } = this;
    if (overtake === undefined) return super.awaitCredit(level);
    this.overtake = undefined;
    this.#asking = true;
    const waits = super.awaitCredit(level);
    this.#asking = false;
    // Only now does the reader look whether anybody wants to be told.
    overtake();
    return waits;
  }
}

flow("a reader that catches up while the outbox asks for credit does not leave the source paused", () => {
  const ledger = new OvertakingLedger();
  withRig(
    2 * MiB,
    (rig) => {
      for (let n = 0; n < 5; n++) rig.add(n, 600 * KiB, true);
      assert.ok(rig.paused);
      rig.add(5, 100);
      ledger.overtake = () => {
        while (rig.read());
      };
      rig.outbox.flush();
      rig.settle();
      assert.equal(rig.received, [0, 1, 2, 3, 4, 5]);
      assert.not(rig.paused);
    },
    ledger,
  );
});

flow.run();

const ends = suite("outbox: its end");

ends("the end goes out with what was left, and nothing comes after it", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 100);
    rig.outbox.end(END);
    rig.add(1, 100);
    rig.refuse("late");
    rig.outbox.flush();
    assert.is(countReads(rig), 1);
    assert.equal(rig.received, [0]);
    assert.equal(rig.batches[0]?.end, END);
  }),
);

ends("an end with nothing left is a batch of its own", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 100);
    rig.outbox.flush();
    rig.outbox.end(END);
    assert.is(countReads(rig), 2);
    assert.equal(
      rig.batches.map(({ end }) => end),
      [undefined, END],
    );
    assert.is(rig.batches[1]?.text, "[]");
  }),
);

ends("it goes out though the reader is behind, and pauses nothing", () =>
  withRig(MiB, (rig) => {
    rig.add(0, 900 * KiB, true);
    rig.add(1, 400 * KiB, true);
    rig.outbox.end(END);
    rig.settle();
    assert.equal(rig.received, [0, 1]);
    assert.equal(rig.pauses, []);
  }),
);

ends("after it nothing counts as paused", () =>
  withRig(MiB, (rig) => {
    for (let n = 0; n < 3; n++) rig.add(n, 600 * KiB, true);
    assert.ok(rig.ledger.paused);
    rig.outbox.end(END);
    rig.settle();
    assert.not(rig.ledger.paused);
  }),
);

ends("discarding drops what was not posted and what still comes, and lets the child write on", () =>
  withRig(MiB, (rig) => {
    for (let n = 0; n < 3; n++) rig.add(n, 600 * KiB, true);
    rig.add(3, 100);
    assert.ok(rig.paused);
    rig.outbox.discard();
    assert.not(rig.paused);
    assert.not(rig.ledger.paused);
    for (let n = 4; n < 100; n++) rig.add(n, 600 * KiB, true);
    rig.refuse("late");
    rig.outbox.flush();
    assert.not(rig.paused);
    rig.outbox.end(END);
    rig.settle();
    assert.equal(rig.received, [0, 1, 2]);
    assert.equal(rig.batches.at(-1)?.end, END, "the end is told all the same");
  }),
);

ends("discarding twice is discarding once", () =>
  withRig(MiB, (rig) => {
    rig.outbox.discard();
    rig.outbox.discard();
    rig.outbox.credited();
    assert.equal(rig.pauses, []);
  }),
);

ends.run();
