/** What a batch holds on to does not grow with the prompts that it has run. */

import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { BatchPrompt } from "../../src/index.js";
import { collectGarbage } from "../channel/collect-garbage.js";
import { FULL_SIZE, sized } from "../support/full-size.js";
import { assertNothingRuns } from "../support/scripted.js";
import { withBatch } from "./batch-rig.js";

const COUNT = sized(2_000, 20_000);
const MiB = 1024 * 1024;
const memory = suite("batch: memory");

/** Half of them have an id of their own. */
function* prompts(): Generator<string | BatchPrompt> {
  for (let index = 0; index < COUNT; index++) {
    const prompt = `prompt ${index} ${"x".repeat(index % 2_000)}`;
    yield index % 2 === 0 ? prompt : { id: `row ${index}`, prompt, metadata: { index } };
  }
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

memory("stays flat over many prompts", () =>
  withBatch([[]], prompts(), { concurrency: 4 }, async ({ run }) => {
    const seen = new Uint8Array(COUNT);
    const heap: number[] = [];
    const resident: number[] = [];
    let done = 0;
    for await (const { index, status } of run) {
      assert.is(status, "succeeded");
      assert.is(seen.at(index), 0, `prompt ${index} has two outcomes`);
      seen[index] = 1;
      done += 1;
      if (done % Math.floor(COUNT / 40) !== 0) continue;
      collectGarbage();
      heap.push(process.memoryUsage().heapUsed / MiB);
      resident.push(process.memoryUsage().rss / MiB);
    }
    assert.is(done, COUNT);
    const [second, last] = [heap.slice(10, 20), heap.slice(30)];
    const series = (values: readonly number[]) => values.map((value) => value.toFixed(1)).join(" ");
    const told = `heap ${series(heap)}; resident ${series(resident)} MiB`;
    if (FULL_SIZE) console.log(told);
    assert.ok(median(last) < median(second) + 4, told);
    // Less than a thread more; what a garbage collector has not given back yet is no growth.
    assert.ok(median(resident.slice(30)) < 1.2 * median(resident.slice(10, 20)), told);
  }),
);

memory("nothing is left running", assertNothingRuns);

memory.run();
