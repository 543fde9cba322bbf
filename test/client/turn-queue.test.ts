import { getEventListeners } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Deadline } from "../../src/client/deadline.js";
import { TurnQueue } from "../../src/client/turn-queue.js";
import { rejects } from "../support/rejects.js";

const patient = (): Deadline => new Deadline("x", {});

/** Somebody who enters, and can be aborted while waiting. */
class Visitor {
  readonly #controller = new AbortController();
  readonly name: number;
  state: "waiting" | "inside" | "left" | "aborted" = "waiting";
  leave: () => void = () => {};

  constructor(queue: TurnQueue, name: number, log: number[]) {
    this.name = name;
    const deadline = new Deadline("x", { signal: this.#controller.signal });
    queue.enter(deadline).then(
      (leave) => {
        this.state = "inside";
        log.push(name);
        this.leave = () => {
          this.state = "left";
          leave();
        };
      },
      () => {
        this.state = "aborted";
      },
    );
  }

  abort(): void {
    this.#controller.abort();
  }

  get listeners(): number {
    return getEventListeners(this.#controller.signal, "abort").length;
  }
}

const queues = suite("turn-queue");

queues("everybody enters in order, one at a time", async () => {
  const queue = new TurnQueue();
  const log: number[] = [];
  const visitors = [0, 1, 2, 3].map((name) => new Visitor(queue, name, log));
  for (const visitor of visitors) {
    await nextTurn();
    assert.equal(
      visitors.filter(({ state }) => state === "inside").map(({ name }) => name),
      [visitor.name],
    );
    visitor.leave();
  }
  assert.equal(log, [0, 1, 2, 3]);
});

queues("one who gives up while waiting lets nobody in early, and holds nobody up", async () => {
  const queue = new TurnQueue();
  const log: number[] = [];
  const [first, second, third] = [0, 1, 2].map((name) => new Visitor(queue, name, log));
  assert.ok(first && second && third);
  await nextTurn();
  second.abort();
  await nextTurn();
  assert.equal([first.state, second.state, third.state], ["inside", "aborted", "waiting"]);
  assert.is(second.listeners, 0);
  first.leave();
  await nextTurn();
  assert.is(third.state, "inside");
});

queues("the first in line may give up too", async () => {
  const queue = new TurnQueue();
  const leave = await queue.enter(patient());
  const error = await rejects(queue.enter(new Deadline("x", { timeoutMs: 5 })));
  assert.is(error.code, "TIMEOUT");
  leave();
  (await queue.enter(patient()))();
});

queues("one who comes with a passed deadline is turned away, also from an empty queue", async () => {
  const queue = new TurnQueue();
  const passed = () => new Deadline("x", { signal: AbortSignal.abort() });
  assert.is((await rejects(queue.enter(passed()))).code, "ABORTED");
  const leave = await queue.enter(patient());
  assert.is((await rejects(queue.enter(passed()))).code, "ABORTED");
  leave();
  (await queue.enter(patient()))();
  assert.ok(queue.idle);
});

queues("an abort and a turn at the same moment: either enters, or lets the next one in", async () => {
  const queue = new TurnQueue();
  const log: number[] = [];
  const [first, second, third] = [0, 1, 2].map((name) => new Visitor(queue, name, log));
  assert.ok(first && second && third);
  await nextTurn();
  first.leave();
  second.abort();
  await nextTurn();
  if (second.state === "inside") second.leave();
  await nextTurn();
  assert.is(third.state, "inside");
});

queues("idle when nobody is in and nobody waits", async () => {
  const queue = new TurnQueue();
  assert.ok(queue.idle);
  const leave = await queue.enter(patient());
  assert.not(queue.idle);
  const waiting = queue.enter(patient());
  leave();
  assert.not(queue.idle);
  (await waiting)();
  assert.ok(queue.idle);
});

queues("leaving twice is leaving once", async () => {
  const queue = new TurnQueue();
  const leave = await queue.enter(patient());
  const second = queue.enter(patient());
  leave();
  leave();
  const leaveSecond = await second;
  assert.not(queue.idle, "the second one is still in");
  const third = queue.enter(patient());
  const entered = await Promise.race([third.then(() => true), nextTurn(false)]);
  assert.is(entered, false);
  leaveSecond();
  (await third)();
  assert.ok(queue.idle);
});

type Step = "come" | "leave" | "abort";

queues("whatever the order of coming, leaving and giving up", async () => {
  const step = fc.tuple(fc.constantFrom<Step>("come", "come", "leave", "abort"), fc.nat(20));
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      const queue = new TurnQueue();
      const log: number[] = [];
      const visitors: Visitor[] = [];
      const inside = () => visitors.filter(({ state }) => state === "inside");
      for (const [what, which] of steps) {
        if (what === "come") visitors.push(new Visitor(queue, visitors.length, log));
        if (what === "leave") inside()[0]?.leave();
        if (what === "abort") visitors[which % Math.max(1, visitors.length)]?.abort();
        if (which % 2 === 0) await nextTurn();
        assert.ok(inside().length <= 1, "two at a time");
      }
      for (let left = visitors.length; left >= 0; left--) {
        await nextTurn();
        inside()[0]?.leave();
      }
      assert.equal(
        visitors.filter(({ state }) => state !== "left" && state !== "aborted"),
        [],
        "everybody came to an end",
      );
      assert.equal(
        log,
        [...log].sort((a, b) => a - b),
        "in order",
      );
      assert.ok(queue.idle);
    }),
    { numRuns: 100 },
  );
});

queues.run();
