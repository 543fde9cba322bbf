import type { CaseReport, ScenarioReport } from "../report.js";
import { type ChartSpec, describeChart } from "./chart-spec.js";
import { html, type Markup } from "./markup.js";
import { roundsTable, summaryTable } from "./tables.js";
import { verdictItem } from "./verdicts.js";

/** With more metrics a table needs the width of the page. */
const MOST_NARROW_METRICS = 3;

/** A case with what identifies it on the page. */
export interface PageCase {
  readonly id: string;
  readonly report: CaseReport;
  readonly chart: ChartSpec | undefined;
}

/** A scenario with its question and its cases. */
export function scenarioSection(
  { name, title, question, rounds }: ScenarioReport,
  cases: readonly PageCase[],
): Markup {
  return html`<section id="${name}" aria-labelledby="${name}-title">
<h2 id="${name}-title">${title}</h2>
<p class="question">${question}</p>
<p class="note"><code>npm run bench -- ${name}</code> · ${rounds} ${rounds === 1 ? "round" : "rounds"}</p>
<div class="cases">
${cases.map(caseCard)}</div>
</section>
`;
}

function caseCard({ id, report, chart }: PageCase): Markup {
  const { name, metrics, goals, warnings } = report;
  return html`<article id="${id}" class="${metrics.length > MOST_NARROW_METRICS ? "wide" : ""}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${name}</h3>
<div class="figures">
${chart && chartFigure(chart)}
${summaryTable(report)}
</div>
${goals.length > 0 ? html`<ul class="verdicts">${goals.map(verdictItem)}</ul>` : undefined}
${warningList(warnings)}
${roundsTable(report)}
</article>
`;
}

/** Hidden until the script has drawn it; the element around the canvas gives it its size. */
function chartFigure(chart: ChartSpec): Markup {
  return html`<figure hidden><figcaption>${chart.axis}</figcaption>
<div><canvas id="${chart.id}" role="img" aria-label="${describeChart(chart)}"></canvas></div></figure>`;
}

/** What to be wary of; nothing when there is nothing. */
export function warningList(warnings: readonly string[]): Markup | undefined {
  if (warnings.length === 0) return undefined;
  return html`<ul class="warnings">${warnings.map((warning) => html`<li>${warning}</li>`)}</ul>`;
}
