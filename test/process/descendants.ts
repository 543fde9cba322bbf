/** Real processes for tests: started here, found again by their pid, and ended whatever happens. */

import { type ChildProcess, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";

/** No wait of a test is longer; a test that gets here has failed. */
export const PATIENCE_MS = 30_000;

/** Polls until the check gives something other than undefined or false. */
export async function until<T>(what: string, check: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(10);
  }
}

/** True while the process can be signalled; a zombie can. */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** A Node program, given as text, that prints a line of JSON once it is ready. */
export class Program implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly exited: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
  /** Pids that are ended with it. */
  readonly others = new Set<number>();
  #output = "";

  constructor(source: string, { detached = false } = {}) {
    this.child = spawn(process.execPath, ["-e", source], {
      stdio: ["pipe", "pipe", "inherit"],
      detached,
      env: { PATH: process.env.PATH },
    });
    this.child.stdin?.on("error", () => {});
    this.child.stdout?.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString();
    });
    this.exited = new Promise((resolve) => {
      this.child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    });
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error("it was not started");
    return this.child.pid;
  }

  /** The line that it prints first: the pids that it has started, by name. */
  async ready(): Promise<Record<string, number>> {
    const line = await until("a line of the program", () => /^(.*)\n/.exec(this.#output)?.[1]);
    const pids = JSON.parse(line) as Record<string, number>;
    for (const pid of Object.values(pids)) this.others.add(pid);
    return pids;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const pid of [...this.others, this.pid]) {
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended.
      }
    }
    await this.exited;
  }
}

/** Source of a program that runs until it is killed, whatever else is done to it. */
export const STUBBORN = `process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); process.stdin.resume();`;

/** Source of a program that starts another one below it and tells both pids; that one may leave its group. */
export function parentOf(grandchild: string, { detached = true, also = "" } = {}): string {
  return `
    const { spawn } = require("node:child_process");
    const grandchild = spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], {
      detached: ${detached}, stdio: ["ignore", "pipe", "ignore"],
    });
    grandchild.stdout.once("data", () => {
      console.log(JSON.stringify({ child: process.pid, grandchild: grandchild.pid }));
    });
    setInterval(() => {}, 1000);
    ${also}
  `;
}

/** Source of a program that tells that it has begun, and waits. */
export const WAITING = `console.log("begun"); setInterval(() => {}, 1000);`;
/** The same, and it cannot be asked to end. */
export const WAITING_STUBBORN = `process.on("SIGTERM", () => {}); ${WAITING}`;
