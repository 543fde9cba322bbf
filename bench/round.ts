/** One round of one variant in a fresh process, which may fail, hang or print junk. */

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { processTree, signalAll } from "../src/process/process-tree.js";
import type { Round } from "./report/report.js";
import type { Measurement, Work } from "./scenario.js";

/** What bounds a round. */
export interface RoundOptions {
  /** Numbers that the measurement must have. */
  readonly metrics: readonly string[];
  /** Milliseconds until the round's processes are killed. */
  readonly deadlineMs: number;
  /** Kills the round's processes; the round is then undefined, neither measured nor failed. */
  readonly signal?: AbortSignal | undefined;
}

const VARIANT = fileURLToPath(new URL("./variant.js", import.meta.url));
/** How much of the output is kept, from its end. */
const KEPT_CHARACTERS = 64 * 1024;
const SHOWN_STDERR_LINES = 8;
/** How long output may still come after the exit; a stray grandchild can hold a pipe open. */
const OUTPUT_GRACE_MS = 500;

/** How the process ended, and what it said last. */
interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly startError?: string;
}

/** Runs `work` once. Never rejects; leaves no process behind. */
export async function runRound(work: Work, options: RoundOptions): Promise<Round | undefined> {
  const { deadlineMs, signal } = options;
  const child = spawn(process.execPath, [VARIANT, work.workload, JSON.stringify(work.input)], {
    env: process.env.PATH === undefined ? {} : { PATH: process.env.PATH },
    // A group of its own: whatever is left in it is killed after the round, and Ctrl+C does not reach it.
    detached: process.platform !== "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  let late = false;
  const stop = () => killTree(child);
  const deadline = setTimeout(() => {
    late = true;
    stop();
  }, deadlineMs);
  signal?.addEventListener("abort", stop, { once: true });
  process.once("exit", stop);
  try {
    const ended = await end(child);
    if (signal?.aborted) return undefined;
    if (late) return failed(`it was not done within ${deadlineMs / 1000} s and was killed`, ended);
    return judge(ended, options.metrics);
  } finally {
    clearTimeout(deadline);
    signal?.removeEventListener("abort", stop);
    process.removeListener("exit", stop);
  }
}

function killTree({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  signalAll(processTree(pid), "SIGKILL");
  killGroup(pid);
}

function killGroup(pid: number): void {
  if (process.platform === "win32") return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing of it is left.
  }
}

function end(child: ChildProcess): Promise<Ended> {
  const stdout = keepTail(child, "stdout");
  const stderr = keepTail(child, "stderr");
  return new Promise((resolve) => {
    const done = (exitCode: number | null, signal: NodeJS.Signals | null, startError?: string) =>
      resolve({
        exitCode,
        signal,
        stdout: stdout(),
        stderr: stderr(),
        ...(startError !== undefined && { startError }),
      });
    child.once("error", (error) => done(null, null, error.message));
    child.once("close", done);
    child.once("exit", () => {
      if (child.pid !== undefined) killGroup(child.pid);
      setTimeout(() => {
        child.stdout?.destroy();
        child.stderr?.destroy();
      }, OUTPUT_GRACE_MS).unref();
    });
  });
}

function keepTail(child: ChildProcess, name: "stdout" | "stderr"): () => string {
  let tail = "";
  child[name]?.setEncoding("utf8").on("data", (text: string) => {
    tail = (tail + text).slice(-KEPT_CHARACTERS);
  });
  return () => tail;
}

function judge(ended: Ended, metrics: readonly string[]): Round {
  if (ended.startError !== undefined) return failed(`it could not be started: ${ended.startError}`, ended);
  if (ended.signal !== null) return failed(`it was ended by ${ended.signal}`, ended);
  if (ended.exitCode !== 0) return failed(`it ended with exit code ${ended.exitCode}`, ended);
  const line = ended.stdout.trimEnd().split("\n").at(-1) ?? "";
  const measurement = readMeasurement(line);
  if (measurement === undefined)
    return failed(`its last line is no measurement: ${JSON.stringify(line.slice(0, 200))}`, ended);
  const missing = metrics.filter((key) => measurement[key] === undefined);
  if (missing.length > 0) return failed(`it has measured no ${missing.join(", no ")}`, ended);
  return { measurement };
}

function readMeasurement(line: string): Measurement | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return isMeasurement(value) ? value : undefined;
}

/** What was NaN or infinite has become null in JSON, and is no number. */
function isMeasurement(value: unknown): value is Measurement {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((number) => typeof number === "number");
}

function failed(reason: string, { stderr }: Ended): Round {
  const said = stderr.trim().split("\n").slice(-SHOWN_STDERR_LINES).join("\n");
  return { failure: said === "" ? reason : `${reason}\n${said}` };
}
