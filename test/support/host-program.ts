/** Host programs as child processes, seen from outside: what they say, how they end, what they leave behind. */

import { type ChildProcess, fork, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import * as assert from "uvu/assert";
import type { ExitStatus } from "../../src/errors.js";
import type { LaunchSpec } from "../../src/launch/launch-spec.js";

/** In the environment of all that a host starts, and so also of processes whose parents are gone. */
const MARK = "OFFTHREAD_TEST_HOST";

/** No wait is longer; whatever a script ignores lives longer than this. */
const PATIENCE_MS = 12_000;

const POLL_MS = 25;

/** How long what has been signalled may take to be gone. */
const LEFTOVER_PATIENCE_MS = 5_000;

/** Whose children can be found after its end; elsewhere a process does not show its environment. */
export const CAN_SEE_ORPHANS = process.platform === "linux";

/** Where the sources of the host programs lie. */
export const HOSTS = new URL("../lifecycle/hosts/", import.meta.url);

/** What a host is started with. */
export interface HostOptions {
  /** The children that it shall open, in order. */
  readonly launches?: readonly LaunchSpec[];
  /** Arguments for the program. */
  readonly args?: readonly string[];
  /** Flags for Node. */
  readonly nodeArgs?: readonly string[];
  /** Starts it by `fork()`, with a channel to this process. */
  readonly fork?: boolean;
}

/** What a host has said: the name of the event and whatever belongs to it. */
export type Told = { readonly event: string } & Readonly<Record<string, unknown>>;

/** A process, told apart from a later one with the same id by when it started. */
export interface SeenProcess {
  readonly pid: number;
  /** In clock ticks since boot. */
  readonly startedAt: string;
  /** Id of its process group. */
  readonly group: number;
  readonly commandLine: string;
}

/** A running host program of test/lifecycle/hosts. Disposing ends it and all that it has started. */
export class HostProgram implements AsyncDisposable {
  /** All that it has said, in order. */
  readonly heard: Told[] = [];
  stderr = "";
  readonly #mark = randomUUID();
  readonly #child: ChildProcess;
  readonly #exited: Promise<ExitStatus>;
  #exit: ExitStatus | undefined;

  constructor(name: string, { launches = [], args = [], nodeArgs = [], fork: forked = false }: HostOptions) {
    const mark = { [MARK]: this.#mark };
    const marked = launches.map((launch) => ({ ...launch, env: { ...launch.env, ...measured(), ...mark } }));
    const program = fileURLToPath(new URL(`${name}.js`, HOSTS));
    const programArgs = [JSON.stringify(marked), ...args];
    const env = { ...(process.env.PATH !== undefined && { PATH: process.env.PATH }), ...measured(), ...mark };
    this.#child = forked
      ? fork(program, programArgs, { env, execArgv: [...nodeArgs], stdio: ["pipe", "pipe", "pipe", "ipc"] })
      : spawn(process.execPath, [...nodeArgs, program, ...programArgs], { env, stdio: "pipe" });
    this.#exited = this.#watch();
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** How it ended; undefined while it runs. */
  get exit(): ExitStatus | undefined {
    return this.#exit;
  }

  /** Waits until it has said this, for the `count`th time. */
  told(event: string, count = 1): Promise<Told> {
    return this.until(`"${event}"`, () => this.heard.filter((told) => told.event === event)[count - 1]);
  }

  /** Lets it go on. */
  go(): void {
    this.#child.stdin?.write("go\n");
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Sends a message through the channel of a forked host. */
  send(message: string): void {
    this.#child.send(message);
  }

  /** Closes the channel of a forked host. */
  disconnect(): void {
    this.#child.disconnect();
  }

  /** Waits for its end. */
  async ended(): Promise<ExitStatus> {
    await this.until("its end", () => this.#exit);
    return this.#exited;
  }

  /** What it has started, directly or not, and what still runs; without itself and without zombies. */
  processes(): SeenProcess[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name) && Number(name) !== this.pid)
      .filter((name) => readProc(name, "environ").includes(`${MARK}=${this.#mark}`))
      .flatMap((name) => {
        const stat = readStat(Number(name));
        const commandLine = readProc(name, "cmdline").replaceAll("\0", " ");
        return stat === undefined ? [] : [{ pid: Number(name), ...stat, commandLine }];
      });
  }

  /** Waits until it has started this many processes, and gives them. */
  running(count: number): Promise<SeenProcess[]> {
    return this.until(`${count} processes`, () => {
      const found = this.processes();
      return found.length >= count ? found : undefined;
    });
  }

  /** Waits for the end of the processes, and of all others that the host has started. */
  async nothingLeft(seen: readonly SeenProcess[] = []): Promise<void> {
    const left = () => {
      const found = [...this.processes(), ...seen.filter(isRunning)];
      return new Set(found.map(({ pid, commandLine }) => `${pid} ${commandLine.slice(0, 300)}`));
    };
    const deadline = performance.now() + LEFTOVER_PATIENCE_MS;
    while (left().size > 0 && performance.now() < deadline) await sleep(POLL_MS);
    assert.equal([...left()], [], "processes that outlived their host");
  }

  /** Polls until the check gives something other than undefined or false. */
  async until<T>(what: string, check: () => T | undefined | false): Promise<T> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = check();
      if (found !== undefined && found !== false) return found;
      if (performance.now() > deadline || this.#exit !== undefined) {
        const heard = this.heard.map(({ event }) => event).join(" ");
        const end = JSON.stringify(this.#exit);
        throw new Error(
          `the host: waited in vain for ${what}; heard: ${heard}; end: ${end}; stderr: ${this.stderr}`,
        );
      }
      await sleep(POLL_MS);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // It must be dead before what it started, or it may start more.
    this.#child.kill("SIGKILL");
    await this.#exited;
    if (CAN_SEE_ORPHANS) for (const { pid } of this.processes()) process.kill(pid, "SIGKILL");
  }

  #watch(): Promise<ExitStatus> {
    let unfinished = "";
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      const lines = (unfinished + text).split("\n");
      unfinished = lines.pop() ?? "";
      for (const line of lines) this.heard.push(JSON.parse(line));
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
    });
    this.#child.stdin?.on("error", () => {});
    const allSaid = this.#child.stdout && once(this.#child.stdout, "end");
    return once(this.#child, "exit").then(async ([exitCode, signal]) => {
      // An orphan may hold the pipe open.
      await Promise.race([allSaid, sleep(500)]);
      this.#exit = { exitCode, signal };
      return this.#exit;
    });
  }
}

/** Starts dist/test/lifecycle/hosts/<name>.js. */
export function startHost(name: string, options: HostOptions = {}): HostProgram {
  return new HostProgram(name, options);
}

/** Passes a coverage run on to programs whose environment is built from nothing. */
function measured(): Record<string, string> {
  const folder = process.env.NODE_V8_COVERAGE;
  return folder === undefined ? {} : { NODE_V8_COVERAGE: folder };
}

function isRunning({ pid, startedAt }: SeenProcess): boolean {
  return readStat(pid)?.startedAt === startedAt;
}

/** Undefined when the process is gone or a zombie. */
function readStat(pid: number): { startedAt: string; group: number } | undefined {
  const stat = readProc(String(pid), "stat");
  // The second field is a name in parentheses, and may itself hold spaces and parentheses.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state, , group] = fields;
  const startedAt = fields[19];
  if (startedAt === undefined || state === "Z" || state === "X") return undefined;
  return { startedAt, group: Number(group) };
}

/** Empty when the process is gone. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
