import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SessionLedger } from "../../src/channel/session-ledger.js";

/** Two views on the same memory, as the two threads have them. */
function twoViews(): { worker: SessionLedger; main: SessionLedger } {
  const worker = new SessionLedger();
  return { worker, main: new SessionLedger(worker.buffer) };
}

const life = suite("ledger: the child's life");

life("starting, running, exited", () => {
  const { worker, main } = twoViews();
  assert.is(main.alive, false);
  assert.is(main.pid, undefined);
  worker.started(4_321);
  assert.is(main.alive, true);
  assert.is(main.pid, 4_321);
  worker.exited();
  assert.is(main.alive, false);
  assert.is(main.pid, undefined, "the pid may be somebody else's by now");
});

life("an exit before any start is told too", () => {
  const { worker, main } = twoViews();
  worker.announceSpawn();
  assert.is(main.spawning, true);
  worker.exited();
  assert.equal([main.alive, main.spawning], [false, false]);
});

life.run();

const credits = suite("ledger: credits");

const weights = fc.array(fc.integer({ min: 0, max: 2 ** 29 }), { maxLength: 40 });

credits("unread is what was posted and not consumed, also when the totals wrap around at 2^32", () => {
  fc.assert(
    fc.property(weights, weights, (before, batches) => {
      const { worker, main } = twoViews();
      // Moves both totals to an arbitrary place of their circle.
      for (const weight of before) {
        worker.posted(weight);
        main.consumed(weight);
      }
      assert.is(main.unreadBytes, 0);
      const queue: number[] = [];
      let unread = 0;
      for (const weight of batches) {
        worker.posted(weight);
        queue.push(weight);
        unread += weight;
        while (unread > 2 ** 31) {
          const read = queue.shift() ?? 0;
          main.consumed(read);
          unread -= read;
        }
        assert.is(main.unreadBytes, unread);
        assert.is(worker.unreadBytes, unread);
      }
    }),
  );
});

credits("the main thread rings once, at the level that was asked for, and not before", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1 }),
      fc.nat(20_000),
      (batches, level) => {
        const { worker, main } = twoViews();
        for (const weight of batches) worker.posted(weight);
        const before = worker.unreadBytes;
        const waits = worker.awaitCredit(level);
        assert.is(waits, before > level);
        let rings = 0;
        for (const weight of batches) {
          const rang = main.consumed(weight);
          if (rang) rings += 1;
          assert.is(rings, waits && main.unreadBytes <= level ? 1 : 0);
        }
      },
    ),
  );
});

credits("nobody is told who has not asked", () => {
  const { worker, main } = twoViews();
  worker.posted(10);
  assert.is(main.consumed(10), false);
});

credits("a request that was met at once leaves nothing behind", () => {
  const { worker, main } = twoViews();
  worker.posted(10);
  assert.is(worker.awaitCredit(10), false);
  assert.is(main.consumed(10), false, "no ring for a request that has been taken back");
});

credits("a second request replaces the level of the first", () => {
  const { worker, main } = twoViews();
  worker.posted(100);
  assert.ok(worker.awaitCredit(90));
  assert.ok(worker.awaitCredit(10));
  assert.is(main.consumed(50), false);
  assert.is(main.consumed(40), true);
  assert.is(main.consumed(10), false, "one ring for both");
});

credits("half a byte, of an odd high-water mark, is the same level on both sides", () => {
  const { worker, main } = twoViews();
  worker.posted(501);
  assert.ok(worker.awaitCredit(500.5));
  assert.is(main.consumed(1), true);
  assert.is(worker.awaitCredit(500.5), false);
});

credits.run();

const rest = suite("ledger: doorbell and counters");

rest("one of several callers rings, once for each sleep", () => {
  const { worker, main } = twoViews();
  assert.is(worker.takeDoorbell(), false);
  main.fallAsleep();
  main.fallAsleep();
  assert.is(worker.takeDoorbell(), true);
  assert.is(worker.takeDoorbell(), false);
  main.fallAsleep();
  assert.is(worker.takeDoorbell(), true);
});

const COUNTERS = [
  "frames",
  "bytes",
  "malformed",
  "oversized",
  "pauses",
  "stderrBytes",
  "undelivered",
] as const;

rest("each counter counts for itself, past 2^32 too", () => {
  const { worker, main } = twoViews();
  COUNTERS.forEach((name, index) => {
    worker.count(name);
    worker.count(name, 2 ** 40 + index);
  });
  COUNTERS.forEach((name, index) => {
    assert.is(main.counted(name), 2 ** 40 + index + 1);
  });
  assert.is(main.unreadBytes, 0, "counters and credits do not share a word");
  assert.is(main.alive, false);
});

rest("paused is what was set last", () => {
  const { worker, main } = twoViews();
  assert.is(main.paused, false);
  worker.setPaused(true);
  assert.is(main.paused, true);
  worker.setPaused(false);
  assert.is(main.paused, false);
});

rest.run();
