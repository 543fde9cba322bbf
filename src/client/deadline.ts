/** One wait's bounds: the caller's signal and its time, as one promise that rejects. */

import { onAbort } from "../abort-signal.js";
import { AbortError, type ClaudeError, TimeoutError } from "../errors.js";
import { milliseconds } from "../options.js";

/** How a caller bounds a wait. Without either it lasts until its answer or the child's end. */
export interface WaitOptions {
  /** Ends the wait with an `AbortError`. */
  readonly signal?: AbortSignal;
  /** Ends the wait with a `TimeoutError` after so many milliseconds. */
  readonly timeoutMs?: number;
}

export class Deadline {
  /** Rejects when the time is up or the signal fires. */
  readonly #expired: Promise<never>;
  #error: ClaudeError | undefined;
  #expire: (error: ClaudeError) => void = () => {};
  readonly #forgetSignal: () => void = () => {};
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #listeners = new Set<() => void>();

  /**
   * @param what names the wait in the error, as in "query() was aborted".
   * @throws InvalidArgumentError for an impossible `timeoutMs`.
   */
  constructor(what: string, { signal, timeoutMs }: WaitOptions) {
    if (timeoutMs !== undefined) milliseconds("timeoutMs", timeoutMs);
    this.#expired = new Promise((_, reject) => {
      this.#expire = reject;
    });
    // Whoever waits sees the rejection; when nobody does there is nothing to report.
    this.#expired.catch(() => {});
    if (signal !== undefined) {
      this.#forgetSignal = onAbort(signal, () => {
        this.#end(new AbortError(`${what} was aborted by its signal.`, { cause: signal.reason }));
      });
    }
    if (this.#error !== undefined) return;
    if (timeoutMs !== undefined) {
      this.#timer = setTimeout(() => {
        this.#end(new TimeoutError(`${what} did not finish within ${timeoutMs} ms.`, { timeoutMs }));
      }, timeoutMs);
    }
  }

  /** Why the wait is over; undefined while it may go on. */
  get error(): ClaudeError | undefined {
    return this.#error;
  }

  /** Calls back when the wait is over before its time; returns the way to be no longer called. */
  onExpiry(listener: () => void): () => void {
    if (this.#error !== undefined) listener();
    else this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The promise's outcome, or the deadline's error if that comes first. */
  race<T>(promise: Promise<T>): Promise<T> {
    return Promise.race([promise, this.#expired]);
  }

  /** Ends the wait before its time for a reason of its own: what is waited for can no longer come. */
  expire(error: ClaudeError): void {
    this.#end(error);
  }

  /** Lets go of timer and signal. To be called once whatever was waited for is over. */
  clear(): void {
    clearTimeout(this.#timer);
    this.#forgetSignal();
    this.#listeners.clear();
  }

  #end(error: ClaudeError): void {
    if (this.#error !== undefined) return;
    this.#error = error;
    this.#expire(error);
    for (const listener of [...this.#listeners]) listener();
    this.clear();
  }
}
