/** What became of the goals. */

import type { GoalVerdict } from "../../goals.js";
import type { ScenarioReport } from "../report.js";
import { html, type Markup } from "./markup.js";
import type { PageCase } from "./scenario.js";

type Status = GoalVerdict["status"];

/** A sign and a class beside the word: colour alone tells nothing. */
const STATUSES: Readonly<Record<Status, { readonly sign: string; readonly style: string }>> = {
  missed: { sign: "✗", style: "missed" },
  "within noise": { sign: "~", style: "noise" },
  "not measured": { sign: "·", style: "unmeasured" },
  met: { sign: "✓", style: "met" },
};

/** A scenario's cases with their goals. */
export interface ScenarioGoals {
  readonly scenario: ScenarioReport;
  readonly cases: readonly PageCase[];
}

/** All goals of the run, the missed ones first; nothing when there are none. */
export function goalsSection(scenarios: readonly ScenarioGoals[]): Markup | undefined {
  const rows = scenarios.flatMap(({ scenario, cases }) =>
    cases.flatMap((page) => page.report.goals.map((verdict) => ({ scenario, page, verdict }))),
  );
  if (rows.length === 0) return undefined;
  const statuses = Object.keys(STATUSES) as Status[];
  const sorted = statuses.flatMap((status) => rows.filter(({ verdict }) => verdict.status === status));
  const counts = statuses
    .map((status) => ({ status, count: rows.filter(({ verdict }) => verdict.status === status).length }))
    .filter(({ count }) => count > 0);
  return html`<section id="goals" aria-labelledby="goals-title">
<h2 id="goals-title">Goals</h2>
<ul class="counts">${counts.map(
    ({ status, count }) => html`<li class="${STATUSES[status].style}"><b>${count}</b> ${status}</li>`,
  )}</ul>
<ul class="goals">${sorted.map(
    ({ scenario, page, verdict }) => html`<li>${badge(verdict.status)}
<div><a href="#${page.id}">${page.report.name}</a><small>${scenario.title}</small></div>
<p>${verdict.text}</p></li>
`,
  )}</ul>
<p class="note">A goal is met or missed when the middle half of the rounds says so; if it lies inside of that half,
the noise is too great to tell.</p>
</section>
`;
}

/** A goal in the list of its case. */
export function verdictItem({ status, text }: GoalVerdict): Markup {
  return html`<li>${badge(status)} ${text}</li>`;
}

function badge(status: Status): Markup {
  const { sign, style } = STATUSES[status];
  return html`<span class="badge ${style}"><span aria-hidden="true">${sign}</span> ${status}</span>`;
}
