/** Runs scenarios: every round of every variant in a process of its own, one at a time. */

import { reportCase } from "./report/case-report.js";
import type { CaseReport, Round, RunSettings, ScenarioReport } from "./report/report.js";
import { runRound } from "./round.js";
import type { Case, Scenario, Variant } from "./scenario.js";

/** What the runner tells while it runs. */
export interface RunObserver {
  /** A round begins. */
  roundBegins(step: Step): void;
  /** A round of a case is over; `report` is about all of its rounds so far. */
  roundEnds(scenario: Scenario, report: CaseReport, progress: RunProgress): void;
}

/** How many rounds of the whole run are over. */
export interface RunProgress {
  readonly done: number;
  readonly total: number;
}

/** Where the run is. */
export interface Step extends RunProgress {
  readonly scenario: Scenario;
  readonly caseName: string;
  readonly variant: string;
  /** From 1. */
  readonly round: number;
  readonly rounds: number;
}

/** What to run, and how. */
export interface SuiteRun {
  readonly scenarios: readonly Scenario[];
  readonly settings: RunSettings;
  /** Milliseconds that one round may take. */
  readonly deadlineMs: number;
  /** Milliseconds for the whole run: a round that would take it beyond them is left out, unless it is a case's first. */
  readonly budgetMs?: number | undefined;
  /** Ends the run; what was measured until then is reported. */
  readonly signal?: AbortSignal | undefined;
  readonly observer?: RunObserver | undefined;
}

/** A case with the variants that take part, how often, and what has come of it. */
interface PlannedCase {
  readonly scenario: Scenario;
  readonly definition: Case;
  readonly rounds: number;
  readonly results: ReadonlyMap<string, Round[]>;
  /** How long its last round took; 0 before the first. */
  lastMs: number;
}

/**
 * Runs the first round of every case, then the second of every case, and so on, and reports on what was begun: so a run
 * that is stopped, or has used up its time, has measured everything, only less often. Never rejects because of a variant.
 */
export async function runSuite(run: SuiteRun): Promise<ScenarioReport[]> {
  const plan = run.scenarios.flatMap((scenario) => planScenario(scenario, run.settings));
  const progress = { done: 0, total: plan.reduce((sum, planned) => sum + roundsIn(planned), 0) };
  const began = performance.now();
  const isInTime = (ms: number): boolean => performance.now() - began + ms < (run.budgetMs ?? Infinity);
  for (let round = 1; round <= Math.max(0, ...plan.map(({ rounds }) => rounds)); round += 1) {
    for (const planned of plan.filter(({ rounds }) => round <= rounds)) {
      if (run.signal?.aborted === true) break;
      if (round > 1 && !isInTime(planned.lastMs)) {
        progress.total -= roundsIn(planned) / planned.rounds;
        continue;
      }
      const startedAt = performance.now();
      await runCase(planned, round, run, progress);
      planned.lastMs = performance.now() - startedAt;
      run.observer?.roundEnds(planned.scenario, reportCase(planned.definition, planned.results), progress);
    }
  }
  const reports = new Map<Scenario, CaseReport[]>();
  for (const { scenario, definition, results, lastMs } of plan) {
    if (lastMs === 0) continue;
    reports.set(scenario, [...(reports.get(scenario) ?? []), reportCase(definition, results)]);
  }
  return [...reports].map(([scenario, cases]) => {
    const { name, title, question } = scenario;
    return { name, title, question, rounds: roundsOf(scenario, run.settings), cases };
  });
}

/** How many processes the run will start. */
export function countRounds(scenario: Scenario, settings: RunSettings): number {
  return planScenario(scenario, settings).reduce((sum, planned) => sum + roundsIn(planned), 0);
}

function planScenario(scenario: Scenario, settings: RunSettings): PlannedCase[] {
  const { quick, peers } = settings;
  return scenario.cases({ quick }).flatMap((definition) => {
    const variants = definition.variants.filter(({ peer }) => peers?.includes(peer) ?? true);
    const rounds = roundsOf(scenario, settings);
    const results = new Map<string, Round[]>(variants.map(({ name }) => [name, []]));
    const planned = { scenario, definition: { ...definition, variants }, rounds, results, lastMs: 0 };
    return variants.length === 0 ? [] : [planned];
  });
}

function roundsOf(scenario: Scenario, { rounds, quick }: RunSettings): number {
  return rounds ?? (quick ? 1 : scenario.rounds);
}

function roundsIn({ definition, rounds }: PlannedCase): number {
  return rounds * definition.variants.filter(({ work }) => "workload" in work).length;
}

async function runCase(
  { scenario, definition, rounds, results }: PlannedCase,
  round: number,
  { signal, observer, deadlineMs }: SuiteRun,
  progress: { done: number; total: number },
): Promise<void> {
  const metrics = definition.metrics.map(({ key }) => key);
  for (const { name, work } of inOrder(definition.variants, round)) {
    if ("unable" in work) continue;
    const before = results.get(name) ?? [];
    // One failure makes a variant's figures worthless: trying again would only take time.
    if (signal?.aborted !== true && !before.some((result) => "failure" in result)) {
      observer?.roundBegins({
        scenario,
        caseName: definition.name,
        variant: name,
        round,
        rounds,
        ...progress,
      });
      const result = await runRound(work, { metrics, deadlineMs, signal });
      if (result !== undefined) before.push(result);
    }
    progress.done += 1;
  }
}

/** What warms up or slows down along a round must not hit the same variant every time. */
function inOrder(variants: readonly Variant[], round: number): readonly Variant[] {
  return round % 2 === 1 ? variants : [...variants].reverse();
}
