import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type GoalVerdict, judgeGoal } from "../../bench/goals.js";
import type { VariantReport } from "../../bench/report/report.js";
import type { Goal, Metric } from "../../bench/scenario.js";
import { type Summary, summarize } from "../../bench/statistics.js";

const METRICS: readonly Metric[] = [
  { key: "ms", title: "time", unit: "ms", better: "lower" },
  { key: "rate", title: "rate", unit: "MB/s", better: "higher" },
];

function variant(name: string, key: string, values: readonly number[]): VariantReport {
  const summary = summarize(values);
  const summaries: Record<string, Summary> = summary === undefined ? {} : { [key]: summary };
  return { name, peer: "offthread", rounds: [], summaries };
}

const goals = suite("goals");

interface Row {
  readonly title: string;
  readonly metric: "ms" | "rate";
  readonly ours: readonly number[];
  readonly theirs: readonly number[] | number;
  readonly relation: Goal["relation"];
  readonly factor: number;
  readonly status: GoalVerdict["status"];
  readonly achieved?: number;
}

const rows: readonly Row[] = [
  {
    ...{ title: "far less time", metric: "ms", ours: [1, 1, 1], theirs: [30, 30, 30] },
    ...{ relation: "times better", factor: 20, status: "met", achieved: 30 },
  },
  {
    ...{ title: "not enough less time", metric: "ms", ours: [2, 2, 2], theirs: [30, 30, 30] },
    ...{ relation: "times better", factor: 20, status: "missed", achieved: 15 },
  },
  {
    ...{ title: "rounds on both sides of the goal", metric: "ms", ours: [1, 1, 1], theirs: [15, 21, 30] },
    ...{ relation: "times better", factor: 20, status: "within noise", achieved: 21 },
  },
  {
    ...{ title: "a higher rate", metric: "rate", ours: [300, 300, 300], theirs: [100, 100, 100] },
    ...{ relation: "times better", factor: 2, status: "met", achieved: 3 },
  },
  {
    ...{ title: "a lower rate", metric: "rate", ours: [100, 100, 100], theirs: [300, 300, 300] },
    ...{ relation: "times better", factor: 2, status: "missed", achieved: 1 / 3 },
  },
  {
    ...{ title: "a rate not below another", metric: "rate", ours: [110, 110, 110], theirs: [100, 100, 100] },
    ...{ relation: "at least", factor: 1, status: "met", achieved: 1.1 },
  },
  {
    ...{ title: "a time not above another", metric: "ms", ours: [12, 12, 12], theirs: [10, 10, 10] },
    ...{ relation: "at most", factor: 1.1, status: "missed", achieved: 1.2 },
  },
  {
    ...{ title: "a time below a constant", metric: "ms", ours: [3, 4, 4.5], theirs: 5 },
    ...{ relation: "at most", factor: 1, status: "met", achieved: 0.8 },
  },
  {
    ...{ title: "a time around a constant", metric: "ms", ours: [3, 5, 9], theirs: 5 },
    ...{ relation: "at most", factor: 1, status: "within noise", achieved: 1 },
  },
  {
    ...{ title: "a constant to be better than", metric: "ms", ours: [1, 1, 1], theirs: 5 },
    ...{ relation: "times better", factor: 4, status: "met", achieved: 5 },
  },
  {
    ...{ title: "nothing of ours", metric: "ms", ours: [], theirs: [1] },
    ...{ relation: "at most", factor: 1, status: "not measured" },
  },
  {
    ...{ title: "nothing of theirs", metric: "ms", ours: [1], theirs: [] },
    ...{ relation: "at most", factor: 1, status: "not measured" },
  },
];
for (const { title, metric, ours, theirs, relation, factor, status, achieved } of rows) {
  goals(`${title}: ${status}`, () => {
    const against = typeof theirs === "number" ? theirs : "theirs";
    const variants = [
      variant("ours", metric, ours),
      ...(typeof theirs === "number" ? [] : [variant("theirs", metric, theirs)]),
    ];
    const verdict = judgeGoal({ metric, variant: "ours", against, relation, factor }, METRICS, variants);
    assert.is(verdict.status, status, verdict.text);
    if (achieved === undefined) assert.not.ok("achieved" in verdict);
    else assert.ok(Math.abs((verdict.achieved ?? Number.NaN) - achieved) < 1e-9, `${verdict.achieved}`);
  });
}

goals("says in a sentence what was promised and what came of it", () => {
  const variants = [variant("ours", "ms", [1, 1, 1]), variant("theirs", "ms", [30, 30, 30])];
  const goal = { metric: "ms", variant: "ours", relation: "times better", factor: 20 } as const;
  const said = judgeGoal({ ...goal, against: "theirs" }, METRICS, variants).text;
  assert.is(said, "ours, time: at least 20x better than theirs: 30x (30 to 30)");
  const limit = judgeGoal({ ...goal, against: 5, relation: "at most", factor: 1 }, METRICS, variants).text;
  assert.is(limit, "ours, time: at most 5 ms: 1 ms (1 to 1)");
});

goals("a metric that the case does not have is not measured", () => {
  const goal: Goal = { metric: "bytes", variant: "ours", against: 1, relation: "at most", factor: 1 };
  assert.is(judgeGoal(goal, METRICS, [variant("ours", "ms", [1])]).status, "not measured");
});

goals.run();
