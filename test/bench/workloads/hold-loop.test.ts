import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { holdLoop, holdLoopRegularly } from "../../../bench/workloads/hold-loop.js";

const hold = suite("holding the loop");

hold("nothing else runs meanwhile", async () => {
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  await sleep(20);
  const before = ticks;
  const began = performance.now();
  holdLoop(100);
  assert.ok(performance.now() - began >= 99);
  assert.is(ticks, before);
  assert.ok(before > 0, "the timer did run");
  clearInterval(timer);
});

hold("for no time at all is nothing", () => holdLoop(0));

hold("regularly: for about its share of the time, until it is released", async () => {
  const began = performance.now();
  const release = holdLoopRegularly(15, 20);
  await sleep(200);
  const { heldMs, times } = release();
  const share = heldMs / (performance.now() - began);
  assert.ok(share > 0.5, `held for ${share} of the time`);
  assert.ok(times >= 3, `${times} times`);
  const utilization = performance.eventLoopUtilization();
  await sleep(60);
  assert.ok(performance.eventLoopUtilization(utilization).active < 30, "it is held no more");
});

hold.run();
