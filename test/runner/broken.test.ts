import { suite } from "uvu";
import * as assert from "uvu/assert";
import { processTree } from "./process-tree.js";
import { type Ended, FOREVER, HEAD, PASS, run } from "./sandbox.js";

const SPAWN = 'import { spawn } from "node:child_process";';

/** Starts a child that never ends, and prints its pid. */
function startForever(options: string): string {
  const child = `spawn(process.execPath, ["-e", ${JSON.stringify(FOREVER)}], { ${options} })`;
  return `const child = ${child}; child.unref(); console.log("started", child.pid);`;
}

/** One broken test program per row: what it is, its counts, and the sentence that must name its fault. */
const failures: [name: string, program: string[], counts: string, sentence: RegExp][] = [
  [
    "fails",
    [HEAD, PASS, 'a("fails", () => assert.is(1, 2));', "a.run();"],
    "2 passed, 1 failed",
    /strictly equal/,
  ],
  ["no-run", [HEAD, PASS], "0 passed, 1 failed", /ran no test: nothing in it calls \.run\(\)/],
  [
    "unrun",
    [HEAD, PASS, 'const b = suite("b");', "a.run();"],
    "2 passed, 1 failed",
    /never runs its suite "b"/,
  ],
  ["empty", [HEAD, "a.run();"], "0 passed, 1 failed", /a suite without any test/],
  [
    "throws",
    [HEAD, PASS, "a.run();", "throw new Error('no');"],
    "0 passed, 1 failed",
    /broke before its tests/,
  ],
  ["exits-zero", [HEAD, PASS, "a.run();", "process.exit(0);"], "0 passed, 1 failed", /before any test ran/],
  [
    "top-level",
    [HEAD, PASS, 'const b = suite("b");', "a.run();", "await new Promise(() => {});", "b.run();"],
    "2 passed, 1 failed",
    /ran 1 of its 2 suites/,
  ],
  ["dangling", ["await new Promise(() => {});"], "0 passed, 1 failed", /top-level await that never settles/],
  [
    "unsettled",
    [HEAD, PASS, 'a("waits", () => new Promise(() => {}));', "a.run();"],
    "0 passed, 1 failed",
    /ended in the middle of its tests \(exit code 1\)/,
  ],
  [
    "exit-inside",
    [HEAD, 'a("x", () => process.exit(0));', "a.run();"],
    "0 passed, 1 failed",
    /in the middle/,
  ],
  [
    "hook",
    [HEAD, PASS, 'a.before(() => { throw new Error("no"); });', "a.run();"],
    "0 passed, 2 failed",
    /hook/,
  ],
  [
    "after-hook",
    [HEAD, PASS, 'a.after(() => { throw new Error("no"); });', "a.run();"],
    "0 passed, 1 failed",
    /in the middle of its tests/,
  ],
  [
    "rounds",
    [
      HEAD,
      'a("fails", () => assert.is(1, 2));',
      "a.run();",
      "await new Promise((go) => setTimeout(go, 100));",
    ].concat('const b = suite("b"); b("passes", () => {}); b.run();'),
    "1 passed, 1 failed",
    /printed totals 2 times/,
  ],
  [
    "late-exit",
    [HEAD, PASS, "a.run();", "process.on('exit', () => { process.exitCode = 7; });"],
    "2 passed, 1 failed",
    /then exited with code 7/,
  ],
  [
    "late-throw",
    [HEAD, PASS, "a.run();", "setTimeout(() => { throw new Error('late'); }, 200);"],
    "2 passed, 1 failed",
    /then exited with code 1/,
  ],
  [
    "killed",
    [HEAD, PASS, "process.kill(process.pid, 'SIGKILL');"],
    "0 passed, 1 failed",
    /killed by SIGKILL/,
  ],
  [
    "open",
    [HEAD, PASS, "a.run();", FOREVER],
    "2 passed, 1 failed",
    /left something open or hung: its tests ended/,
  ],
  [
    "busy",
    [HEAD, 'a("spins", () => { for (;;); });', "a.run();"],
    "0 passed, 1 failed",
    /or hung: its tests did not/,
  ],
  [
    "hung-tree",
    [SPAWN, HEAD, startForever("detached: true"), 'a("spins", () => { for (;;); });', "a.run();"],
    "0 passed, 1 failed",
    /left something open or hung: its tests did not end/,
  ],
  [
    "orphan",
    [SPAWN, HEAD, PASS, "a.run();", startForever('stdio: "inherit"')],
    "2 passed, 1 failed",
    /left 1 process\(es\) running after its end/,
  ],
];

const broken = suite("run: broken test files", {
  ended: { output: "", exitCode: null, lastLine: "" } as Ended,
});
broken.before(async (context) => {
  const programs = Object.fromEntries(failures.map(([name, program]) => [name, program]));
  context.ended = await run(programs, ["--timeout", "6", "--concurrency", "4"]);
});
for (const [name, , counts, sentence] of failures) {
  broken(name, ({ ended }) => {
    const block =
      ended.output.split(/^(?=FAIL {2,}\d|ok {2,}\d)/m).find((text) => text.includes(` s  ${name}  (`)) ?? "";
    assert.ok(block.startsWith("FAIL"), block);
    assert.ok(block.includes(`(${counts})`), block);
    assert.match(block, sentence);
    const [, started] = /^started (\d+)$/m.exec(block) ?? [];
    if (started !== undefined) assert.equal(processTree(Number(started)), [], "the child is still running");
    assert.match(block, `---- output of test/${name}.test.ts`);
  });
}
broken("are summed up in the last line and the exit code", ({ ended }) => {
  const sums = failures.map(([, , counts]) => /^(\d+) passed, (\d+) failed$/.exec(counts) ?? []);
  const total = (column: number) => sums.reduce((sum, row) => sum + Number(row[column]), 0);
  assert.is(ended.lastLine, `${total(1)} passed, ${total(2)} failed`);
  assert.is(ended.exitCode, 1);
});
broken.run();
