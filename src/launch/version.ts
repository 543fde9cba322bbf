import { AbortError, InvalidArgumentError } from "../errors.js";
import type { Environment } from "./child-environment.js";

/** The CLI version that this package was tested with. */
export const TESTED_CLI_VERSION = "2.1.330";

/** How a CLI's version compares with the tested one. */
export interface VersionReport {
  /** For example `2.1.330`; undefined when the binary told none. */
  readonly version: string | undefined;
  /** The version that this package was tested with. */
  readonly tested: string;
  readonly status: "same" | "newer" | "older" | "unknown";
  /** Why the status is `unknown`. */
  readonly detail?: string;
}

/** Options of `checkVersion`. */
export interface CheckVersionOptions {
  /** How long the binary may take, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Where to take PATH, HOME and the like from; nothing else reaches the child. Default: the host's. */
  readonly env?: Environment | undefined;
  /** Ends the check early. */
  readonly signal?: AbortSignal | undefined;
}

/** What a program needs in order to start at all. The CLI gets no configuration and no credential here. */
const NECESSITIES =
  /^(path|home|userprofile|systemroot|windir|comspec|pathext|temp|tmp|tmpdir|appdata|localappdata)$/i;

/** More than any version line; a binary that writes more is ended. */
const MAX_OUTPUT_BYTES = 64 * 1024;

/**
 * Runs `<binary> --version` and compares the answer with the tested version.
 *
 * A binary that is missing, crashes, stays silent or talks nonsense is reported as `unknown`, never thrown. At
 * the deadline it is killed, with whatever it has started (on Windows, only itself).
 *
 * @throws AbortError when the signal fires.
 */
export async function checkVersion(
  binaryPath: string,
  options: CheckVersionOptions = {},
): Promise<VersionReport> {
  const { timeoutMs = 5_000, env = process.env, signal } = options;
  // A longer delay than a timer can hold would fire at once.
  if (!(timeoutMs > 0 && timeoutMs <= 2 ** 31 - 1)) {
    throw new InvalidArgumentError(
      `timeoutMs must be more than 0 and less than 2^31 ms, but it is ${timeoutMs}.`,
    );
  }
  if (signal?.aborted) throw new AbortError("The version check was aborted.", { cause: signal.reason });
  const answer = await ask(binaryPath, necessitiesOf(env), timeoutMs, signal);
  if (signal?.aborted) throw new AbortError("The version check was aborted.", { cause: signal.reason });
  const unknown = { version: undefined, tested: TESTED_CLI_VERSION, status: "unknown" } as const;
  if (typeof answer !== "string") return { ...unknown, detail: answer.failure };
  const version = /\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?/.exec(answer)?.[0];
  if (version === undefined) return { ...unknown, detail: "it answered without a version number" };
  return { version, tested: TESTED_CLI_VERSION, status: compare(version, TESTED_CLI_VERSION) };
}

const checks = new Map<string, Promise<VersionReport>>();

/**
 * Checks the version once per process and binary, and emits one process warning if it is not the tested one.
 * An unknown version passes without a warning and is asked for again the next time. Takes no signal, since
 * callers share the check.
 */
export function warnOnVersionDrift(
  binaryPath: string,
  options?: Omit<CheckVersionOptions, "signal">,
): Promise<VersionReport> {
  let check = checks.get(binaryPath);
  if (check === undefined) {
    check = checkAndWarn(binaryPath, options);
    checks.set(binaryPath, check);
  }
  return check;
}

async function checkAndWarn(
  binaryPath: string,
  options: CheckVersionOptions | undefined,
): Promise<VersionReport> {
  let report: VersionReport | undefined;
  try {
    report = await checkVersion(binaryPath, options);
  } finally {
    if (report === undefined || report.status === "unknown") checks.delete(binaryPath);
  }
  if (report.status === "newer" || report.status === "older") {
    process.emitWarning(
      `Claude Code ${report.version} (${binaryPath}) is ${report.status} than ${report.tested}, ` +
        "the version that claude-offthread was tested with; most things work, some messages may come untyped.",
      { type: "ClaudeOffthreadWarning", code: "CLAUDE_OFFTHREAD_VERSION_DRIFT" },
    );
  }
  return report;
}

function necessitiesOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const entries = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries.filter(([name]) => NECESSITIES.test(name)));
}

async function ask(
  binaryPath: string,
  env: Record<string, string>,
  timeoutMs: number,
  signal: AbortSignal | undefined,
): Promise<string | { failure: string }> {
  const { execa } = await import("execa");
  if (signal?.aborted) return { failure: "the check was aborted" };
  // A group of its own, so that the deadline also ends what a wrapper script has started: that would keep the
  // pipe open, and the wait with it.
  const grouped = process.platform !== "win32";
  const child = execa(binaryPath, ["--version"], {
    env,
    extendEnv: false,
    detached: grouped,
    stdin: "ignore",
    stderr: "ignore",
    maxBuffer: MAX_OUTPUT_BYTES,
    killSignal: "SIGKILL",
    reject: false,
    windowsHide: true,
  });
  const kill = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(grouped ? -child.pid : child.pid, "SIGKILL");
    } catch {
      // Gone already.
    }
    child.stdout.destroy();
  };
  let failure: string | undefined;
  const timer = setTimeout(() => {
    failure = `it gave no answer within ${timeoutMs} ms`;
    kill();
  }, timeoutMs);
  signal?.addEventListener("abort", kill, { once: true });
  process.once("exit", kill);
  try {
    const result = await child;
    if (failure !== undefined) return { failure };
    if (result.failed) return { failure: failureOf(result) };
    return result.stdout;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", kill);
    process.removeListener("exit", kill);
  }
}

/** The part of execa's result that tells how a run ended. */
interface RunResult {
  readonly code?: string | undefined;
  readonly signal?: string | undefined;
  readonly exitCode?: number | undefined;
  readonly isMaxBuffer: boolean;
}

function failureOf(result: RunResult): string {
  if (result.isMaxBuffer) return `it wrote more than ${MAX_OUTPUT_BYTES} bytes`;
  if (result.exitCode !== undefined) return `it exited with status ${result.exitCode}`;
  if (result.signal !== undefined) return `it was ended by ${result.signal}`;
  return `it could not be started (${result.code ?? "unknown error"})`;
}

/** Compares by major, minor and patch; a pre-release comes before its release. */
function compare(version: string, tested: string): "same" | "newer" | "older" {
  const [left, right] = [parts(version), parts(tested)];
  for (const [index, part] of left.entries()) {
    const difference = part - (right[index] ?? 0);
    if (difference !== 0) return difference > 0 ? "newer" : "older";
  }
  return "same";
}

function parts(version: string): number[] {
  const dash = version.indexOf("-");
  const numbers = (dash === -1 ? version : version.slice(0, dash)).split(".").map(Number);
  return [...numbers, dash === -1 ? 0 : -1];
}
