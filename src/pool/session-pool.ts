/** Threads that host sessions. The only file that knows Piscina. */

import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import type { ChildSource, SessionTask } from "../channel/control-contract.js";
import type { SessionEnd } from "../channel/session-end.js";
import { SessionLedger } from "../channel/session-ledger.js";
import {
  AbortError,
  InvalidArgumentError,
  InvalidStateError,
  TimeoutError,
  WorkerCrashedError,
} from "../errors.js";
import type { Limits } from "../options.js";
import { endOrphan, unwatch, watch } from "./reaper.js";
import { SessionHandle, type SessionOutcome } from "./session-handle.js";

/** Size of a pool. */
export interface SessionPoolOptions {
  /** Most threads at a time. Default: what the machine can run in parallel. */
  readonly threads?: number;
  /** Most sessions that share a thread; further ones wait. Default 64. */
  readonly sessionsPerThread?: number;
  /** How long an idle thread is kept warm, in milliseconds. It never keeps the process alive. Default 30,000. */
  readonly idleTimeoutMs?: number;
}

/** A snapshot of a pool. */
export interface SessionPoolStats {
  readonly threads: number;
  readonly openSessions: number;
  readonly waitingSessions: number;
}

/** What a session needs beside its child. */
export interface OpenOptions {
  readonly limits: Limits;
  /** Ends the wait for a thread. */
  readonly signal?: AbortSignal | undefined;
  readonly approvals: boolean;
}

const WORKER_FILE = fileURLToPath(new URL("../../workers/session.js", import.meta.url));

/**
 * Hosts sessions in worker threads. Threads start when they are needed, one more while all others are busy, and
 * are shared when there are more sessions than threads.
 */
export class SessionPool {
  readonly #piscina: Piscina;
  readonly #open = new Set<SessionHandle>();
  #closed = false;

  /** @throws InvalidArgumentError for a size below one. */
  constructor(options: SessionPoolOptions = {}) {
    const threads = wholeNumber("threads", options.threads ?? availableParallelism(), 1);
    const sessionsPerThread = wholeNumber("sessionsPerThread", options.sessionsPerThread ?? 64, 1);
    this.#piscina = new Piscina({
      filename: WORKER_FILE,
      minThreads: 0,
      maxThreads: threads,
      concurrentTasksPerWorker: sessionsPerThread,
      idleTimeout: wholeNumber("idleTimeoutMs", options.idleTimeoutMs ?? 30_000, 0),
      // The default blocks the thread between tasks, and with it every session it still hosts.
      atomics: "disabled",
      recordTiming: false,
      // Piscina's own balancers fill a thread before they start the next one.
      loadBalancer: (_task, workers) => {
        const usable = workers.filter((worker) => !worker.terminating && !worker.destroyed);
        usable.sort((a, b) => a.currentUsage - b.currentUsage);
        const [least] = usable;
        if (least === undefined || least.currentUsage >= sessionsPerThread) return null;
        return least.currentUsage === 0 || workers.length >= threads ? least : null;
      },
    });
    // A thread that dies idle has nobody to tell; its sessions' tasks are rejected by themselves.
    this.#piscina.on("error", () => {});
  }

  /** A snapshot of the pool; costs nothing. */
  stats(): SessionPoolStats {
    return {
      threads: this.#piscina.threads.length,
      openSessions: this.#open.size,
      waitingSessions: this.#piscina.queueSize,
    };
  }

  /**
   * Opens a session and waits until its child runs.
   * @throws BinaryNotFoundError, SpawnError, TimeoutError, WorkerCrashedError, InvalidStateError
   */
  async open(child: ChildSource, options: OpenOptions): Promise<SessionHandle> {
    if (this.#closed) throw new InvalidStateError("This session pool is closed. Open a new one.");
    const ledger = new SessionLedger();
    const data = new MessageChannel();
    const control = new MessageChannel();
    const notice = new MessageChannel();
    const task: SessionTask = {
      child,
      limits: options.limits,
      approvals: options.approvals,
      ledger: ledger.buffer,
      dataPort: data.port2,
      controlPort: control.port2,
      noticePort: notice.port2,
    };
    const transferList = [
      data.port2,
      control.port2,
      notice.port2,
      ...("relay" in child ? [child.relay] : []),
    ];
    watch(ledger);
    const running = this.#piscina.run(task, { transferList }) as Promise<SessionEnd>;
    const session = new SessionHandle({
      ledger,
      dataPort: data.port1,
      controlPort: control.port1,
      noticePort: notice.port1,
      shutdown: options.limits.shutdown,
      outcome: this.#outcome(running, ledger, options.limits),
    });
    this.#open.add(session);
    void session.outcome.then(() => this.#open.delete(session));
    await this.#started(session, options);
    return session;
  }

  /** Ends all sessions, each by its close ladder, and then the threads. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#open].map((session) => session.shutdown()));
    await this.#piscina.destroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #started(session: SessionHandle, { limits, signal }: OpenOptions): Promise<void> {
    const timeoutMs = limits.spawnTimeoutMs;
    let timer: NodeJS.Timeout | undefined;
    let onAbort = (): void => {};
    const late = new Promise<never>((_, reject) => {
      onAbort = () => {
        reject(new AbortError("Opening the client was aborted by its signal.", { cause: signal?.reason }));
      };
      signal?.addEventListener("abort", onAbort, { once: true });
      timer = setTimeout(() => {
        const { threads, openSessions, waitingSessions } = this.stats();
        const message =
          `No thread has started the session within ${timeoutMs} ms ` +
          `(${threads} threads, ${openSessions} sessions open, ${waitingSessions} waiting). ` +
          "Allow more with SessionPool's threads and sessionsPerThread.";
        reject(new TimeoutError(message, { timeoutMs }));
      }, timeoutMs);
    });
    try {
      await Promise.race([session.call((control) => control.opened()), late]);
    } catch (error) {
      void session.shutdown();
      throw error;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    }
  }

  async #outcome(
    running: Promise<SessionEnd>,
    ledger: SessionLedger,
    limits: Limits,
  ): Promise<SessionOutcome> {
    try {
      return { end: await running };
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      const message = `The worker thread of this session died (${why}); its child process was ended.`;
      await endOrphan(ledger, limits.shutdown.termMs);
      ledger.exited({ exitCode: null, signal: null });
      return { crash: new WorkerCrashedError(message, { cause }) };
    } finally {
      unwatch(ledger);
    }
  }
}

let shared: SessionPool | undefined;

/** The pool of all clients that were given none; its idle threads keep nothing alive. */
export function sharedPool(): SessionPool {
  shared ??= new SessionPool();
  return shared;
}

function wholeNumber(name: string, value: number, least: number): number {
  if (Number.isInteger(value) && value >= least) return value;
  throw new InvalidArgumentError(`${name} must be a whole number of at least ${least}, got ${value}.`);
}
