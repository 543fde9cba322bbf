import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SessionLedger } from "../../src/channel/session-ledger.js";
import { withRig } from "./outbox-rig.js";

const KiB = 1024;
const MiB = 1024 * KiB;
const PLENTY = 64 * MiB;

const flow = suite("outbox: flow control");

flow("below the window each read goes out at once", () =>
  withRig(PLENTY, (rig) => {
    for (let n = 0; n < 10; n++) {
      rig.add(n, 50 * KiB);
      rig.outbox.flush();
    }
    assert.is(rig.readAll(), 10);
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
    assert.is(rig.readAll(), 3);
    assert.is(rig.credits, 1, "the reader has been asked to tell, and tells once");
    rig.deliverCredits();
    assert.is(rig.readAll(), 1);
    assert.equal(rig.received, [0, 1, 2, 3, 4]);
  }),
);

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
    { numRuns: 200 },
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
        rig.readAll();
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
