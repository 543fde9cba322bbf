/**
 * On Linux, `setpriv --pdeathsig` makes the kernel send SIGTERM to a child whose parent thread ends, however it
 * ends: a host killed by SIGKILL or a terminated worker thread runs no code of ours. setpriv replaces itself by
 * the command, so the pid is the child's own. Elsewhere a child only sees its stdin close.
 */

import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { promisify } from "node:util";

const CANDIDATES = ["/usr/bin/setpriv", "/bin/setpriv"];
const PROBE_TIMEOUT_MS = 2_000;

let probe: Promise<string | undefined> | undefined;

/** The command to start instead of `command args`; the same one where the platform has no guard. */
export async function guarded(
  command: string,
  args: readonly string[],
): Promise<[string, readonly string[]]> {
  probe ??= findSetpriv();
  const setpriv = await probe;
  return setpriv === undefined ? [command, args] : [setpriv, ["--pdeathsig", "TERM", "--", command, ...args]];
}

async function findSetpriv(): Promise<string | undefined> {
  if (process.platform !== "linux") return undefined;
  const path = CANDIDATES.find(isExecutable);
  if (path === undefined) return undefined;
  try {
    // Old and small variants of setpriv lack the option.
    const { stdout } = await promisify(execFile)(path, ["--help"], { timeout: PROBE_TIMEOUT_MS, env: {} });
    return stdout.includes("--pdeathsig") ? path : undefined;
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
