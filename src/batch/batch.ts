/** Takes prompts from the input, sees each through its attempts, and hands out what became of it. */

import { setMaxListeners } from "node:events";
import pRetry from "p-retry";
import { attempt } from "./attempt.js";
import type { BatchOutcome } from "./batch-outcome.js";
import type { BatchInput } from "./batch-prompt.js";
import type { BatchSettings } from "./batch-settings.js";
import type { BatchStats, BatchStop } from "./batch-stats.js";
import { launchFailure } from "./failure.js";
import { type InputEntry, InputReader } from "./input-reader.js";
import { type AttemptEnd, Job } from "./job.js";
import { LimitGate } from "./limit-gate.js";
import { OutcomeQueue } from "./outcome-queue.js";
import { ProcessRoom } from "./process-room.js";
import { AttemptFailed, launchOf, Stopped, setAside, stopError } from "./prompt-end.js";
import type { PromptLaunch } from "./prompt-launch.js";
import type { BatchRun } from "./run-batch.js";
import type { WarmProcess } from "./warm-process.js";

/** Prompts under way, those that run included, per unit of concurrency: the next one is always at hand. */
const UNDER_WAY = 2;
/** Prompts taken whose outcome has not been read, per unit of concurrency; outcomes in order wait for the slowest. */
const UNREAD = { completion: 3, input: 8 } as const;
/** Attempts refused by limits that told their end are free, but an API that always tells one must not hold a prompt. */
const MOST_FREE_ATTEMPTS = 10;

export class Batch implements BatchRun {
  readonly #settings: BatchSettings;
  readonly #input: InputReader;
  readonly #room: ProcessRoom;
  readonly #gate: LimitGate;
  readonly #queue: OutcomeQueue;
  /** Ends all that waits: nothing begins any more. */
  readonly #noMore = new AbortController();
  /** Ends all that runs. */
  readonly #endNow = new AbortController();
  readonly #ended: Promise<void>;
  #markEnded: () => void = () => {};
  #startedAt: number | undefined;
  #endedAt: number | undefined;
  #stopped: BatchStop | undefined;
  #inputEnded = false;
  #inputError: { readonly error: unknown } | undefined;
  #pulling = false;
  #closing = false;
  #taken = 0;
  #underWay = 0;
  #running = 0;
  #retries = 0;
  #costUsd = 0;
  readonly #counts = { succeeded: 0, failed: 0, aborted: 0 };

