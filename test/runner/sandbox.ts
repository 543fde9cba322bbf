import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const RUNNER = join(ROOT, "dist/test/run.js");

/** First lines of a generated test program: it has a suite `a`. */
export const HEAD =
  'import { suite } from "uvu"; import * as assert from "uvu/assert";\nconst a = suite("a");';
/** Two passing tests for suite `a`. */
export const PASS = 'a("passes", () => {}); a("passes too", () => {});';
/** A program that never ends. */
export const FOREVER = "setInterval(() => {}, 1000);";

/** Test programs as lines of JavaScript, by the name of their file. */
export type Programs = Readonly<Record<string, readonly string[]>>;

/** Makes a package of compiled tests, each with a source so that it counts, in a temporary folder. */
export function makePackage(programs: Programs): string {
  const root = mkdtempSync(join(tmpdir(), "runner-"));
  symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"), "dir");
  write(join(root, "package.json"), '{ "type": "module" }');
  for (const [name, program] of Object.entries(programs)) {
    write(join(root, "test", `${name}.test.ts`), "");
    write(join(root, "dist/test", `${name}.test.js`), program.join("\n"));
  }
  return root;
}

/** Writes a file, and the folders above it. */
export function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** How a run of the test command ended. */
export interface Ended {
  /** stdout and stderr. */
  output: string;
  exitCode: number | null;
  lastLine: string;
}

/** Starts the test command on a package, without the CI variable of whoever runs this test. */
export function start(
  root: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { child: ChildProcess; ended: Promise<Ended> } {
  const { CI: _, ...inherited } = process.env;
  const child = spawn(process.execPath, [RUNNER, "--root", root, ...args], {
    env: { ...inherited, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => (output += chunk));
  child.stderr.on("data", (chunk) => (output += chunk));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => {
      resolve({ output, exitCode, lastLine: output.trimEnd().split("\n").at(-1) ?? "" });
    });
  });
  return { child, ended };
}

/** Runs the test command on a package made of these programs. */
export async function run(
  programs: Programs,
  args: readonly string[] = [],
  env?: NodeJS.ProcessEnv,
): Promise<Ended> {
  const root = makePackage(programs);
  try {
    return await start(root, args, env).ended;
  } finally {
    rmSync(root, { recursive: true });
  }
}
