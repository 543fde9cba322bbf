/** How often, and after what wait, a process that crashes is started again. */

import { InvalidArgumentError, RestartLimitError } from "../errors.js";
import { milliseconds } from "../options.js";

/** What is known when a process is about to be started again. */
export interface RestartInfo {
  /** Why: how the last process ended, or why the last start failed. */
  readonly cause: unknown;
  /** Which restart within the window this is, from 1. */
  readonly restart: number;
  /** Milliseconds that it is put off. */
  readonly delayMs: number;
  /** The session that is resumed; undefined when no turn of one has ended: then it starts as at first. */
  readonly sessionId: string | undefined;
}

/** How to restart. */
export interface RestartOptions {
  /** Restarts within `windowMs`; one more crash is a `RestartLimitError`. Default 3. */
  readonly maxRestarts?: number;
  /** Milliseconds after which a restart no longer counts. Default 600,000. */
  readonly windowMs?: number;
  /** Waits before the second and later restarts of a window: `minMs`, doubled each time up to `maxMs`. */
  readonly backoff?: { readonly minMs?: number; readonly maxMs?: number };
  /**
   * Whether `query()` asks again when the process dies under it. Default false: what the turn has done until then is
   * done, and would be done twice.
   */
  readonly retryTurns?: boolean;
  /** Told before each restart. */
  readonly onRestart?: (info: RestartInfo) => void;
}

export class RestartPolicy {
  readonly retryTurns: boolean;
  readonly #maxRestarts: number;
  readonly #windowMs: number;
  readonly #minMs: number;
  readonly #maxMs: number;
  readonly #onRestart: ((info: RestartInfo) => void) | undefined;
  /** When the restarts of the window were. */
  #restarts: number[] = [];

  /** @throws InvalidArgumentError for impossible values */
  constructor(options: RestartOptions = {}) {
    const { maxRestarts = 3, windowMs = 600_000, backoff = {}, retryTurns = false, onRestart } = options;
    if (!Number.isInteger(maxRestarts) || maxRestarts < 0) {
      throw new InvalidArgumentError(`maxRestarts must be a whole number from 0 on, got ${maxRestarts}.`);
    }
    this.#maxRestarts = maxRestarts;
    this.#windowMs = milliseconds("windowMs", windowMs);
    this.#minMs = milliseconds("backoff.minMs", backoff.minMs ?? 1_000);
    this.#maxMs = milliseconds("backoff.maxMs", backoff.maxMs ?? 30_000);
    this.#onRestart = onRestart;
    this.retryTurns = retryTurns;
  }

  /**
   * Allows a restart, tells of it, and gives the wait before it.
   * @throws RestartLimitError
   */
  allow(cause: unknown, sessionId: string | undefined): number {
    const now = performance.now();
    this.#restarts = this.#restarts.filter((at) => now - at < this.#windowMs);
    const before = this.#restarts.length;
    if (before >= this.#maxRestarts) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new RestartLimitError(
        `The process was restarted ${before} times within ${this.#windowMs} ms and is not restarted again: ${reason}`,
        { restarts: before, cause },
      );
    }
    this.#restarts.push(now);
    const delayMs = before === 0 ? 0 : Math.min(this.#maxMs, this.#minMs * 2 ** (before - 1));
    this.#tell({ cause, restart: before + 1, delayMs, sessionId });
    return delayMs;
  }

  /** A listener's own failure must not keep the process down. */
  #tell(info: RestartInfo): void {
    try {
      this.#onRestart?.(info);
    } catch (error) {
      process.emitWarning(`onRestart has thrown: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
