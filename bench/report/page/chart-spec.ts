import type { Metric, PeerName } from "../../scenario.js";
import { formatNumber } from "../number.js";
import type { CaseReport, VariantReport } from "../report.js";

/** What the page's script needs to draw one chart. */
export interface ChartSpec {
  /** Of the canvas. */
  readonly id: string;
  readonly axis: string;
  readonly bars: readonly ChartBar[];
}

/** One variant: a bar up to the median, a dot for each round. */
export interface ChartBar {
  readonly label: string;
  readonly peer: PeerName;
  readonly median: number;
  /** The median with its unit, as people read it. */
  readonly text: string;
  /** In the order of time. */
  readonly rounds: readonly number[];
  readonly roundTexts: readonly string[];
}

/** The chart of a case's first metric; undefined when no variant has measured it. */
export function chartOf(id: string, { metrics, variants }: CaseReport): ChartSpec | undefined {
  const [metric] = metrics;
  if (metric === undefined) return undefined;
  const bars = variants.flatMap((variant) => barOf(variant, metric));
  return bars.length === 0 ? undefined : { id, axis: axisOf(metric), bars };
}

/** What a metric says, with its unit and which way is better. */
export function axisOf({ title, unit, better }: Metric): string {
  return `${title}, ${unit} (${better} is better)`;
}

/** What the chart shows, for those who cannot see it. */
export function describeChart({ axis, bars }: ChartSpec): string {
  const medians = bars.map(({ label, text }) => `${label} ${text}`).join("; ");
  return `Bar chart of medians, ${axis}: ${medians}. The table below has the figures.`;
}

/** The values of one metric in the order of the rounds. */
export function roundsOf({ rounds }: VariantReport, key: string): number[] {
  return rounds.flatMap((round) => ("measurement" in round ? (round.measurement[key] ?? []) : []));
}

function barOf(variant: VariantReport, { key, unit }: Metric): ChartBar[] {
  const summary = variant.summaries[key];
  if (summary === undefined) return [];
  const { name: label, peer } = variant;
  const rounds = roundsOf(variant, key);
  const text = (value: number) => `${formatNumber(value)} ${unit}`;
  return [
    { label, peer, median: summary.median, text: text(summary.median), rounds, roundTexts: rounds.map(text) },
  ];
}
