/** Which sessions are open: each running CLI keeps `sessions/<pid>.json` in its folder, and removes it at its end. */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { livingProcess } from "../../src/process/process-tree.js";
import { isObject } from "./entries.js";

const PROCESS_FILE = /^(\d+)\.json$/;

/** The process id of a CLI on this machine that says it has the session open; undefined when none does. */
export async function holderOf(configDir: string, sessionId: string): Promise<number | undefined> {
  const folder = join(configDir, "sessions");
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    const pid = Number(PROCESS_FILE.exec(name)?.[1]);
    if (Number.isNaN(pid)) continue;
    const note = await readNote(join(folder, name));
    if (!isObject(note) || note.sessionId !== sessionId) continue;
    const alive = livingProcess(pid);
    // A file that a crash left behind may name the id of another process by now.
    const same = process.platform !== "linux" || note.procStart === undefined;
    if (alive !== undefined && (same || note.procStart === alive.startedAt)) return pid;
  }
  return undefined;
}

async function readNote(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}
