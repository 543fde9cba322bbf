/**
 * Runs the test files. Each is a plain uvu program and gets a process and a deadline of its own, since uvu has
 * neither; what uvu would let pass in silence (see runner/verdict.ts) is a failure here.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { availableParallelism, constants, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { reportCoverage, startCoverage } from "./runner/coverage.js";
import { discover, type TestFile } from "./runner/discover.js";
import { execute, killAll } from "./runner/execute.js";
import { describeEnd, describeOutcome, type Outcome } from "./runner/report.js";
import { judge } from "./runner/verdict.js";

const USAGE = `Usage: node dist/test/run.js [filter...] [options]

Runs every test file whose path contains one of the filters; all without a filter.
Files named *.serial.test.ts run after the others, one at a time.

  --concurrency <n>    test files at a time (default: the number of CPUs)
  --timeout <seconds>  time a test file gets before it is killed (default: 120)
  --again              run files that failed once more, alone, and count that (a loaded machine stalls for seconds)
  --coverage           report the coverage of src/ and workers/
  --root <folder>      the package to test (default: this one)
  --help               show this text
`;

/** More failures than this are no stall of the machine. */
const MOST_AGAIN = 6;

interface Settings {
  readonly filters: readonly string[];
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly again: boolean;
  readonly coverage: boolean;
  readonly root: string;
}

function readSettings(args: string[]): Settings | "help" {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      concurrency: { type: "string", default: String(availableParallelism()) },
      timeout: { type: "string", default: "120" },
      again: { type: "boolean", default: false },
      coverage: { type: "boolean", default: false },
      root: { type: "string", default: fileURLToPath(new URL("../../", import.meta.url)) },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return "help";
  const concurrency = Number(values.concurrency);
  const seconds = Number(values.timeout);
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw new Error("--concurrency takes a whole number from 1");
  if (!(seconds > 0 && seconds < 86_400)) throw new Error("--timeout takes a number of seconds");
  return {
    filters: positionals,
    concurrency,
    timeoutMs: seconds * 1000,
    again: values.again,
    coverage: values.coverage,
    root: resolve(values.root),
  };
}

async function main(settings: Settings): Promise<boolean> {
  const { root, filters, concurrency } = settings;
  const { files, stale } = discover(root, filters);
  if (stale.length > 0) console.log(`ignoring compiled tests without a source: ${stale.join(", ")}`);

  const scratch = mkdtempSync(join(tmpdir(), "test-run-"));
  process.once("exit", () => rmSync(scratch, { recursive: true, force: true }));
  const env = { ...process.env, ...(settings.coverage ? startCoverage(root) : {}) };

  const outcomes: Outcome[] = [];
  const runNext = async (queue: TestFile[]) => {
    for (let file = queue.shift(); file !== undefined; file = queue.shift()) {
      const outcome = await runFile(file, settings, scratch, env);
      outcomes.push(outcome);
      console.log(describeOutcome(outcome));
    }
  };
  const parallel = files.filter((file) => !file.serial);
  await Promise.all(Array.from({ length: concurrency }, () => runNext(parallel)));
  await runNext(files.filter((file) => file.serial));

  if (settings.again) {
    const failed = outcomes.filter(({ verdict }) => verdict.failed > 0);
    for (const { file } of failed.length > MOST_AGAIN ? [] : failed) {
      console.log(`again, alone: ${file.source}`);
      const outcome = await runFile(file, settings, mkdtempSync(join(scratch, "again-")), env);
      console.log(describeOutcome(outcome));
      outcomes.splice(
        outcomes.findIndex((before) => before.file === file),
        1,
        outcome,
      );
    }
  }

  const problems: string[] = [];
  if (files.length === 0) {
    problems.push(filters.length > 0 ? `no test file matches ${filters.join(" ")}` : "no test file found");
  }
  if (settings.coverage && !(await reportCoverage(root)))
    problems.push("the coverage report could not be made");
  console.log(describeEnd(outcomes, problems));
  return problems.length === 0 && outcomes.every(({ verdict }) => verdict.failed === 0);
}

async function runFile(
  file: TestFile,
  settings: Settings,
  scratch: string,
  env: NodeJS.ProcessEnv,
): Promise<Outcome> {
  const { root, timeoutMs } = settings;
  if (!existsSync(join(root, file.compiled))) {
    const problem = `has no compiled file ${file.compiled}: build first (npm run build)`;
    return {
      file,
      seconds: 0,
      output: "",
      verdict: { passed: 0, failed: 1, skipped: 0, problems: [problem] },
    };
  }
  const began = performance.now();
  const run = await execute({ program: file.compiled, root, scratch, timeoutMs, env });
  const seconds = (performance.now() - began) / 1000;
  const verdict = judge(run, readFileSync(join(root, file.compiled), "utf8"), isCi(process.env.CI));
  return { file, seconds, output: run.output, verdict };
}

function isCi(value: string | undefined): boolean {
  return value !== undefined && value !== "" && value !== "0" && value !== "false";
}

// Test processes lead groups of their own, so the terminal's Ctrl+C does not reach them.
process.once("exit", killAll);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    console.error(`stopped by ${signal}`);
    process.exit(128 + constants.signals[signal]);
  });
}

try {
  const settings = readSettings(process.argv.slice(2));
  if (settings === "help") console.log(USAGE);
  else process.exitCode = (await main(settings)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
