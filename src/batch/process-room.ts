/**
 * Room for a fixed number of warm processes. Whoever needs one waits in order; those whose launch is the same may pass
 * each other so that processes are reused, but nobody is passed for ever.
 */

import type { BatchSettings } from "./batch-settings.js";
import type { PromptLaunch } from "./prompt-launch.js";
import { WarmProcess } from "./warm-process.js";

/** How many later ones may go first because a process of theirs is free. */
const MOST_PASSED = 8;

interface Waiter {
  readonly launch: PromptLaunch;
  readonly take: (process: WarmProcess) => void;
  readonly fail: (error: unknown) => void;
  passed: number;
}

export class ProcessRoom {
  readonly #settings: BatchSettings;
  /** Processes that are started ahead, beyond those that run prompts. */
  readonly #spares: number;
  readonly #waiters = new Set<Waiter>();
  readonly #idle = new Set<WarmProcess>();
  readonly #ending = new Set<Promise<void>>();
  readonly #all = new Set<WarmProcess>();
  readonly #busy = new Set<WarmProcess>();
  /** Starts under way, with the key of each. */
  readonly #starting = new Map<Promise<void>, string>();
  #started = 0;
  #closed = false;

  constructor(settings: BatchSettings) {
    this.#settings = settings;
    this.#spares = settings.isolation === "process" ? Math.ceil(settings.concurrency / 2) : 0;
  }

  /** Processes started so far. */
  get started(): number {
    return this.#started;
  }

  get alive(): number {
    return this.#all.size + this.#starting.size;
  }

  /**
   * A process for this launch, which the caller must give back.
   * @throws the signal's reason, and whatever makes a start fail
   */
  acquire(launch: PromptLaunch, signal: AbortSignal): Promise<WarmProcess> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const settle = (): void => {
        this.#waiters.delete(waiter);
        signal.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter = {
        launch,
        passed: 0,
        take: (process) => {
          settle();
          this.#busy.add(process);
          resolve(process);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      const onAbort = (): void => {
        waiter.fail(signal.reason);
      };
      signal.addEventListener("abort", onAbort, { once: true });
      this.#waiters.add(waiter);
      this.#dispatch();
    });
  }

  /** Takes a process back; it serves again if it can be made as new and `moreToCome`. */
  async release(process: WarmProcess, moreToCome: boolean): Promise<void> {
    const renewed = moreToCome && !this.#closed && (await process.renew());
    this.#busy.delete(process);
    if (renewed && !this.#closed && process.isAlive) this.#idle.add(process);
    else this.#end(process, "idle");
    this.#dispatch();
  }

  /** Takes a process back that is in no state to go on. */
  discard(process: WarmProcess): void {
    this.#busy.delete(process);
    this.#end(process, "busy");
    this.#dispatch();
  }

  /** Ends all processes; settles when none is left. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const process of this.#all) this.#end(process, this.#busy.has(process) ? "busy" : "idle");
    while (this.#starting.size + this.#ending.size > 0) {
      await Promise.all([...this.#starting.keys(), ...this.#ending]);
    }
  }

  #dispatch(): void {
    if (this.#closed) return;
    for (const process of this.#idle) {
      // One that never spoke is handed over all the same: its prompt learns why, and pays an attempt for it. Else a
      // command that ends at once would be started again without end.
      if (!process.isAlive && process.hasSpoken) this.#end(process, "idle");
    }
    this.#handOver();
    const coming = this.#countByKey();
    for (const waiter of this.#waiters) {
      const { key } = waiter.launch;
      const left = coming.get(key) ?? 0;
      if (left > 0) {
        coming.set(key, left - 1);
        continue;
      }
      if (!this.#hasRoom(waiter)) break;
      this.#start(waiter.launch);
    }
  }

  /** Processes that are there for whoever waits, or soon will be. */
  #countByKey(): Map<string, number> {
    const counts = new Map<string, number>();
    const keys = [...this.#starting.values(), ...[...this.#idle].map(({ key }) => key)];
    for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
    return counts;
  }

  /** Gives idle processes to the first who can use them. */
  #handOver(): void {
    const passing: Waiter[] = [];
    for (const waiter of this.#waiters) {
      if (this.#busy.size >= this.#settings.concurrency) return;
      const fitting = [...this.#idle].find(({ key }) => key === waiter.launch.key);
      if (fitting === undefined) {
        passing.push(waiter);
        if (waiter.passed >= MOST_PASSED) return;
        continue;
      }
      for (const passed of passing) passed.passed += 1;
      this.#idle.delete(fitting);
      waiter.take(fitting);
    }
  }

  /** Makes room for one more process, if need be at the cost of an idle one that nobody waits for. */
  #hasRoom(waiter: Waiter): boolean {
    const room = this.#settings.concurrency + this.#spares;
    if (this.alive < room) return true;
    const wanted = new Set([...this.#waiters].map(({ launch }) => launch.key));
    const overdue = waiter.passed >= MOST_PASSED;
    const [victim] = [...this.#idle].filter(({ key }) => overdue || !wanted.has(key));
    if (victim === undefined) return false;
    this.#end(victim, "idle");
    return true;
  }

  /** Starts a process for whoever can use it first. */
  #start(launch: PromptLaunch): void {
    this.#started += 1;
    const starting = WarmProcess.start(launch, this.#settings).then(
      (process) => {
        this.#starting.delete(starting);
        this.#all.add(process);
        if (this.#closed) this.#end(process, "idle");
        else this.#idle.add(process);
        this.#dispatch();
      },
      (error: unknown) => {
        this.#starting.delete(starting);
        [...this.#waiters].find((waiter) => waiter.launch.key === launch.key)?.fail(error);
        this.#dispatch();
      },
    );
    this.#starting.set(starting, launch.key);
  }

  #end(process: WarmProcess, how: "idle" | "busy"): void {
    if (!this.#all.delete(process)) return;
    this.#idle.delete(process);
    const ending = process.end(how).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }
}
