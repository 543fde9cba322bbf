import type { TestFile } from "./discover.js";
import type { Verdict } from "./verdict.js";

/** Outcome of one test file, with what is needed to show it. */
export interface Outcome {
  readonly file: TestFile;
  readonly verdict: Verdict;
  readonly seconds: number;
  /** What the file has printed. */
  readonly output: string;
}

/** The progress line of a file; for a failed one, its problems and its whole output follow. */
export function describeOutcome({ file, verdict, seconds, output }: Outcome): string {
  const { passed, failed, skipped, problems } = verdict;
  const state = failed > 0 ? "FAIL" : "ok  ";
  const counts = `${passed} passed${failed > 0 ? `, ${failed} failed` : ""}${skipped > 0 ? `, ${skipped} skipped` : ""}`;
  const line = `${state} ${seconds.toFixed(2).padStart(7)} s  ${file.name}  (${counts})`;
  if (failed === 0) return line;
  const shown = output.trim();
  return [
    line,
    ...problems.map((problem) => `     ${file.source} ${problem}`),
    `---- output of ${file.source}`,
    ...(shown === "" ? ["(nothing)"] : [shown]),
    "----",
  ].join("\n");
}

/** The end of a run: the failed files once more, then the counts of all tests, alone on the last line. */
export function describeEnd(outcomes: readonly Outcome[], problems: readonly string[]): string {
  const failures = outcomes
    .filter(({ verdict }) => verdict.failed > 0)
    .map(({ file, verdict }) => {
      const [first = `${verdict.failed} failed test(s)`] = verdict.problems;
      return `FAIL ${file.source} ${first}`;
    });
  const count = (field: "passed" | "failed" | "skipped") =>
    outcomes.reduce((sum, { verdict }) => sum + verdict[field], 0);
  const skipped = count("skipped");
  return [
    ...failures,
    ...problems.map((problem) => `FAIL ${problem}`),
    "",
    `${count("passed")} passed, ${count("failed") + problems.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
  ].join("\n");
}
