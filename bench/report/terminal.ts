/** The report as text for a terminal, 110 columns wide at most unless names are longer. */

import { busyWarning } from "../machine.js";
import type { Metric } from "../scenario.js";
import { formatNumber, formatPercent } from "./number.js";
import type { CaseReport, Report, ScenarioReport, VariantReport } from "./report.js";

const GiB = 2 ** 30;
const MARKS = { met: "✓", missed: "✗", "within noise": "~", "not measured": "·" } as const;

/** Renders everything. */
export function renderTerminal(report: Report): string {
  return [
    ...heading(report),
    ...report.scenarios.flatMap(renderScenario),
    ...goalSummary(report),
    ...(report.interrupted ? ["", "The run was stopped: what is missing was not measured."] : []),
    "",
  ].join("\n");
}

/** Renders one case: a table with a line for each variant, then goals and warnings. */
export function renderCase({ name, metrics, variants, goals, warnings }: CaseReport): string[] {
  const [first] = metrics;
  const reference = variants.find(({ summaries }) => first && summaries[first.key]);
  const head = [name, ...metrics.flatMap((metric) => metricHead(metric, metric === first)), "rounds"];
  const rows = variants.map((variant) => variantRow(variant, metrics, reference));
  return [
    "",
    ...alignColumns([head, ...rows]),
    ...variants.flatMap(({ name, failure }) =>
      failure === undefined ? [] : [`  FAILED ${name}: ${failure.replaceAll("\n", "\n    ")}`],
    ),
    ...variants.flatMap(({ name, unable }) => (unable === undefined ? [] : [`  - ${name}: ${unable}`])),
    ...goals.map(({ status, text }) => `  ${MARKS[status]} ${status}: ${text}`),
    ...warnings.map((warning) => `  ! ${warning}`),
  ];
}

function heading(report: Report): string[] {
  const { machine, settings, startedAt, durationMs } = report;
  const { versions } = machine;
  const busy = busyWarning(machine);
  const load = machine.loadAverage.map((value) => value.toFixed(2)).join(" ");
  return [
    `claude-offthread ${versions.offthread} · claude-agent-sdk ${versions.sdk} · claude ${versions.cli} · Node ${machine.node}`,
    `${machine.processor}, ${machine.cores} cores, ${formatNumber(machine.memoryBytes / GiB)} GiB, ${machine.os}; load before ${load}`,
    `${startedAt}, ${Math.round(durationMs / 1000)} s${settings.quick ? "; --quick: small inputs, no more than an impression" : ""}`,
    "Medians; ± is the distance of the quartiles; x is the relation of the first number to the first line's.",
    ...(busy === undefined ? [] : [`! ${busy}`]),
  ];
}

function renderScenario({ name, title, question, cases }: ScenarioReport): string[] {
  return ["", "", `${title} (${name})`, ...wrap(question), ...cases.flatMap(renderCase)];
}

function metricHead({ title, unit }: Metric, isFirst: boolean): string[] {
  const head = `${title}, ${unit}`;
  return isFirst ? [head, "±", "x"] : [head];
}

function variantRow(
  variant: VariantReport,
  metrics: readonly Metric[],
  reference: VariantReport | undefined,
): string[] {
  const cells = metrics.flatMap(({ key }, index) => {
    const summary = variant.summaries[key];
    if (summary === undefined) return index === 0 ? ["-", "", ""] : ["-"];
    if (index > 0) return [formatNumber(summary.median)];
    const base = reference?.summaries[key]?.median ?? Number.NaN;
    const spread = summary.spread === undefined ? "?" : formatPercent(summary.spread);
    return [formatNumber(summary.median), spread, formatNumber(summary.median / base)];
  });
  const [first] = metrics;
  const raw = variant.rounds.map((round) => {
    const value = first && "measurement" in round ? round.measurement[first.key] : undefined;
    return value === undefined ? "failed" : formatNumber(value);
  });
  return [`  ${variant.name}`, ...cells, raw.join(" ")];
}

/** Names and raw rounds to the left, numbers to the right. */
function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === 0 || column === row.length - 1 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join("  ")
      .trimEnd(),
  );
}

function goalSummary({ scenarios }: Report): string[] {
  const verdicts = scenarios.flatMap(({ cases }) => cases.flatMap(({ goals }) => goals));
  if (verdicts.length === 0) return [];
  const counts = Object.keys(MARKS).flatMap((status) => {
    const count = verdicts.filter((verdict) => verdict.status === status).length;
    return count === 0 ? [] : [`${count} ${status}`];
  });
  return ["", "", `Goals: ${counts.join(", ")}.`];
}

const TEXT_WIDTH = 110;

function wrap(text: string): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && line.length + 1 + word.length > TEXT_WIDTH) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}
