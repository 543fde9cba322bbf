/** Whether what was promised holds in this run. */

import { formatNumber } from "./report/number.js";
import type { VariantReport } from "./report/report.js";
import type { Goal, Metric } from "./scenario.js";
import type { Summary } from "./statistics.js";

/** What became of a goal. */
export interface GoalVerdict {
  readonly goal: Goal;
  /**
   * `met` and `missed` hold over the middle half of the rounds; `within noise` means that the goal lies inside of
   * it; `not measured` that a side of the comparison is missing.
   */
  readonly status: "met" | "missed" | "within noise" | "not measured";
  /** How many times better, or how many times the other's value, by the medians; absent when not measured. */
  readonly achieved?: number;
  /** The goal and what was achieved, in one sentence. */
  readonly text: string;
}

/** A range of ratios: by the medians, and what the quartiles allow at worst and at best. */
interface Ratio {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Compares a goal with what the variants of its case have measured. */
export function judgeGoal(
  goal: Goal,
  metrics: readonly Metric[],
  variants: readonly VariantReport[],
): GoalVerdict {
  const metric = metrics.find(({ key }) => key === goal.metric);
  const ours = summaryOf(goal.variant, goal.metric, variants);
  const theirs =
    typeof goal.against === "number"
      ? constant(goal.against)
      : summaryOf(goal.against, goal.metric, variants);
  const promise = describe(goal, metric);
  if (metric === undefined || ours === undefined || theirs === undefined)
    return { goal, status: "not measured", text: `${promise}: not measured` };
  const lowerIsBetter = metric.better === "lower";
  const ratio =
    goal.relation === "times better" && lowerIsBetter ? divide(theirs, ours) : divide(ours, theirs);
  const holds = (value: number) =>
    goal.relation === "at most" ? value <= goal.factor : value >= goal.factor;
  const [worst, best] = goal.relation === "at most" ? [ratio.high, ratio.low] : [ratio.low, ratio.high];
  const status = holds(worst) ? "met" : holds(best) ? "within noise" : "missed";
  return { goal, status, achieved: ratio.median, text: `${promise}: ${achieved(goal, metric, ratio, ours)}` };
}

function summaryOf(name: string, metric: string, variants: readonly VariantReport[]): Summary | undefined {
  return variants.find((variant) => variant.name === name)?.summaries[metric];
}

function constant(value: number): Pick<Summary, "median" | "lowerQuartile" | "upperQuartile"> {
  return { median: value, lowerQuartile: value, upperQuartile: value };
}

function divide(
  over: Pick<Summary, "median" | "lowerQuartile" | "upperQuartile">,
  under: Pick<Summary, "median" | "lowerQuartile" | "upperQuartile">,
): Ratio {
  return {
    median: over.median / under.median,
    low: over.lowerQuartile / under.upperQuartile,
    high: over.upperQuartile / under.lowerQuartile,
  };
}

function describe({ variant, against, relation, factor, metric }: Goal, named: Metric | undefined): string {
  const what = `${variant}, ${named?.title ?? metric}`;
  if (typeof against === "number") {
    const limit = `${formatNumber(against * factor)} ${named?.unit ?? ""}`.trim();
    return relation === "times better"
      ? `${what}: at least ${formatNumber(factor)}x better than ${against} ${named?.unit ?? ""}`.trim()
      : `${what}: ${relation} ${limit}`;
  }
  return relation === "times better"
    ? `${what}: at least ${formatNumber(factor)}x better than ${against}`
    : `${what}: ${relation} ${formatNumber(factor)}x of ${against}`;
}

function achieved(goal: Goal, metric: Metric, { median, low, high }: Ratio, ours: Summary): string {
  if (typeof goal.against === "number" && goal.relation !== "times better")
    return `${formatNumber(ours.median)} ${metric.unit} (${formatNumber(ours.lowerQuartile)} to ${formatNumber(ours.upperQuartile)})`;
  return `${formatNumber(median)}x (${formatNumber(low)} to ${formatNumber(high)})`;
}
