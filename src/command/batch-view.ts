import type { BatchStats } from "../batch/batch-stats.js";

/** Where a batch stands, for people and programs that watch it. Counts are of prompts of this run. */
export interface BatchView {
  readonly phase: BatchPhase;
  /** All that this run has to do; unknown for an input that can be read only once. */
  readonly total: number | undefined;
  readonly done: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly running: number;
  readonly waiting: number;
  readonly perSecond: number;
  /** Milliseconds until all is done at this pace, where that can be told. */
  readonly etaMs: number | undefined;
  readonly costUsd: number;
  /** Present while all wait for a rate limit or an overloaded API. */
  readonly limited: { readonly kind: "rate_limit" | "overloaded"; readonly waitMs: number } | undefined;
  readonly elapsedMs: number;
}

/** `finishing`: no further prompt is begun; `stopping`: those that run are ended. */
export type BatchPhase = "running" | "finishing" | "stopping";

/** How far back the pace is taken from. */
const PACE_MS = 20_000;

/** Makes views, and keeps what the pace is reckoned from. */
export class BatchViewer {
  readonly #past: { readonly at: number; readonly done: number }[] = [{ at: 0, done: 0 }];

  /** The view that a snapshot gives. */
  view(stats: BatchStats, total: number | undefined, phase: BatchPhase): BatchView {
    const { succeeded, failed, running, waiting, costUsd, limited, elapsedMs } = stats;
    const done = succeeded + failed;
    const perSecond = this.#pace(elapsedMs, done);
    const left = total === undefined ? undefined : Math.max(0, total - done);
    const etaMs = left === undefined || perSecond === 0 ? undefined : (left / perSecond) * 1_000;
    return {
      ...{ phase, total, done, succeeded, failed, running, waiting, perSecond, costUsd, elapsedMs },
      etaMs: phase === "running" ? etaMs : undefined,
      limited: limited && { kind: limited.kind, waitMs: Math.max(0, limited.until - Date.now()) },
    };
  }

  #pace(at: number, done: number): number {
    this.#past.push({ at, done });
    while (this.#past.length > 2 && at - (this.#past[1]?.at ?? at) > PACE_MS) this.#past.shift();
    const [first] = this.#past;
    if (first === undefined || at <= first.at) return 0;
    return ((done - first.done) / (at - first.at)) * 1_000;
  }
}
