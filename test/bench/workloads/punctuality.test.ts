import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { watchTimer } from "../../../bench/workloads/punctuality.js";

function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

const punctuality = suite("punctuality");

punctuality("a loop that was held shows in every tick that it missed", async () => {
  const end = watchTimer(10);
  await sleep(25);
  block(200);
  await sleep(25);
  const { p50, p99, max } = end();
  assert.ok(max >= 185, `the first tick that was missed waited ${max} ms`);
  assert.ok(p50 >= 50, `most ticks were missed, half of them by ${p50} ms`);
  assert.ok(p99 <= max);
});

punctuality("a block that lasts to the end counts too", () => {
  const end = watchTimer(10);
  block(100);
  const { max } = end();
  assert.ok(max >= 85, `${max}`);
});

punctuality.run();
