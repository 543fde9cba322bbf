/** How a batch comes to its end before its input does. */

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { SessionPool } from "../../src/index.js";
import { type CliScript, init, onUser, sleep as pause, result, turn } from "../../src/testing/index.js";
import { assertNothingRuns } from "../support/scripted.js";
import { endings, numbered, outcomesOf, refused, withBatch } from "./batch-rig.js";

const stops = suite("batch: stopping");

/** Each prompt takes its time. */
const SLOW: CliScript = [onUser(turn(pause(300), "done"))];

stops("finish() lets what runs end, and takes no more", () =>
  withBatch([SLOW], numbered(1_000), {}, async ({ run }) => {
    await run.next();
    const { taken } = run.stats();
    run.finish();
    const outcomes = await outcomesOf(run);
    assert.ok(outcomes.some(({ status }) => status === "succeeded"));
    assert.is(outcomes.length, taken - 1);
    for (const { error, attempts } of outcomes.filter(({ status }) => status === "aborted")) {
      assert.equal([error?.kind, attempts], ["aborted", 0]);
    }
    assert.is(run.stats().stopped, "finished");
  }),
);

stops("a signal stops what runs as well, and every prompt taken has its outcome", async () => {
  const controller = new AbortController();
  const forEver = [onUser([init(), pause(60_000)])];
  await withBatch([forEver], numbered(1_000), { signal: controller.signal }, async ({ run }) => {
    setTimeout(() => controller.abort(), 500);
    const outcomes = await outcomesOf(run);
    assert.is(outcomes.length, run.stats().taken);
    assert.ok(outcomes.every(({ status, error }) => status === "aborted" && error?.kind === "aborted"));
    assert.is(run.stats().stopped, "aborted");
  });
});

stops("a signal that was given before starts nothing", () =>
  withBatch([[]], numbered(3), { signal: AbortSignal.abort() }, async ({ run, cli }) => {
    assert.equal([await outcomesOf(run), cli.starts()], [[], 0]);
  }),
);

stops("a signal reaches waits for another attempt too", async () => {
  const controller = new AbortController();
  const options = { signal: controller.signal, retry: { minMs: 60_000, maxMs: 60_000 } };
  await withBatch([[onUser(refused(500))]], ["hello"], options, async ({ run }) => {
    setTimeout(() => controller.abort(), 1_000);
    const [outcome] = await outcomesOf(run);
    assert.equal([outcome?.status, outcome?.attempts], ["aborted", 1]);
    assert.match(outcome?.error?.message ?? "", "API Error: 500");
  });
});

stops("leaving the loop ends all processes, and tells the input", async () => {
  let closed = false;
  function* input(): Generator<string> {
    try {
      yield* numbered(1_000);
    } finally {
      closed = true;
    }
  }
  await withBatch([SLOW], input(), { concurrency: 3 }, async ({ run }) => {
    for await (const _ of run) break;
    assert.is(run.stats().processes.alive, 0);
    assert.is(closed, true);
    assert.is((await run.next()).done, true);
  });
});

stops("the budget ends the batch when it is used up", () => {
  const costly = [onUser([init(), result({ total_cost_usd: 0.25 })])];
  return withBatch([costly], numbered(50), { concurrency: 1, maxBudgetUsd: 1 }, async ({ run }) => {
    const outcomes = await outcomesOf(run);
    const ran = outcomes.filter(({ status }) => status === "succeeded");
    assert.is(ran.length, 4);
    assert.ok(
      outcomes.filter((outcome) => !ran.includes(outcome)).every(({ error }) => error?.kind === "budget"),
    );
    assert.equal([run.stats().stopped, run.stats().costUsd], ["budget", 1]);
  });
});

stops("no more prompts than allowed are read, and all of them are answered", () =>
  withBatch([[]], numbered(50), { maxPrompts: 5 }, async ({ run }) => {
    assert.is(Object.values(endings(await outcomesOf(run))).join(), Array(5).fill("succeeded").join());
    assert.is(run.stats().stopped, "max_prompts");
  }),
);

stops("a pool of its own can be closed afterwards", async () => {
  await using pool = new SessionPool({ threads: 1 });
  await withBatch([[]], numbered(3), { pool }, async ({ run }) => {
    assert.is((await outcomesOf(run)).length, 3);
    assert.is(pool.stats().openSessions, 0);
  });
});

stops("nothing is left running", () => assertNothingRuns());

stops.run();
