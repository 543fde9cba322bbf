/** The tables of a case: what the rounds add up to, and the rounds themselves. */

import type { Metric } from "../../scenario.js";
import type { Summary } from "../../statistics.js";
import { formatNumber, formatPercent } from "../number.js";
import type { CaseReport, Round, VariantReport } from "../report.js";
import { html, type Markup } from "./markup.js";

/** Medians, spreads and ratios; a variant without figures has the reason in their place. */
export function summaryTable({ name, metrics, variants }: CaseReport): Markup {
  return scrollable(
    `${name}: medians`,
    html`<table>
<thead><tr><th scope="col">variant</th>${metrics.map(metricHead)}</tr></thead>
<tbody>${variants.map((variant) => summaryRow(variant, metrics, variants))}</tbody>
</table>`,
  );
}

function metricHead({ title, unit, better }: Metric): Markup {
  return html`<th scope="col">${title}, ${unit}<small>${better} is better</small></th>`;
}

function summaryRow(
  variant: VariantReport,
  metrics: readonly Metric[],
  variants: readonly VariantReport[],
): Markup {
  return html`<tr><th scope="row">${variantName(variant)}</th>${
    reasonCell(variant, metrics.length) ??
    metrics.map(({ key }) => {
      const reference = variants.find(({ summaries }) => summaries[key])?.summaries[key];
      return summaryCell(variant.summaries[key], reference);
    })
  }</tr>
`;
}

function summaryCell(summary: Summary | undefined, reference: Summary | undefined): Markup {
  if (summary === undefined) return html`<td>not measured</td>`;
  const spread = summary.spread === undefined ? "± ?" : `± ${formatPercent(summary.spread)}`;
  const ratio = reference === undefined ? Number.NaN : summary.median / reference.median;
  const relation = Number.isFinite(ratio) ? html` <b>${formatNumber(ratio)}×</b>` : undefined;
  return html`<td>${formatNumber(summary.median)}<small><span>${spread}</span>${relation}</small></td>`;
}

/** Every number of every round, also those that no metric names. */
export function roundsTable(report: CaseReport): Markup | undefined {
  const { name, metrics, variants } = report;
  const measured = variants.filter(({ rounds }) => rounds.length > 0);
  if (measured.length === 0) return undefined;
  const columns = [...metrics.map(titled), ...unnamedKeys(report)];
  return html`<details><summary>All rounds</summary>
${scrollable(
  `${name}: all rounds`,
  html`<table>
<thead><tr><th scope="col">variant</th><th scope="col">round</th>${columns.map(
    ({ title }) => html`<th scope="col">${title}</th>`,
  )}</tr></thead>
<tbody>${measured.map((variant) => variant.rounds.map((round, index) => roundRow(variant, round, index, columns)))}</tbody>
</table>`,
)}
</details>`;
}

interface Column {
  readonly key: string;
  readonly title: string;
}

function titled({ key, title, unit }: Metric): Column {
  return { key, title: `${title}, ${unit}` };
}

function unnamedKeys({ metrics, variants }: CaseReport): Column[] {
  const keys = new Set(
    variants.flatMap(({ rounds }) =>
      rounds.flatMap((round) => ("measurement" in round ? Object.keys(round.measurement) : [])),
    ),
  );
  for (const { key } of metrics) keys.delete(key);
  return [...keys].map((key) => ({ key, title: key }));
}

function roundRow(variant: VariantReport, round: Round, index: number, columns: readonly Column[]): Markup {
  const cells =
    "failure" in round
      ? html`<td class="reason" colspan="${columns.length}">failed</td>`
      : columns.map(({ key }) => html`<td>${numberText(round.measurement[key])}</td>`);
  const name =
    index === 0 && html`<th scope="rowgroup" rowspan="${variant.rounds.length}">${variantName(variant)}</th>`;
  return html`<tr>${name || undefined}<td>${index + 1}</td>${cells}</tr>
`;
}

function numberText(value: number | undefined): string {
  return value === undefined ? "" : formatNumber(value);
}

function reasonCell({ unable, failure }: VariantReport, columns: number): Markup | undefined {
  if (unable !== undefined)
    return html`<td class="reason" colspan="${columns}"><b>cannot do it:</b> ${unable}</td>`;
  if (failure !== undefined)
    return html`<td class="reason failure" colspan="${columns}"><b>failed:</b> <span>${failure}</span></td>`;
  return undefined;
}

function variantName({ name, peer }: VariantReport): Markup {
  return html`<span class="peer ${peer}">${name}</span>`;
}

/** A wide table scrolls by itself, also by keyboard, and the page does not. */
function scrollable(label: string, table: Markup): Markup {
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}">${table}</div>`;
}
