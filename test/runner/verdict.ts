import { stripVTControlCharacters } from "node:util";
import { countSuites, mentionsOnly, unrunSuites } from "./suites.js";

/** How the process of one test file ended. */
export interface FileRun {
  /** stdout and stderr, in the order they were written. */
  readonly output: string;
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The deadline in milliseconds, when the process had to be killed for passing it. */
  readonly killedAfterMs?: number;
  /** Why the process could not be started. */
  readonly startError?: string;
  /** Processes of its group that outlived it; they have been killed. */
  readonly leftovers: readonly number[];
}

/** What one test file counts for. */
export interface Verdict {
  /** Tests, not files. */
  readonly passed: number;
  /** Tests that failed; at least 1 when there is a problem. */
  readonly failed: number;
  readonly skipped: number;
  /** What is wrong beside failed tests, one sentence each. */
  readonly problems: readonly string[];
}

interface Totals {
  readonly total: number;
  readonly passed: number;
  readonly skipped: number;
}

/**
 * Judges a test file by everything it left behind. The exit code alone is not enough: uvu exits with 0 when
 * no suite was run, and when a `before` hook has thrown.
 *
 * @param program text of the compiled test
 * @param ci whether a forgotten `only` is a failure
 */
export function judge(run: FileRun, program: string, ci: boolean): Verdict {
  const totals = readTotals(run.output);
  const total = sum(totals, "total");
  const passed = sum(totals, "passed");
  const skipped = sum(totals, "skipped");
  const problems = [
    ...processProblems(run, totals.length > 0),
    ...(endedByItself(run) ? totalsProblems(run, totals, program) : []),
    ...unrunSuites(program).map((name) => `never runs its suite "${name}": call ${name}.run()`),
  ];
  if (ci && skipped > 0 && mentionsOnly(program)) {
    problems.push("has an `only` left in it, so its other tests were not run");
  }
  return { passed, failed: Math.max(total - passed, problems.length > 0 ? 1 : 0), skipped, problems };
}

function endedByItself(run: FileRun): boolean {
  return run.startError === undefined && run.killedAfterMs === undefined && run.signal === null;
}

function processProblems(run: FileRun, finished: boolean): string[] {
  const problems: string[] = [];
  if (run.startError !== undefined) {
    problems.push(`could not be started: ${run.startError}`);
  } else if (run.killedAfterMs !== undefined) {
    const what = finished
      ? "its tests ended, but a timer, socket, port, worker or child process kept it alive"
      : "its tests did not end";
    problems.push(`left something open or hung: ${what}; killed after ${run.killedAfterMs / 1000} s`);
  } else if (run.signal !== null) {
    problems.push(`was killed by ${run.signal}`);
  }
  if (run.leftovers.length > 0 && run.killedAfterMs === undefined) {
    problems.push(`left ${run.leftovers.length} process(es) running after its end; killed`);
  }
  return problems;
}

function totalsProblems(run: FileRun, totals: readonly Totals[], program: string): string[] {
  const [first] = totals;
  if (first === undefined) return [noTotals(run, program)];
  if (totals.length > 1) {
    // uvu runs what has been queued when the loop next turns, and a second round resets the exit code.
    return [
      `printed totals ${totals.length} times: a suite called .run() after others had started; ` +
        "await nothing between the .run() calls",
    ];
  }
  const ran = countRan(run.output);
  const written = countSuites(program) - unrunSuites(program).length;
  if (ran < written) {
    return [
      `ran ${ran} of its ${written} suites: an await between the .run() calls never settled, or one is not reached`,
    ];
  }
  if (first.total === 0 && first.skipped === 0) return ["ran a suite without any test in it"];
  if (first.passed < first.total && run.exitCode === 0) {
    return ["exited with 0 although tests did not pass: a hook threw, and uvu hides the error of a hook"];
  }
  if (first.passed === first.total && run.exitCode !== 0) {
    return [`passed all its tests and then exited with code ${run.exitCode}`];
  }
  return [];
}

function noTotals(run: FileRun, program: string): string {
  if (run.exitCode === 13) return "has a top-level await that never settles (exit code 13)";
  if (run.output.includes("Exiting early before testing is finished")) {
    return (
      `ended in the middle of its tests (exit code ${run.exitCode}): a test awaits what can never come, ` +
      "called process.exit(), or threw outside its own promise"
    );
  }
  if (run.exitCode !== 0) return `broke before its tests ran (exit code ${run.exitCode})`;
  if (!/\.run\s*\(/.test(program)) return "ran no test: nothing in it calls .run()";
  return "ended with exit code 0 before any test ran";
}

function readTotals(output: string): Totals[] {
  // uvu writes these lines one by one, each from its line feed on, so what a child process prints on the same
  // stream can stand behind any of them.
  const block = /^ {2}Total: +(\d+)[\s\S]*?^ {2}Passed: +(\d+)[\s\S]*?^ {2}Skipped: +(\d+)/gm;
  return [...stripVTControlCharacters(output).matchAll(block)].map(([, total, passed, skipped]) => ({
    total: Number(total),
    passed: Number(passed),
    skipped: Number(skipped),
  }));
}

/** Suites that have come to their end: uvu closes the line of each with its counts. */
function countRan(output: string): number {
  return [...stripVTControlCharacters(output).matchAll(/ {2}\(\d+ \/ \d+\)$/gm)].length;
}

function sum(totals: readonly Totals[], field: keyof Totals): number {
  return totals.reduce((all, one) => all + one[field], 0);
}
