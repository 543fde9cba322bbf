import { getEventListeners } from "node:events";
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Deadline, type WaitOptions } from "../../src/client/deadline.js";
import { AbortError, TimeoutError, WriteError } from "../../src/errors.js";
import { rejects } from "../support/rejects.js";

const NEVER = new Promise<never>(() => {});
const LONG_MS = 60_000;

const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

/** Runs and checks that neither a timer nor a listener on the signal is left. */
async function leavingNothing(
  signal: AbortSignal | undefined,
  run: () => Promise<Deadline | undefined>,
): Promise<void> {
  await nextTurn();
  const before = timers();
  await run();
  assert.is(timers(), before, "a timer is left");
  if (signal !== undefined) assert.equal(getEventListeners(signal, "abort"), [], "a listener is left");
}

const ends = suite("deadline: how it ends");

ends("without bounds it never does, unless it is told to", () =>
  leavingNothing(undefined, async () => {
    const told = new Deadline("waiting", {});
    const waiting = rejects(told.race(NEVER));
    const reason = new WriteError("gone");
    told.expire(reason);
    assert.is(await waiting, reason);
    const deadline = new Deadline("waiting", {});
    assert.is(await deadline.race(Promise.resolve(7)), 7);
    assert.is(deadline.error, undefined);
    deadline.clear();
    return deadline;
  }),
);

ends("by its time", () =>
  leavingNothing(undefined, async () => {
    const deadline = new Deadline("query()", { timeoutMs: 10 });
    const error = await rejects<TimeoutError>(deadline.race(NEVER));
    assert.instance(error, TimeoutError);
    assert.is(error.timeoutMs, 10);
    assert.match(error.message, "query() did not finish within 10 ms");
    assert.is(deadline.error, error);
    return deadline;
  }),
);

ends("by its signal, whose reason is the cause", async () => {
  const controller = new AbortController();
  await leavingNothing(controller.signal, async () => {
    const deadline = new Deadline("query()", { signal: controller.signal });
    const race = rejects(deadline.race(NEVER));
    const reason = new Error("enough");
    controller.abort(reason);
    const error = await race;
    assert.instance(error, AbortError);
    assert.is(error.cause, reason);
    assert.match(error.message, "query() was aborted");
    return deadline;
  });
});

ends("no time at all is over in the next turn", async () => {
  const deadline = new Deadline("x", { timeoutMs: 0 });
  assert.is(deadline.error, undefined);
  assert.is((await rejects(deadline.race(NEVER))).code, "TIMEOUT");
});

ends("whichever of both comes first counts, and the other is let go", async () => {
  const controller = new AbortController();
  const { signal } = controller;
  await leavingNothing(signal, async () => {
    const deadline = new Deadline("x", { signal, timeoutMs: 10 });
    assert.is((await rejects(deadline.race(NEVER))).code, "TIMEOUT");
    controller.abort();
    assert.is(deadline.error?.code, "TIMEOUT", "an abort afterwards changes nothing");
    return deadline;
  });
  const other = new AbortController();
  await leavingNothing(other.signal, async () => {
    const deadline = new Deadline("x", { signal: other.signal, timeoutMs: LONG_MS });
    other.abort();
    assert.is(deadline.error?.code, "ABORTED");
    return deadline;
  });
});

const early: readonly (readonly [title: string, extra: WaitOptions])[] = [
  ["a signal alone", {}],
  ["a signal and a time", { timeoutMs: LONG_MS }],
];
for (const [title, extra] of early) {
  ends(
    `aborted before its start, by ${title}: over at once, and nothing is left even without clear()`,
    () => {
      const signal = AbortSignal.abort("before");
      return leavingNothing(signal, async () => {
        const deadline = new Deadline("x", { ...extra, signal });
        assert.is(deadline.error?.code, "ABORTED");
        assert.is(deadline.error?.cause, "before");
        assert.is((await rejects(deadline.race(NEVER))).code, "ABORTED");
        return deadline;
      });
    },
  );
}

