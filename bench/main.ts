/** `npm run bench`: runs scenarios, shows progress on stderr and the report on stdout, and keeps it in files. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { CommanderError } from "commander";
import { describeMachine } from "./machine.js";
import { BenchExit, type BenchRequest, readRequest } from "./program.js";
import { showProgress } from "./progress.js";
import { renderHtml } from "./report/html.js";
import { renderJson } from "./report/json.js";
import type { Report } from "./report/report.js";
import { renderTerminal } from "./report/terminal.js";
import { countRounds, runSuite } from "./runner.js";
import { SCENARIOS } from "./scenarios/index.js";

const RESULTS = fileURLToPath(new URL("../../bench/results/", import.meta.url));
/** Far beyond what the longest round takes: only what hangs meets it. */
const ROUND_DEADLINE_MS = 90_000;
/** Ten minutes are the most that one should have to wait for a default run, its report included. */
const RUN_BUDGET_MS = 570_000;

async function run(request: BenchRequest): Promise<number> {
  if (request.list) {
    process.stdout.write(listing(request));
    return BenchExit.success;
  }
  const stop = new AbortController();
  const interrupt = () => {
    // The second time is for whoever cannot wait; the exit kills what runs.
    if (stop.signal.aborted) process.exit(BenchExit.interrupted);
    stop.abort();
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, interrupt);
  const report = await measure(request, stop.signal);
  process.stdout.write(renderTerminal(report));
  save(report, request);
  if (report.interrupted) return BenchExit.interrupted;
  const failed = report.scenarios.some(({ cases }) =>
    cases.some(({ variants }) => variants.some(({ failure }) => failure !== undefined)),
  );
  return failed ? BenchExit.failed : BenchExit.success;
}

async function measure({ scenarios, settings }: BenchRequest, signal: AbortSignal): Promise<Report> {
  const startedAt = new Date().toISOString();
  const machine = await describeMachine();
  const began = performance.now();
  const observer = showProgress(process.stderr);
  const results = await runSuite({
    scenarios,
    settings,
    deadlineMs: ROUND_DEADLINE_MS,
    // Who asks for rounds gets them.
    budgetMs: settings.rounds === undefined ? RUN_BUDGET_MS : undefined,
    signal,
    observer,
  });
  observer.end();
  const durationMs = Math.round(performance.now() - began);
  return {
    format: 1,
    startedAt,
    durationMs,
    machine,
    settings,
    interrupted: signal.aborted,
    scenarios: results,
  };
}

function save(report: Report, { json, html }: BenchRequest): void {
  const name = report.startedAt.replace(/\.\d+Z$/, "").replaceAll(":", "-");
  write(json ?? join(RESULTS, `${name}.json`), renderJson(report));
  write(html ?? join(RESULTS, `${name}.html`), renderHtml(report));
}

function write(file: string, text: string): void {
  const path = resolve(file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  process.stderr.write(`Written: ${path}\n`);
}

function listing({ scenarios, settings }: BenchRequest): string {
  const width = Math.max(0, ...scenarios.map(({ name }) => name.length));
  return scenarios
    .map((scenario) => {
      const cases = scenario.cases({ quick: settings.quick }).length;
      const size = `${cases} cases, ${countRounds(scenario, settings)} processes`;
      return `${scenario.name.padEnd(width)}  ${scenario.title} (${size})\n`;
    })
    .join("");
}

async function main(): Promise<number> {
  let request: BenchRequest;
  try {
    request = readRequest(process.argv.slice(2), SCENARIOS);
  } catch (error) {
    // Commander has printed its own errors, and throws for --help too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? BenchExit.success : BenchExit.usage;
    throw error;
  }
  return run(request);
}

process.exitCode = await main();
