import { Writable } from "node:stream";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { BatchStats } from "../../src/batch/batch-stats.js";
import { bar, batchProgress, progressText } from "../../src/command/batch-progress.js";
import { type BatchView, BatchViewer } from "../../src/command/batch-view.js";
import { echo, onUser, sleep, turn } from "../../src/testing/index.js";
import { assertComplete, onBatchStage, rows } from "./batch-stage.js";

const VIEW: BatchView = {
  ...{ phase: "running", total: 1_000, done: 412, succeeded: 409, failed: 3, running: 4, waiting: 2 },
  ...{ perSecond: 16.84, etaMs: 34_900, costUsd: 0.82134, limited: undefined, elapsedMs: 24_500 },
};

const progress = suite("progress of a batch");

const TEXTS: [title: string, view: Partial<BatchView>, text: string][] = [
  ["in full", {}, "412 of 1,000  41%  3 failed  4 running  16.8/s  ETA 35 s  $0.8213"],
  [
    "of an unknown number",
    { total: undefined, etaMs: undefined, failed: 0 },
    "412 done  4 running  16.8/s  $0.8213",
  ],
  [
    "slow and long",
    { perSecond: 0.05, etaMs: 8_000_000 },
    "412 of 1,000  41%  3 failed  4 running  3.0/min  ETA 2 h 13 min  $0.8213",
  ],
  [
    "waiting for a limit",
    { limited: { kind: "rate_limit", waitMs: 125_000 }, running: 0, failed: 0, etaMs: undefined },
    "412 of 1,000  41%  0 running  16.8/s  $0.8213  rate limit: waiting 2 min 5 s",
  ],
  [
    "near its end",
    { phase: "finishing", done: 999, failed: 0, etaMs: undefined },
    "999 of 1,000  99%  4 running  16.8/s  $0.8213  finishing what is running",
  ],
  [
    "stopping",
    { phase: "stopping", failed: 0, etaMs: undefined, costUsd: 123.456 },
    "412 of 1,000  41%  4 running  16.8/s  $123.46  stopping",
  ],
];
for (const [title, view, text] of TEXTS) {
  progress(`as a line: ${title}`, () => assert.is(progressText({ ...VIEW, ...view }), text));
}

progress("as a bar", () => {
  const shown = (done: number, total: number | undefined) => bar({ ...VIEW, done, total }, 4);
  assert.equal([shown(0, 8), shown(3, 8), shown(7, 8), shown(8, 8)], ["░░░░ ", "█░░░ ", "███░ ", "████ "]);
  assert.equal([shown(3, undefined), shown(0, 0)], ["", ""]);
});

const STATS: BatchStats = {
  ...{ taken: 0, done: 0, succeeded: 0, failed: 0, aborted: 0, running: 0, waiting: 0, retries: 0 },
  ...{ costUsd: 0, processes: { started: 0, alive: 0 }, elapsedMs: 0 },
};

progress("the pace is that of the last 20 s, and an ETA needs one", () => {
  const viewer = new BatchViewer();
  const at = (elapsedMs: number, succeeded: number) =>
    viewer.view({ ...STATS, elapsedMs, succeeded, aborted: 5 }, 400, "running");
  assert.equal({ ...at(0, 0) }.etaMs, undefined);
  for (let second = 1; second <= 100; second += 1) at(second * 1_000, second);
  for (let second = 101; second <= 130; second += 1) at(second * 1_000, 100 + (second - 100) * 4);
  const { perSecond, etaMs, done } = at(130_500, 222);
  assert.is(done, 222, "what was aborted is not done");
  assert.ok(perSecond > 3.9 && perSecond < 4.2, `${perSecond}`);
  assert.ok(etaMs !== undefined && etaMs > 40_000 && etaMs < 46_000, `${etaMs}`);
  assert.is(viewer.view({ ...STATS, elapsedMs: 131_000 }, undefined, "running").etaMs, undefined);
  const { limited } = viewer.view({ ...STATS, limited: { kind: "overloaded", until: 0 } }, 1, "running");
  assert.equal(limited, { kind: "overloaded", waitMs: 0 });
});

/** What is written to a terminal or a pipe. */
class Sink extends Writable {
  text = "";
  constructor(readonly isTTY: boolean) {
    super();
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

progress("on a terminal the line is painted over, and gone at the end", () => {
  const sink = new Sink(true);
  const shown = batchProgress({ output: "x" }, sink);
  shown.show(VIEW);
  shown.say("a note");
  shown.show({ ...VIEW, done: 413 });
  shown.end("the summary\n", {});
  assert.match(sink.text, /█+░+ 412 of 1,000 .*a note\n.*413 of 1,000.*the summary\n$/s);
  const ERASE = "\u001b[2K";
  assert.ok(
    sink.text.lastIndexOf(ERASE) > sink.text.indexOf("413 of"),
    "the bar is erased before the summary",
  );
});

progress("in a pipe lines come ever less often, and the summary", () => {
  const sink = new Sink(false);
  const shown = batchProgress({ output: "x" }, sink);
  for (let second = 0; second <= 600; second += 1) shown.show({ ...VIEW, elapsedMs: second * 1_000 });
  shown.end("the summary\n", {});
  const lines = sink.text.trimEnd().split("\n");
  assert.ok(lines.length >= 10 && lines.length <= 14, `${lines.length} lines in ten minutes`);
  assert.is(lines.at(-1), "the summary");
});

progress("--json-progress: every line on stderr is JSON, the last one the summary or an error", async () => {
  await onBatchStage([onUser(turn(sleep(700), echo()))], async (stage) => {
    stage.write("prompts.jsonl", rows(4));
    const args = ["prompts.jsonl", "-o", "results.jsonl", "--json-progress"];
    const { exitCode, stdout, stderr } = await stage.run(...args, "--concurrency", "1");
    assert.equal({ exitCode, stdout }, { exitCode: 0, stdout: "" });
    const lines = stderr
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    const views = lines.filter(({ type }) => type === "progress");
    assert.ok(views.length >= 2, stderr);
    assert.equal({ total: views[0].total, phase: views[0].phase }, { total: 4, phase: "running" });
    assert.is(views.at(-1).done, 4);
    const { type, end, succeeded, failed, left, exitCode: told } = lines.at(-1);
    assert.equal(
      { type, end, succeeded, failed, left, told },
      { type: "summary", end: "done", succeeded: 4, failed: 0, left: 0, told: 0 },
    );
    assertComplete(stage.results(), 4);

    stage.write("prompts.jsonl", "nonsense\n");
    const bad = await stage.run(...args);
    assert.is(bad.exitCode, 2);
    const error = JSON.parse(bad.stderr);
    assert.equal({ type: error.type, code: error.code }, { type: "error", code: "BAD_INPUT" });
  });
});

progress("--quiet says nothing but errors", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(3));
    const args = ["prompts.jsonl", "-o", "results.jsonl", "--quiet"];
    const { exitCode, stdout, stderr } = await stage.run(...args);
    assert.equal({ exitCode, stdout, stderr }, { exitCode: 0, stdout: "", stderr: "" });
    stage.write("prompts.jsonl", "nonsense\n");
    assert.match((await stage.run(...args)).stderr, /^error \[BAD_INPUT\]/);
  });
});

progress.run();