for (const timeoutMs of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
  ends(`${timeoutMs} ms are impossible: nothing is begun`, async () => {
    const { signal } = new AbortController();
    await leavingNothing(signal, async () => {
      assert.throws(
        () => new Deadline("x", { signal, timeoutMs }),
        (error: { code?: string }) => error.code === "INVALID_ARGUMENT",
      );
      return undefined;
    });
  });
}

ends("one that nobody waits for is no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  new Deadline("x", { timeoutMs: 1 });
  new Deadline("x", { signal: AbortSignal.abort() });
  await sleep(30);
  process.off("unhandledRejection", note);
  assert.equal(unhandled, []);
});

ends.run();

const clears = suite("deadline: what clear() leaves");

clears("nothing, while the time still runs", async () => {
  const { signal } = new AbortController();
  await leavingNothing(signal, async () => {
    const deadline = new Deadline("x", { signal, timeoutMs: LONG_MS });
    assert.is(getEventListeners(signal, "abort").length, 1);
    assert.is(await deadline.race(Promise.resolve("done")), "done");
    deadline.clear();
    return deadline;
  });
});

clears("a thousand waits on one signal leave no listener", async () => {
  const { signal } = new AbortController();
  for (let i = 0; i < 1_000; i++) new Deadline("x", { signal, timeoutMs: LONG_MS }).clear();
  assert.equal(getEventListeners(signal, "abort"), []);
});

clears("a deadline that never comes: an abort afterwards is not told", async () => {
  const controller = new AbortController();
  const deadline = new Deadline("x", { signal: controller.signal, timeoutMs: 5 });
  let told = 0;
  deadline.onExpiry(() => {
    told += 1;
  });
  deadline.clear();
  deadline.clear();
  controller.abort();
  await sleep(20);
  assert.is(deadline.error, undefined);
  assert.is(told, 0);
});

clears.run();

const races = suite("deadline: races and listeners");

races("the promise's own outcome wins when it is there first", async () => {
  const deadline = new Deadline("x", { timeoutMs: 5 });
  const own = new Error("own");
  assert.is(await rejects(deadline.race(Promise.reject(own))), own);
  assert.is(await deadline.race(Promise.resolve(1)), 1);
  await rejects(deadline.race(NEVER));
  assert.is(await deadline.race(Promise.resolve(2)), 2, "also when the deadline has passed");
});

races("a promise that fails after the deadline is no unhandled rejection", async () => {
  const unhandled: unknown[] = [];
  const note = (reason: unknown): void => void unhandled.push(reason);
  process.on("unhandledRejection", note);
  const deadline = new Deadline("x", { timeoutMs: 1 });
  await rejects(deadline.race(sleep(10).then(() => Promise.reject(new Error("late")))));
  await sleep(30);
  process.off("unhandledRejection", note);
  assert.equal(unhandled, []);
});

races("listeners are told once, when the error is there to be read", async () => {
  const controller = new AbortController();
  const deadline = new Deadline("x", { signal: controller.signal });
  const told: unknown[] = [];
  deadline.onExpiry(() => told.push(deadline.error?.code));
  const forget = deadline.onExpiry(() => told.push("forgotten"));
  forget();
  controller.abort();
  controller.abort();
  assert.equal(told, ["ABORTED"]);
});

races("a listener that comes too late is told at once", () => {
  const deadline = new Deadline("x", { signal: AbortSignal.abort() });
  const told: string[] = [];
  const forget = deadline.onExpiry(() => told.push("late"));
  forget();
  assert.equal(told, ["late"]);
});

races("a listener that forgets another while being told", () => {
  const controller = new AbortController();
  const deadline = new Deadline("x", { signal: controller.signal });
  const told: string[] = [];
  let forget = (): void => {};
  deadline.onExpiry(() => {
    told.push("first");
    forget();
  });
  forget = deadline.onExpiry(() => told.push("second"));
  controller.abort();
  assert.ok(told.includes("first"));
  assert.is(new Set(told).size, told.length);
});

races.run();
