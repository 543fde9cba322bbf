import { busyWarning } from "../../machine.js";
import type { PeerName } from "../../scenario.js";
import { formatNumber } from "../number.js";
import type { Report, RunSettings } from "../report.js";
import { html, type Markup } from "./markup.js";
import { PEER_STYLES } from "./peers.js";
import { warningList } from "./scenario.js";

const GiB = 2 ** 30;

/** Where the figures come from, and how to read them. */
export function pageHead(report: Report): Markup {
  const { machine, startedAt } = report;
  const { versions } = machine;
  const facts: [name: string, value: string][] = [
    ["claude-offthread", versions.offthread],
    ["claude-agent-sdk", versions.sdk],
    ["claude", versions.cli],
    ["Node", machine.node],
    ["Processor", `${machine.processor}, ${machine.cores} cores`],
    ["Memory", `${formatNumber(machine.memoryBytes / GiB)} GiB`],
    ["System", machine.os],
    ["Load before", machine.loadAverage.map((value) => value.toFixed(2)).join(", ")],
    ["Run", `${duration(report.durationMs)}, ${describeSettings(report.settings)}`],
  ];
  return html`<header>
<h1>claude-offthread bench</h1>
<p class="date"><time datetime="${startedAt}">${dateText(startedAt)}</time></p>
${warningList(runWarnings(report))}
<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
${contents(report)}
${legend(report)}
</header>
`;
}

function runWarnings({ machine, interrupted, settings }: Report): string[] {
  const busy = busyWarning(machine);
  return [
    ...(interrupted ? ["The run was stopped: what is missing was not measured."] : []),
    ...(settings.quick ? ["Quick run: small inputs, no more than an impression."] : []),
    ...(busy === undefined ? [] : [busy]),
  ];
}

function contents({ scenarios }: Report): Markup {
  if (scenarios.length === 0) return html`<p>Nothing was measured.</p>`;
  return html`<nav aria-label="Scenarios"><ul>${scenarios.map(
    ({ name, title }) => html`<li><a href="#${name}">${title}</a></li>`,
  )}</ul></nav>`;
}

function legend({ scenarios }: Report): Markup {
  const seen = new Set<PeerName>(
    scenarios.flatMap(({ cases }) => cases.flatMap(({ variants }) => variants.map(({ peer }) => peer))),
  );
  const peers = (Object.keys(PEER_STYLES) as PeerName[]).filter((peer) => seen.has(peer));
  return html`<div class="legend">
<ul aria-label="Peers">${peers.map((peer) => html`<li class="peer ${peer}">${PEER_STYLES[peer].title}</li>`)}</ul>
<p>Bars are medians, dots are single rounds, each in a process of its own. In the tables, ± is the distance of the
quartiles as a part of the median, and × the relation to the first variant that was measured.</p>
</div>`;
}

function describeSettings({ quick, rounds, peers }: RunSettings): string {
  const parts = [
    ...(quick ? ["quick"] : []),
    ...(rounds === undefined ? [] : [`rounds set to ${rounds}`]),
    ...(peers === undefined ? [] : [`only ${peers.join(", ")}`]),
  ];
  return parts.length === 0 ? "default settings" : parts.join(", ");
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function dateText(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return iso;
  const text = date.toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: "UTC" });
  return `${text} UTC`;
}