  constructor(input: BatchInput, settings: BatchSettings) {
    this.#settings = settings;
    this.#input = new InputReader(input);
    this.#room = new ProcessRoom(settings);
    this.#gate = new LimitGate(settings.retry);
    this.#queue = new OutcomeQueue(settings.order);
    this.#ended = new Promise((resolve) => {
      this.#markEnded = resolve;
    });
    // One listener for each prompt under way, all of them ours.
    setMaxListeners(0, this.#noMore.signal, this.#endNow.signal);
  }

  next(): Promise<IteratorResult<BatchOutcome, undefined>> {
    this.#start();
    const next = this.#queue.next();
    this.#pull();
    return next;
  }

  async return(): Promise<IteratorResult<BatchOutcome, undefined>> {
    this.#start();
    this.#stopNow();
    this.#queue.abandon();
    await this.#ended;
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }

  finish(): void {
    this.#takeNoMore("finished");
  }

  stats(): BatchStats {
    const { succeeded, failed, aborted } = this.#counts;
    const { limited } = this.#gate;
    const until = this.#endedAt ?? performance.now();
    return {
      taken: this.#taken,
      done: succeeded + failed + aborted,
      ...this.#counts,
      running: this.#running,
      waiting: this.#underWay - this.#running,
      retries: this.#retries,
      costUsd: this.#costUsd,
      processes: { started: this.#room.started, alive: this.#room.alive },
      ...(limited && { limited }),
      ...(this.#stopped && { stopped: this.#stopped }),
      elapsedMs: until - (this.#startedAt ?? until),
    };
  }

  #start(): void {
    if (this.#startedAt !== undefined) return;
    this.#startedAt = performance.now();
    const { signal } = this.#settings;
    const abort = (): void => this.#stopNow();
    signal?.addEventListener("abort", abort, { once: true });
    void this.#ended.then(() => signal?.removeEventListener("abort", abort));
    if (signal?.aborted === true) abort();
  }

  // Stopping.

  /** What runs comes to its end, what waits is aborted. */
  #takeNoMore(why: "finished" | "aborted" | "budget"): void {
    this.#stopped ??= why;
    if (!this.#noMore.signal.aborted) {
      this.#noMore.abort(new Stopped(why === "budget" ? "budget" : "aborted"));
      this.#input.close();
    }
    this.#endIfDone();
  }

  #stopNow(): void {
    this.#takeNoMore("aborted");
    this.#endNow.abort();
  }

  #endIfDone(): void {
    const noneToCome = this.#noMore.signal.aborted || (this.#inputEnded && !this.#pulling);
    if (this.#closing || this.#startedAt === undefined || !noneToCome || this.#underWay > 0) return;
    this.#closing = true;
    void this.#room.close().then(() => {
      this.#endedAt = performance.now();
      this.#queue.close(this.#inputError ?? {});
      this.#markEnded();
    });
  }

  // The input.

  #pull(): void {
    if (this.#pulling || !this.#wantsMore()) return;
    this.#pulling = true;
    void this.#take().finally(() => {
      this.#pulling = false;
      this.#endIfDone();
      this.#pull();
    });
  }

  #wantsMore(): boolean {
    const { concurrency, order } = this.#settings;
    if (this.#startedAt === undefined || this.#inputEnded || this.#noMore.signal.aborted) return false;
    const unread = this.#taken - this.#queue.read;
    return this.#underWay < UNDER_WAY * concurrency && unread < UNREAD[order] * concurrency;
  }

  async #take(): Promise<void> {
    let entry: InputEntry | undefined;
    try {
      entry = await this.#input.next();
    } catch (error) {
      this.#inputError = { error };
      this.#stopped ??= "input_error";
    }
    if (entry === undefined) {
      this.#inputEnded = true;
      return;
    }
    // Read too late: it has not been taken.
    if (this.#noMore.signal.aborted) return;
    this.#taken += 1;
    this.#underWay += 1;
    void this.#see(new Job(entry));
    if (this.#taken < this.#settings.maxPrompts) return;
    this.#inputEnded = true;
    this.#stopped ??= "max_prompts";
    this.#input.close();
  }

  // One prompt.

  async #see(job: Job): Promise<void> {
    const outcome = await this.#outcome(job);
    this.#underWay -= 1;
    this.#counts[outcome.status] += 1;
    this.#queue.push(outcome);
    this.#pull();
    this.#endIfDone();
  }

  async #outcome(job: Job): Promise<BatchOutcome> {
    const { retry, transcript } = this.#settings;
    let ending: unknown;
    try {
      const launch = launchOf(job, this.#settings.builder);
      await pRetry(() => this.#try(job, launch), {
        retries: retry.attempts - 1,
        minTimeout: retry.minMs,
        maxTimeout: retry.maxMs,
        randomize: true,
        signal: this.#noMore.signal,
        shouldRetry: ({ error }) => error instanceof AttemptFailed && error.failure.retryable,
      });
    } catch (error) {
      ending = error;
    }
    // p-retry reports a stop even behind an attempt that succeeded.
    if (job.last !== undefined && job.last.error === undefined)
      return job.outcome("succeeded", undefined, transcript);
    if (ending instanceof Stopped) return job.outcome("aborted", stopError(ending, job), transcript);
    const error = ending instanceof AttemptFailed ? setAside(ending.failure, job) : launchFailure(ending);
    return job.outcome(error.kind === "aborted" ? "aborted" : "failed", error, transcript);
  }

  /**
   * One attempt, and as many more as are free: those that a limit refused and told its end, which the gate waits for.
   * @throws AttemptFailed, Stopped
   */
  async #try(job: Job, launch: PromptLaunch): Promise<void> {
    for (;;) {
      const { error, resetAt } = await this.#attempt(job, launch);
      if (error === undefined) return;
      const isFree = error.kind === "rate_limit" && resetAt !== undefined;
      if (!isFree || job.freeAttempts >= MOST_FREE_ATTEMPTS) throw new AttemptFailed(error);
      job.freeAttempts += 1;
    }
  }

  /** @throws AttemptFailed, Stopped when it cannot begin */
  async #attempt(job: Job, launch: PromptLaunch): Promise<AttemptEnd> {
    const { process, leave } = await this.#begin(launch);
    job.attempts += 1;
    if (job.attempts > 1) this.#retries += 1;
    this.#running += 1;
    const context = { settings: this.#settings, gate: this.#gate, signal: this.#endNow.signal };
    const end = await attempt(job, process, context);
    this.#running -= 1;
    job.ended(end);
    this.#costUsd += end.costUsd;
    if (this.#costUsd >= this.#settings.maxBudgetUsd) this.#takeNoMore("budget");
    this.#tellGate(end);
    leave();
    const mayRetry = end.error?.retryable === true;
    if (end.result === undefined) this.#room.discard(process);
    else void this.#room.release(process, this.#moreToCome(mayRetry));
    return end;
  }

  #tellGate({ error, resetAt }: AttemptEnd): void {
    if (error === undefined) this.#gate.succeeded();
    else if (error.kind === "rate_limit" || error.kind === "overloaded")
      this.#gate.refused(error.kind, resetAt);
  }

  /** Waits for a process and for the API's limits. @throws AttemptFailed, Stopped */
  async #begin(launch: PromptLaunch): Promise<{ process: WarmProcess; leave: () => void }> {
    const { signal } = this.#noMore;
    for (;;) {
      const process = await this.#room.acquire(launch, signal).catch((error: unknown) => {
        throw error instanceof Stopped ? error : new AttemptFailed(launchFailure(error));
      });
      try {
        const leave = await this.#gate.enter(signal);
        // One that was warm and has died since says nothing about this prompt. One that never spoke will tell why.
        if (process.isAlive || !process.hasSpoken) return { process, leave };
        leave();
        this.#room.discard(process);
      } catch (error) {
        void this.#room.release(process, false);
        throw error;
      }
    }
  }

  /** Whether a process that has just served a prompt will be needed again; that prompt is still counted. */
  #moreToCome(mayRetry: boolean): boolean {
    if (this.#noMore.signal.aborted) return false;
    return mayRetry || !this.#inputEnded || this.#underWay - this.#running > 1;
  }
}
