/** Calling handlers of the user's, which may throw, take for ever, or be wanted no longer. */

import { onAbort } from "./abort-signal.js";
import { TimeoutError } from "./errors.js";

/** How long a handler may take. */
export interface HandlerCallOptions {
  /** Fires when nobody waits for the outcome any more. */
  readonly signal: AbortSignal;
  /** Milliseconds. Default: no limit. */
  readonly timeoutMs?: number | undefined;
  /** What is missing when it is late, as in "The hook gave no output". */
  readonly missing: string;
}

/**
 * Calls a handler with a signal of its own, which fires with the caller's, and when its time is up.
 * @throws what the handler throws; TimeoutError when it is late
 */
export async function callHandler<T>(
  handler: (signal: AbortSignal) => T | Promise<T>,
  { signal, timeoutMs, missing }: HandlerCallOptions,
): Promise<T> {
  const over = new AbortController();
  const forget = onAbort(signal, () => over.abort(signal.reason));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    if (timeoutMs === undefined) return;
    timer = setTimeout(() => {
      reject(new TimeoutError(`${missing} within ${timeoutMs} ms.`, { timeoutMs }));
      over.abort();
    }, timeoutMs);
  });
  try {
    return await Promise.race([(async () => handler(over.signal))(), late]);
  } finally {
    clearTimeout(timer);
    forget();
  }
}
