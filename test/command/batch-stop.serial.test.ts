import { setTimeout as pause } from "node:timers/promises";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type CliScript, echo, onUser, sleep, turn } from "../../src/testing/index.js";
import { assertComplete, onBatchStage, recorded, rows } from "./batch-stage.js";
import { ended } from "./command-run.js";

const IN_AND_OUT = ["prompts.jsonl", "-o", "results.jsonl", "--concurrency", "2"];
const SLOW: CliScript = [onUser(turn(sleep(150), echo()))];
const stops = suite("claude-offthread batch: stop and resume");

stops("Ctrl+C finishes what runs, and the same command goes on", async () => {
  await onBatchStage([onUser(turn(sleep(800), echo()))], async (stage) => {
    stage.write("prompts.jsonl", rows(6));
    const run = stage.start(...IN_AND_OUT);
    await recorded(stage, run, 2);
    const before = stage.results().length;
    await pause(300);
    run.kill("SIGINT");
    const { exitCode, stderr } = await ended(run);
    assert.is(exitCode, 130);
    assert.match(stderr, "finishing what is running; Ctrl+C once more stops now\n");
    assert.is(stage.results().length, before + 2, "what ran was finished");
    assert.match(stderr, /^stopped 4 of 6 prompts in .*, interrupted$/m);
    assert.match(stderr, /^go on {3}node .* batch .*prompts\.jsonl -o results\.jsonl --concurrency 2$/m);
    stage.script([]);
    assert.is((await stage.run(...IN_AND_OUT)).exitCode, 0);
    assertComplete(stage.results(), 6);
  });
});

const STOPS: [title: string, signals: NodeJS.Signals[], exitCode: number][] = [
  ["a second Ctrl+C", ["SIGINT", "SIGINT"], 130],
  ["SIGTERM", ["SIGTERM"], 143],
  ["SIGTERM after Ctrl+C", ["SIGINT", "SIGTERM"], 130],
];
for (const [title, signals, code] of STOPS) {
  stops(`${title} stops now; what ran is not recorded`, async () => {
    await onBatchStage([onUser(turn(echo()), turn(sleep(60_000), echo()))], async (stage) => {
      stage.write("prompts.jsonl", rows(6));
      const run = stage.start(...IN_AND_OUT);
      await recorded(stage, run, 2);
      await pause(300);
      for (const signal of signals) {
        run.kill(signal);
        if (signal === "SIGINT") await run.stderrWith("once more");
      }
      const { exitCode, stderr } = await ended(run);
      assert.is(exitCode, code, stderr);
      assert.match(stderr, "stopping now: what runs is ended, and not recorded\n");
      assert.match(stderr, /^stopped 2 of 6 prompts/m);
      assert.is(stage.results().length, 2);
      stage.script([]);
      assert.is((await stage.run(...IN_AND_OUT)).exitCode, 0);
      assertComplete(stage.results(), 6);
    });
  });
}

stops("Ctrl+C while stdin is silent ends it", async () => {
  await onBatchStage([], async (stage) => {
    const run = stage.start("-o", "results.jsonl");
    run.send('{"id":"p0","prompt":"say 0"}');
    await recorded(stage, run, 1);
    run.kill("SIGINT");
    assert.is((await ended(run)).exitCode, 130);
    assertComplete(stage.results(), 1);
  });
});

stops("killed at random moments, it ends with every prompt once", async () => {
  const moments = fc.sample(fc.integer({ min: 0, max: 900 }), 6);
  await onBatchStage(SLOW, async (stage) => {
    const count = 60;
    stage.write("prompts.jsonl", rows(count));
    for (const moment of moments) {
      const before = stage.results();
      const run = stage.start(...IN_AND_OUT);
      await Promise.race([recorded(stage, run, before.length + 1).catch(() => {}), run.ended]);
      await pause(moment);
      run.kill("SIGKILL");
      await run.ended;
      assert.equal(stage.results().slice(0, before.length), before, "what was recorded stays");
    }
    const { exitCode, stderr } = await stage.run(...IN_AND_OUT);
    assert.is(exitCode, 0, `${stderr} (killed after ${moments.join(", ")} ms)`);
    assertComplete(stage.results(), count);
  });
});

stops("killed before it has begun, it leaves nothing in the way", async () => {
  const moments = fc.sample(fc.integer({ min: 30, max: 400 }), 5);
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(4));
    for (const moment of moments) {
      const run = stage.start(...IN_AND_OUT);
      await pause(moment);
      run.kill("SIGKILL");
      await run.ended;
    }
    const { exitCode, stderr } = await stage.run(...IN_AND_OUT);
    assert.is(exitCode, 0, `${stderr} (killed after ${moments.join(", ")} ms)`);
    assertComplete(stage.results(), 4);
  });
});

stops.run();
