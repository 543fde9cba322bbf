import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { LimitGate } from "../../src/batch/limit-gate.js";
import { rejects } from "../support/rejects.js";
import { inTime } from "../support/scripted.js";

const gate = suite("limit gate");

const NEVER = new AbortController().signal;
setMaxListeners(0, NEVER);
const BACKOFF = { minMs: 20, maxMs: 100 };

/** So many that want in; `entered` are those that are, each with its way out. */
function crowd(through: LimitGate, count: number): (() => void)[] {
  const entered: (() => void)[] = [];
  for (let number = 0; number < count; number++) {
    void through.enter(NEVER).then((leave) => entered.push(leave));
  }
  return entered;
}

gate("stands open until something is refused", async () => {
  const open = new LimitGate(BACKOFF);
  const entered = crowd(open, 50);
  await sleep(0);
  assert.is(entered.length, 50);
  assert.is(open.limited, undefined);
});

gate("nobody enters before the limit's end; then one, and twice as many with each success", async () => {
  const limited = new LimitGate(BACKOFF);
  const end = Date.now() + 200;
  limited.refused("rate_limit", end);
  assert.equal(limited.limited, { kind: "rate_limit", until: end });
  const entered = crowd(limited, 10);
  await sleep(50);
  assert.is(entered.length, 0);
  await sleep(400);
  assert.ok(Date.now() >= end);
  for (const inside of [1, 2, 4, 8]) {
    assert.is(entered.length, Math.min(10, inside === 1 ? 1 : inside));
    limited.succeeded();
    await sleep(0);
  }
  assert.is(entered.length, 10);
});

gate("without a told end the wait doubles, has jitter, and is bounded", () => {
  const limited = new LimitGate(BACKOFF);
  const waits = Array.from({ length: 8 }, () => {
    const before = Date.now();
    limited.refused("overloaded", undefined);
    return (limited.limited?.until ?? 0) - before;
  });
  assert.ok((waits[0] ?? 0) >= 19 && (waits[0] ?? 0) <= 41, `${waits}`);
  assert.ok(
    waits.every((wait) => wait <= 101),
    `${waits}`,
  );
  assert.ok((waits.at(-1) ?? 0) > 50, `${waits}`);
});

gate("a call that the CLI repeats by itself lets half as many on", async () => {
  const limited = new LimitGate(BACKOFF);
  const inside = crowd(limited, 8);
  await sleep(0);
  limited.retrying("overloaded", 1);
  const more = crowd(limited, 8);
  await sleep(50);
  assert.is(more.length, 0);
  for (const leave of inside.slice(0, 4)) leave();
  await sleep(0);
  assert.is(more.length, 0, "four are still inside");
  inside[4]?.();
  await sleep(0);
  assert.is(more.length, 1);
});

gate("a limit that ends between two looks at the clock still lets in", async () => {
  const realNow = Date.now;
  const end = realNow();
  try {
    for (let early = 0; early < 12; early += 1) {
      let looks = 0;
      const limited = new LimitGate(BACKOFF);
      limited.refused("rate_limit", end);
      Date.now = () => (looks++ < early ? end - 1 : end + 1);
      const leave = await inTime(`entering with the limit's end after ${early} looks`, limited.enter(NEVER));
      leave();
    }
  } finally {
    Date.now = realNow;
  }
});

gate("leaving twice makes room once", async () => {
  const limited = new LimitGate(BACKOFF);
  limited.refused("rate_limit", Date.now() + 5);
  const entered = crowd(limited, 5);
  await sleep(50);
  entered[0]?.();
  entered[0]?.();
  await sleep(0);
  assert.is(entered.length, 2);
});

gate("whoever waits can give up, and the others still enter", async () => {
  const limited = new LimitGate(BACKOFF);
  limited.refused("rate_limit", Date.now() + 100);
  const controller = new AbortController();
  const waiting = limited.enter(controller.signal);
  const entered = crowd(limited, 1);
  controller.abort(new Error("enough"));
  assert.is((await rejects<Error>(waiting)).message, "enough");
  assert.is((await rejects<Error>(limited.enter(controller.signal))).message, "enough");
  await sleep(200);
  assert.is(entered.length, 1);
});

gate.run();
