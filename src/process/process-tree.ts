/**
 * A process and everything below it. The CLI's tools run in process groups of their own, so signalling the
 * child, or its group, would leave them behind; the tree is found by walking parent ids.
 *
 * All calls are synchronous: they must work inside an `exit` handler. On Linux the walk reads /proc; elsewhere
 * it asks `ps`, and on Windows `taskkill` ends a tree by itself.
 */

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** A process, told apart from a later one that was given the same id. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it started, in whatever form the platform tells; the same for the same process. */
  readonly startedAt: string;
}

interface ProcessRow extends ProcessIdentity {
  readonly parent: number;
}

/** Longest that the tools of other platforms may take. */
const TOOL_TIMEOUT_MS = 2_000;

/** The living processes below and including `pid`, children before their parents; empty when it is gone. */
export function processTree(pid: number): ProcessIdentity[] {
  let rows = listProcesses();
  let root = rows.find((row) => row.pid === pid);
  if (root === undefined) {
    // It may have been started since the last look.
    lastLook = undefined;
    rows = listProcesses();
    root = rows.find((row) => row.pid === pid);
  }
  if (root === undefined) return [];
  const found: ProcessIdentity[] = [];
  const visit = (row: ProcessRow): void => {
    for (const child of rows) if (child.parent === row.pid && child.pid !== row.pid) visit(child);
    found.push({ pid: row.pid, startedAt: row.startedAt });
  };
  visit(root);
  return found;
}

/** The living process that has this id now; undefined when there is none. */
export function livingProcess(pid: number): ProcessIdentity | undefined {
  if (process.platform !== "linux") lastLook = undefined;
  const row = process.platform === "linux" ? readStat(pid) : listProcesses().find((one) => one.pid === pid);
  return row && { pid, startedAt: row.startedAt };
}

/** Those of `processes` that still run: not ended, not replaced, and not zombies that wait to be collected. */
export function stillRunning(processes: readonly ProcessIdentity[]): ProcessIdentity[] {
  if (processes.length === 0) return [];
  // Each by itself and now: a child that ends at once must not be waited for because an earlier look has seen it.
  if (process.platform === "linux")
    return processes.filter(({ pid, startedAt }) => readStat(pid)?.startedAt === startedAt);
  const rows = new Map(listProcesses().map((row) => [row.pid, row.startedAt]));
  return processes.filter(({ pid, startedAt }) => rows.get(pid) === startedAt);
}

/** Signals each of them that still runs. Returns how many got the signal. */
export function signalAll(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): number {
  let signalled = 0;
  for (const { pid } of stillRunning(processes)) {
    try {
      if (process.platform === "win32") killWindowsTree(pid);
      else process.kill(pid, signal);
      signalled += 1;
    } catch {
      // It ended between the look and the signal.
    }
  }
  return signalled;
}

function killWindowsTree(pid: number): void {
  execFileSync("taskkill", ["/pid", String(pid), "/T", "/F"], { stdio: "ignore", timeout: TOOL_TIMEOUT_MS });
}

/** Many sessions that close at once look together: a look reads every process of the machine. */
const LOOK_LASTS_MS = 20;

let lastLook: { readonly at: number; readonly rows: readonly ProcessRow[] } | undefined;

function listProcesses(): readonly ProcessRow[] {
  if (lastLook === undefined || performance.now() - lastLook.at > LOOK_LASTS_MS) {
    const rows = readProcesses();
    lastLook = { at: performance.now(), rows };
  }
  return lastLook.rows;
}

function readProcesses(): ProcessRow[] {
  if (process.platform === "linux") return listProc();
  return process.platform === "win32" ? listWindows() : listPs();
}

function listProc(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync("/proc")) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const row = readStat(pid);
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function readStat(pid: number): ProcessRow | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  // The command name is in parentheses and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, parent] = fields;
  const startedAt = fields[19];
  if (state === "Z" || state === "X" || startedAt === undefined) return undefined;
  return { pid, parent: Number(parent), startedAt };
}

function listPs(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const line of run("ps", ["-A", "-o", "pid=,ppid=,state=,lstart="])) {
    const [pid, parent, state, ...started] = line.trim().split(/\s+/);
    if (pid === undefined || state === undefined || state.startsWith("Z")) continue;
    rows.push({ pid: Number(pid), parent: Number(parent), startedAt: started.join(" ") });
  }
  return rows;
}

function listWindows(): ProcessRow[] {
  const script =
    "Get-CimInstance Win32_Process | ForEach-Object { '{0} {1} {2}' -f $_.ProcessId,$_.ParentProcessId,$_.CreationDate.Ticks }";
  const rows: ProcessRow[] = [];
  for (const line of run("powershell", ["-NoProfile", "-Command", script])) {
    const [pid, parent, startedAt] = line.trim().split(" ");
    if (startedAt !== undefined) rows.push({ pid: Number(pid), parent: Number(parent), startedAt });
  }
  return rows;
}

function run(command: string, args: readonly string[]): string[] {
  try {
    return execFileSync(command, args, {
      encoding: "utf8",
      timeout: TOOL_TIMEOUT_MS,
      windowsHide: true,
    }).split("\n");
  } catch {
    return [];
  }
}
