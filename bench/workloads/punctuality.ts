import { performance } from "node:perf_hooks";
import { quantile } from "../statistics.js";

/** How late a timer was, in milliseconds. */
export interface Lateness {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/**
 * Watches a timer that is due at fixed times, every `everyMs`. A loop that is held for long makes it miss several:
 * each counts with its own wait, so that one long delay is not a single late tick among thousands.
 */
export function watchTimer(everyMs: number): () => Lateness {
  const began = performance.now();
  const late: number[] = [];
  let due = began + everyMs;
  let timer: NodeJS.Timeout;
  const tick = () => {
    const now = performance.now();
    for (; due <= now; due += everyMs) late.push(now - due);
    timer = setTimeout(tick, due - now);
  };
  timer = setTimeout(tick, everyMs);
  return () => {
    clearTimeout(timer);
    const now = performance.now();
    for (; due <= now; due += everyMs) late.push(now - due);
    late.sort((a, b) => a - b);
    return { p50: quantile(late, 0.5), p99: quantile(late, 0.99), max: quantile(late, 1) };
  };
}
