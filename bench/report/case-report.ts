import { judgeGoal } from "../goals.js";
import type { Case, Metric, Variant } from "../scenario.js";
import { overlap, type Summary, summarize } from "../statistics.js";
import { formatPercent } from "./number.js";
import type { CaseReport, Round, VariantReport } from "./report.js";

/** From this spread on a variant's median says little. */
const WIDE_SPREAD = 0.3;

/** Adds up the raw rounds of a case: medians, spreads, verdicts on its goals, and what to be wary of. */
export function reportCase(definition: Case, rounds: ReadonlyMap<string, readonly Round[]>): CaseReport {
  const variants = definition.variants
    .filter(({ name }) => rounds.has(name))
    .map((variant) => reportVariant(variant, definition.metrics, rounds.get(variant.name) ?? []));
  return {
    name: definition.name,
    metrics: definition.metrics,
    variants,
    goals: (definition.goals ?? []).map((goal) => judgeGoal(goal, definition.metrics, variants)),
    warnings: warn(definition.metrics, variants),
  };
}

function reportVariant(
  { name, peer, work }: Variant,
  metrics: readonly Metric[],
  rounds: readonly Round[],
): VariantReport {
  if ("unable" in work) return { name, peer, rounds: [], summaries: {}, unable: work.unable };
  const failed = rounds.find((round) => "failure" in round);
  if (failed !== undefined) return { name, peer, rounds, summaries: {}, failure: failed.failure };
  const summaries: Record<string, Summary> = {};
  for (const { key } of metrics) {
    const values = rounds.flatMap((round) => ("measurement" in round ? (round.measurement[key] ?? []) : []));
    const summary = summarize(values);
    if (summary !== undefined) summaries[key] = summary;
  }
  return { name, peer, rounds, summaries };
}

function warn([metric]: readonly Metric[], variants: readonly VariantReport[]): string[] {
  if (metric === undefined) return [];
  const measured = variants.flatMap(({ name, summaries }) => {
    const summary = summaries[metric.key];
    return summary === undefined ? [] : [{ name, summary }];
  });
  const [first, ...others] = measured;
  if (first === undefined) return [];
  if (measured.some(({ summary }) => summary.rounds < 3))
    return ["Less than three rounds: the spread is unknown, and any difference may be noise."];
  const wide = measured
    .filter(({ summary }) => (summary.spread ?? 0) > WIDE_SPREAD)
    .map(
      ({ name, summary }) =>
        `"${name}" varies by ${formatPercent(summary.spread ?? 0)} from round to round: its median says little.`,
    );
  const alike = others
    .filter(({ summary }) => overlap(first.summary, summary))
    .map(({ name }) => `"${name}"`);
  if (alike.length === 0) return wide;
  return [...wide, `"${first.name}" cannot be told from ${alike.join(", ")}: the rounds overlap.`];
}
