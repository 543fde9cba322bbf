import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { killTree, processTree } from "./process-tree.js";
import type { FileRun } from "./verdict.js";

/** How to run one test program. */
export interface Execution {
  /** Path of the compiled test, relative to `root`. */
  readonly program: string;
  /** Package folder: the working directory of the test. */
  readonly root: string;
  /** Folder for the file that collects its output. */
  readonly scratch: string;
  /** Milliseconds until its process tree is killed. */
  readonly timeoutMs: number;
  readonly env: NodeJS.ProcessEnv;
}

/** Milliseconds that processes of an ended test get to end too. */
const LEFTOVER_GRACE_MS = 2000;

const live = new Set<number>();

/** Kills every test process that is running, with all it has started. */
export function killAll(): void {
  for (const pid of live) killTree(pid);
}

/** Runs one test file in a process of its own, in its own process group, and waits for its end. */
export async function execute(execution: Execution): Promise<FileRun> {
  // Both streams go to one file, not to pipes: a grandchild that holds a pipe open cannot hold us up, and
  // nothing is lost when the test calls process.exit().
  const log = join(execution.scratch, `${execution.program.replaceAll("/", "+")}.log`);
  const descriptor = openSync(log, "a");
  try {
    const ended = await waitForEnd(execution, descriptor);
    return { ...ended, output: readFileSync(log, "utf8") };
  } finally {
    closeSync(descriptor);
  }
}

async function waitForEnd(execution: Execution, output: number): Promise<Omit<FileRun, "output">> {
  const { program, root, timeoutMs, env } = execution;
  const child = spawn(process.execPath, [join(root, program)], {
    cwd: root,
    env,
    detached: true,
    stdio: ["ignore", output, output],
  });
  const { pid } = child;
  let late = false;
  const deadline = setTimeout(() => {
    late = true;
    if (pid !== undefined) killTree(pid);
  }, timeoutMs);
  if (pid !== undefined) live.add(pid);
  try {
    const end = await new Promise<Omit<FileRun, "output" | "leftovers">>((resolve) => {
      child.once("error", (error) => resolve({ exitCode: null, signal: null, startError: error.message }));
      child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    });
    const leftovers = pid === undefined ? [] : await endLeftovers(pid);
    return { ...end, ...(late ? { killedAfterMs: timeoutMs } : {}), leftovers };
  } finally {
    clearTimeout(deadline);
    if (pid !== undefined) live.delete(pid);
  }
}

async function endLeftovers(root: number): Promise<number[]> {
  const patience = performance.now() + LEFTOVER_GRACE_MS;
  let left = processTree(root);
  while (left.length > 0 && performance.now() < patience) {
    await sleep(50);
    left = processTree(root);
  }
  if (left.length > 0) killTree(root);
  return left;
}
