import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

interface ProcessEntry {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** Session id; the group id where the system does not tell. */
  readonly session: number;
}

/**
 * Living processes that belong to `root`: itself, what descends from it, and what shares its process group or
 * session. After `root` has exited only the latter are found, since its children have got another parent.
 * Zombies do not count: in a container nobody may ever reap them.
 */
export function processTree(root: number): number[] {
  const entries = process.platform === "linux" ? fromProc() : fromPs();
  const found = new Set<number>();
  let size = -1;
  while (size !== found.size) {
    size = found.size;
    for (const { pid, parent, group, session } of entries) {
      if (pid === root || group === root || session === root || found.has(parent)) found.add(pid);
    }
  }
  found.delete(process.pid);
  return [...found];
}

/** Kills `root` and its {@link processTree} with SIGKILL. Returns at once; the system ends them soon after. */
export function killTree(root: number): void {
  // A process may fork between the listing and its death, so look again.
  for (let round = 0; round < 3; round += 1) {
    for (const pid of processTree(root)) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // Gone meanwhile.
      }
    }
  }
}

function fromProc(): ProcessEntry[] {
  const entries: ProcessEntry[] = [];
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    let stat: string;
    try {
      stat = readFileSync(`/proc/${name}/stat`, "utf8");
    } catch {
      continue;
    }
    // The second field is the program's name in parentheses, and may itself contain spaces and parentheses.
    const [state, parent, group, session] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    if (state === "Z" || state === "X") continue;
    entries.push({
      pid: Number(name),
      parent: Number(parent),
      group: Number(group),
      session: Number(session),
    });
  }
  return entries;
}

function fromPs(): ProcessEntry[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,pgid=,stat="], { encoding: "utf8" });
  return table.split("\n").flatMap((line) => {
    const [pid, parent, group, state] = line.trim().split(/\s+/);
    if (state === undefined || state.startsWith("Z")) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), session: Number(group) }];
  });
}
