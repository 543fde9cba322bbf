import { setTimeout as sleep } from "node:timers/promises";
import { SessionLedger } from "../../src/channel/session-ledger.js";
import type { ExitStatus } from "../../src/errors.js";
import { processTree, signalAll } from "../../src/process/process-tree.js";
import { type SpawnedChild, spawnChild } from "../../workers/spawned-child.js";

/** More than any child writes here, but for a flood. */
export const MOST_KEPT_BYTES = 10_000_000;

/** A child that runs a Node program, and what it has told. */
export class Running implements AsyncDisposable {
  readonly child: SpawnedChild;
  stdout = "";
  stderr = "";
  chunks = 0;
  bytes = 0;
  readonly ended: Promise<ExitStatus>;
  #end: (status: ExitStatus) => void = () => {};
  /** Called with each chunk. */
  onChunk: () => void = () => {};

  constructor(child: SpawnedChild) {
    this.child = child;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  start(): void {
    this.child.start({
      stdout: (chunk) => {
        this.bytes += chunk.length;
        if (this.bytes <= MOST_KEPT_BYTES) this.stdout += chunk.toString("latin1");
        this.chunks += 1;
        this.onChunk();
      },
      stderr: (text) => {
        this.stderr += text;
      },
      silenced: () => {},
      ended: (status) => this.#end(status),
    });
  }

  /** The end, if it is told within the time. */
  endWithin(ms: number): Promise<ExitStatus | undefined> {
    return Promise.race([this.ended, sleep(ms, undefined)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = this.child;
    if (pid !== undefined) signalAll(processTree(pid), "SIGKILL");
    await this.endWithin(5_000);
  }
}

/** Starts a command. */
export async function open(command: string, args: readonly string[], extra: object = {}): Promise<Running> {
  return new Running(
    await spawnChild({ command, args, env: { PATH: process.env.PATH ?? "" }, ...extra }, new SessionLedger()),
  );
}

/** Starts a Node program, given as text. */
export const node = (source: string, extra: object = {}) => open(process.execPath, ["-e", source], extra);
