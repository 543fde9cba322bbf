/** The report as one HTML page that needs nothing but itself: no server, no network. */

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { chartOf } from "./page/chart-spec.js";
import { drawCharts } from "./page/draw-charts.js";
import { pageHead } from "./page/head.js";
import { html, jsonData, Markup } from "./page/markup.js";
import { type PageCase, scenarioSection } from "./page/scenario.js";
import { styleSheet } from "./page/styles.js";
import { goalsSection } from "./page/verdicts.js";
import type { Report, ScenarioReport } from "./report.js";

/**
 * Renders everything that the report holds. Without its script the page lacks nothing but the charts; their
 * figures are in the tables.
 * @throws Error when chart.js, a development dependency, is not installed
 */
export function renderHtml(report: Report): string {
  const scenarios = report.scenarios.map((scenario) => ({ scenario, cases: pageCases(scenario) }));
  const charts = scenarios.flatMap(({ cases }) => cases.flatMap(({ chart }) => chart ?? []));
  const style = styleSheet();
  const scripts = [chartLibrary(), `(${drawCharts})(globalThis);`];
  return html`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(style, scripts)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>claude-offthread bench, ${report.startedAt.slice(0, 10)}</title>
<style>${new Markup(style)}</style>
</head>
<body>
${pageHead(report)}<main>
${goalsSection(scenarios)}${scenarios.map(({ scenario, cases }) => scenarioSection(scenario, cases))}</main>
<footer>The same figures as JSON lie beside this page. What they do not show is in <code>bench/README.md</code>.</footer>
<script type="application/json" id="charts">${jsonData(charts)}</script>
${scripts.map((script) => html`<script>${new Markup(script)}</script>\n`)}</body>
</html>
`.text;
}

function pageCases({ name, cases }: ScenarioReport): PageCase[] {
  return cases.map((report, index) => {
    const id = `${name}-${index + 1}`;
    return { id, report, chart: chartOf(`${id}-chart`, report) };
  });
}

/** Nothing is loaded from anywhere, and no other script or style than these runs, whatever a name may hold. */
function contentPolicy(style: string, scripts: readonly string[]): string {
  const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return [
    "default-src 'none'",
    `script-src ${scripts.map(hash).join(" ")}`,
    `style-src ${hash(style)}`,
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
}

/** chart.js for the browser, with its licence; its map is not at hand where the page is read. */
function chartLibrary(): string {
  const entry = createRequire(import.meta.url).resolve("chart.js");
  const text = readFileSync(new URL("chart.umd.min.js", pathToFileURL(entry)), "utf8");
  return text.replace(/\n?\/\/# sourceMappingURL=\S*\s*$/, "\n");
}
