import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type FileRun, judge, type Verdict } from "./verdict.js";

const PROGRAM = 'const a = suite("a");\na.run();\n';
const ONLY = `${PROGRAM}a.${"only"}("x", () => {});\n`;

function totals(total: number, passed: number, skipped = 0): string {
  return ` a • •   (${passed} / ${total})\n\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   ${skipped}\n  Duration:  1.00ms\n\n`;
}

interface Row {
  title: string;
  run: Partial<FileRun>;
  program?: string;
  ci?: boolean;
  counts: Pick<Verdict, "passed" | "failed" | "skipped">;
  problem?: RegExp;
}

const GREEN = { passed: 3, failed: 0, skipped: 0 };
const ONE_FAILED = { passed: 3, failed: 1, skipped: 0 };
const BROKEN = { passed: 0, failed: 1, skipped: 0 };

const rows: Row[] = [
  { title: "all passed", run: { output: totals(3, 3) }, counts: GREEN },
  { title: "coloured totals", run: { output: colour(totals(3, 3)) }, counts: GREEN },
  {
    title: "totals mixed with the output of a child process",
    run: { output: totals(3, 3).replaceAll(/(Total|Passed): +3/g, "$&child\n\nchild") },
    counts: GREEN,
  },
  { title: "a failed test", run: { output: totals(4, 3), exitCode: 1 }, counts: ONE_FAILED },
  {
    title: "three failed tests",
    run: { output: totals(4, 1), exitCode: 1 },
    counts: { passed: 1, failed: 3, skipped: 0 },
  },
  { title: "skipped tests", run: { output: totals(3, 3, 2) }, counts: { ...GREEN, skipped: 2 } },
  { title: "all skipped", run: { output: totals(0, 0, 2) }, counts: { passed: 0, failed: 0, skipped: 2 } },
  {
    title: "only, at home",
    run: { output: totals(3, 3, 2) },
    program: ONLY,
    counts: { ...GREEN, skipped: 2 },
  },
  {
    title: "only, in CI",
    run: { output: totals(3, 3, 2) },
    program: ONLY,
    ci: true,
    counts: { ...ONE_FAILED, skipped: 2 },
    problem: /`only`/,
  },
  { title: "skips in CI", run: { output: totals(3, 3, 2) }, ci: true, counts: { ...GREEN, skipped: 2 } },
  { title: "no test in a suite", run: { output: totals(0, 0) }, counts: BROKEN, problem: /without any test/ },
  { title: "no .run()", run: {}, program: "", counts: BROKEN, problem: /calls \.run\(\)/ },
  { title: "an early exit(0)", run: {}, counts: BROKEN, problem: /before any test ran/ },
  {
    title: "a throw while loading",
    run: { exitCode: 1 },
    counts: BROKEN,
    problem: /broke before its tests ran/,
  },
  { title: "a dangling top-level await", run: { exitCode: 13 }, counts: BROKEN, problem: /top-level await/ },
  {
    title: "a test that never settles",
    run: { exitCode: 1, output: " a • Exiting early before testing is finished.\n" },
    counts: BROKEN,
    problem: /in the middle of its tests/,
  },
  {
    title: "a suite that is not run",
    run: { output: totals(3, 3) },
    program: `${PROGRAM}const b = suite("b");\n`,
    counts: ONE_FAILED,
    problem: /never runs its suite "b"/,
  },
  {
    title: "a suite that is never reached",
    run: { output: totals(3, 3) },
    program: `${PROGRAM}const b = suite("b");\nawait forever;\nb.run();\n`,
    counts: ONE_FAILED,
    problem: /ran 1 of its 2 suites/,
  },
  {
    title: "a hook that throws",
    run: { output: totals(4, 3) },
    counts: ONE_FAILED,
    problem: /a hook threw/,
  },
  {
    title: "totals, then exit 3",
    run: { output: totals(3, 3), exitCode: 3 },
    counts: ONE_FAILED,
    problem: /code 3/,
  },
  {
    title: "a second round of suites",
    run: { output: totals(2, 1) + totals(2, 2) },
    counts: ONE_FAILED,
    problem: /totals 2 times/,
  },
  {
    title: "a signal",
    run: { exitCode: null, signal: "SIGSEGV" },
    counts: BROKEN,
    problem: /killed by SIGSEGV/,
  },
  {
    title: "a signal after the totals",
    run: { output: totals(3, 3), exitCode: null, signal: "SIGKILL" },
    counts: ONE_FAILED,
    problem: /killed by SIGKILL/,
  },
  {
    title: "hung",
    run: { exitCode: null, signal: "SIGKILL", killedAfterMs: 1500 },
    counts: BROKEN,
    problem: /left something open or hung: its tests did not end; killed after 1\.5 s/,
  },
  {
    title: "something left open",
    run: { output: totals(3, 3), exitCode: null, signal: "SIGKILL", killedAfterMs: 1500 },
    counts: ONE_FAILED,
    problem: /left something open or hung: its tests ended, but/,
  },
  {
    title: "a process left behind",
    run: { output: totals(3, 3), leftovers: [4711] },
    counts: ONE_FAILED,
    problem: /1 process/,
  },
  { title: "not started", run: { exitCode: null, startError: "EAGAIN" }, counts: BROKEN, problem: /EAGAIN/ },
];

const verdict = suite("verdict");
for (const { title, run, program = PROGRAM, ci = false, counts, problem } of rows) {
  verdict(title, () => {
    const full: FileRun = { output: "", exitCode: 0, signal: null, leftovers: [], ...run };
    const { problems, ...found } = judge(full, program, ci);
    assert.equal(found, counts);
    assert.is(problems.length, problem === undefined ? 0 : 1, problems.join("\n"));
    if (problem !== undefined) assert.match(problems.join("\n"), problem);
  });
}
verdict.run();

function colour(text: string): string {
  return text.replace(/(Passed: +\d+)/, "\u001b[32m$1\u001b[39m");
}
