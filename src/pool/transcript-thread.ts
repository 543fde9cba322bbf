/**
 * The thread that reads and changes stored sessions. One for all: it mostly waits for the disk. It starts with the
 * first call, ends when it has been idle for a while, and never keeps the process alive by itself.
 */

import { fileURLToPath } from "node:url";
import { MessageChannel, type MessagePort, Worker } from "node:worker_threads";
import type { TranscriptCall, TranscriptTask } from "../channel/transcript-contract.js";
import { WorkerCrashedError } from "../errors.js";

const WORKER_FILE = fileURLToPath(new URL("../../workers/transcripts.js", import.meta.url));
const IDLE_MS = 30_000;

/** A call that the thread is at. */
export interface RunningCall {
  /** Main's end, not yet started; closing it stops the call. */
  readonly port: MessagePort;
  /** Settles if the thread dies before {@link RunningCall.done}; never rejects. */
  readonly crashed: Promise<WorkerCrashedError>;
  /** To be called once, when nothing more is wanted of the call. */
  done(): void;
}

interface Host {
  readonly worker: Worker;
  readonly running: Set<(error: WorkerCrashedError) => void>;
}

let host: Host | undefined;
let idle: NodeJS.Timeout | undefined;

/** Hands a call to the thread. */
export function startTranscriptCall(call: TranscriptCall): RunningCall {
  clearTimeout(idle);
  host ??= startHost();
  const { worker, running } = host;
  const { port1, port2 } = new MessageChannel();
  let crash: (error: WorkerCrashedError) => void = () => {};
  const crashed = new Promise<WorkerCrashedError>((resolve) => {
    crash = resolve;
  });
  running.add(crash);
  const task: TranscriptTask = { call, port: port2 };
  worker.postMessage(task, [port2]);
  const done = (): void => {
    port1.close();
    running.delete(crash);
    if (running.size === 0 && host?.worker === worker) restWhenIdle(worker);
  };
  return { port: port1, crashed, done };
}

function startHost(): Host {
  // The host's own flags (--input-type, loaders) are not for this file.
  const worker = new Worker(WORKER_FILE, { execArgv: [], name: "claude-offthread transcripts" });
  const running: Host["running"] = new Set();
  let why = "it has ended";
  worker.on("error", (error) => {
    why = error instanceof Error ? error.message : String(error);
  });
  worker.on("exit", () => {
    if (host?.worker === worker) host = undefined;
    for (const crash of running) {
      crash(new WorkerCrashedError(`The thread that reads stored sessions died (${why}). Try again.`));
    }
    running.clear();
  });
  worker.unref();
  return { worker, running };
}

function restWhenIdle(worker: Worker): void {
  clearTimeout(idle);
  idle = setTimeout(() => {
    if (host?.worker === worker) host = undefined;
    void worker.terminate();
  }, IDLE_MS);
  idle.unref();
}
