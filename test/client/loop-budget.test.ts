import { setImmediate as afterIo, setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { budgetSpent, nextTurn } from "../../src/client/loop-budget.js";

/** Far more than the share of a turn. */
const LONG_MS = 20;

function burn(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const budget = suite("loop-budget");

budget.before.each(async () => {
  // Whatever an earlier test has used of its turn is over.
  await afterIo();
  await afterIo();
});

budget("a turn begins with its whole share", () => {
  assert.is(budgetSpent(), false);
});

budget("it is spent by time, whoever uses it", () => {
  assert.is(budgetSpent(), false);
  burn(LONG_MS);
  assert.is(budgetSpent(), true);
  assert.is(budgetSpent(), true);
});

budget("the next turn has a share of its own", async () => {
  budgetSpent();
  burn(LONG_MS);
  assert.is(budgetSpent(), true);
  await nextTurn();
  assert.is(budgetSpent(), false);
});

budget("awaiting what is there already does not make a new turn", async () => {
  budgetSpent();
  burn(LONG_MS);
  for (let i = 0; i < 100; i++) await Promise.resolve();
  assert.is(budgetSpent(), true);
});

budget("the next turn comes, also for one who has not asked about the budget", async () => {
  const came = await Promise.race([nextTurn().then(() => true), sleep(500, false)]);
  assert.is(came, true);
});

/** Reads a flood for as long as the budget allows, and yields as it asks. */
async function readFlood(until: () => boolean, onShare: () => void = () => {}): Promise<number> {
  let read = 0;
  while (!until()) {
    if (budgetSpent()) {
      await nextTurn();
      onShare();
      continue;
    }
    read += 1;
    await Promise.resolve();
  }
  return read;
}

budget("timers and other callbacks run while a flood is read", async () => {
  let ticks = 0;
  const ticking = setInterval(() => {
    ticks += 1;
  }, 1);
  const read = await readFlood(() => ticks >= 5);
  clearInterval(ticking);
  assert.ok(read > 0);
});

budget("of several readers each comes first in its turn", async () => {
  const READERS = 4;
  const ROUNDS = 40;
  const firsts = Array.from({ length: READERS }, () => 0);
  for (let round = 0; round < ROUNDS; round++) {
    budgetSpent();
    burn(5);
    assert.ok(budgetSpent());
    let first: number | undefined;
    const waiting = firsts.map(async (_, reader) => {
      await nextTurn();
      first ??= reader;
    });
    await Promise.all(waiting);
    firsts[first ?? 0] = (firsts[first ?? 0] ?? 0) + 1;
  }
  assert.equal(
    firsts,
    Array.from({ length: READERS }, () => ROUNDS / READERS),
  );
});

budget("several readers of a flood all get on", async () => {
  let over = false;
  setTimeout(() => {
    over = true;
  }, 60);
  const shares = await Promise.all(
    [0, 1, 2].map(async () => {
      let count = 0;
      await readFlood(
        () => over,
        () => {
          count += 1;
        },
      );
      return count;
    }),
  );
  for (const count of shares) assert.ok(count > 0, JSON.stringify(shares));
});

budget.run();
