/** Threads that host sessions. The only file that knows Piscina. */

import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { MessageChannel } from "node:worker_threads";
import { Piscina } from "piscina";
import { onAbort } from "../abort-signal.js";
import type { ChildSource, HostTask, SessionTask } from "../channel/control-contract.js";
import type { SessionEnd } from "../channel/session-end.js";
import { SessionLedger } from "../channel/session-ledger.js";
import {
  AbortError,
  ConnectionClosedError,
  InvalidArgumentError,
  InvalidStateError,
  TimeoutError,
  WorkerCrashedError,
} from "../errors.js";
import type { Limits } from "../options.js";
import { Places } from "./places.js";
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
  /** Who answers what the child asks of its host. */
  readonly host: HostTask;
  /** Names of the messages to hand over; all when absent. */
  readonly deliver?: readonly string[] | undefined;
}

const WORKER_FILE = fileURLToPath(new URL("../../workers/session.js", import.meta.url));

/**
 * Hosts sessions in worker threads. Threads start when they are needed, one more while all others are busy, and
 * are shared when there are more sessions than threads.
 */
export class SessionPool {
  readonly #piscina: Piscina;
  readonly #open = new Set<SessionHandle>();
  readonly #places: Places;
  #closed = false;

  /** @throws InvalidArgumentError for a size below one. */
  constructor(options: SessionPoolOptions = {}) {
    const threads = wholeNumber("threads", options.threads ?? availableParallelism(), 1);
    const sessionsPerThread = wholeNumber("sessionsPerThread", options.sessionsPerThread ?? 64, 1);
    // Not Piscina's queue: nobody can leave that without taking a whole thread with him.
    this.#places = new Places(threads * sessionsPerThread);
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
      waitingSessions: this.#places.waiting,
    };
  }

  /**
   * Opens a session and waits until its child runs.
   * @throws BinaryNotFoundError, SpawnError, TimeoutError, WorkerCrashedError, AbortError, InvalidStateError
   */
  async open(child: ChildSource, options: OpenOptions): Promise<SessionHandle> {
    this.#throwIfClosed();
    const until = performance.now() + options.limits.spawnTimeoutMs;
    const place = this.#places.enter();
    try {
      await this.#inTime(place.entered, until, options);
      this.#throwIfClosed();
    } catch (error) {
      place.giveUp();
      throw error;
    }
    const session = this.#start(child, options);
    const opened = session.call((control) => control.opened());
    try {
      await this.#inTime(opened, until, options);
    } catch (error) {
      // A child that ran and has ended already was opened: what it said is there to be read.
      if (error instanceof ConnectionClosedError && error === session.over) return session;
      void session.shutdown();
      throw error;
    }
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

  /** Hands the session to a thread; the place it takes is free again when it is over. */
  #start(child: ChildSource, { limits, host, deliver }: OpenOptions): SessionHandle {
    const ledger = new SessionLedger();
    const data = new MessageChannel();
    const control = new MessageChannel();
    const notice = new MessageChannel();
    const ports = { dataPort: data.port2, controlPort: control.port2, noticePort: notice.port2 };
    const task: SessionTask = { child, limits, host, deliver, ledger: ledger.buffer, ...ports };
    const transferList = [...Object.values(ports), ...("relay" in child ? [child.relay] : [])];
    watch(ledger);
    const running = this.#piscina.run(task, { transferList }) as Promise<SessionEnd>;
    const session = new SessionHandle({
      ledger,
      dataPort: data.port1,
      controlPort: control.port1,
      noticePort: notice.port1,
      shutdown: limits.shutdown,
      outcome: this.#outcome(running, ledger, limits),
    });
    this.#open.add(session);
    void session.outcome.then(() => {
      this.#open.delete(session);
      this.#places.leave();
    });
    return session;
  }

  /** Waits for a step of the opening until its time is up or its signal fires. */
  async #inTime<T>(step: Promise<T>, until: number, { limits, signal }: OpenOptions): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    let forgetSignal = (): void => {};
    const given = new Promise<never>((_, reject) => {
      if (signal !== undefined) {
        forgetSignal = onAbort(signal, () => {
          reject(new AbortError("Opening the client was aborted by its signal.", { cause: signal.reason }));
        });
      }
      timer = setTimeout(
        () => reject(this.#lateError(limits.spawnTimeoutMs)),
        Math.max(0, until - performance.now()),
      );
    });
    try {
      return await Promise.race([step, given]);
    } finally {
      clearTimeout(timer);
      forgetSignal();
    }
  }

  #lateError(timeoutMs: number): TimeoutError {
    const { threads, openSessions, waitingSessions } = this.stats();
    const message =
      `No thread has started the session within ${timeoutMs} ms ` +
      `(${threads} threads, ${openSessions} sessions open, ${waitingSessions} waiting). ` +
      "Allow more with SessionPool's threads and sessionsPerThread.";
    return new TimeoutError(message, { timeoutMs });
  }

  #throwIfClosed(): void {
    if (this.#closed) throw new InvalidStateError("This session pool is closed. Open a new one.");
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
      ledger.exited();
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
