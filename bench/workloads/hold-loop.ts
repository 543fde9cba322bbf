/** Holds this thread's event loop, as work that does not return to it would. */

const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(4));

/** Holds the loop for so long, without taking a processor from anybody: what is measured is the loop's absence. */
export function holdLoop(ms: number): void {
  if (ms > 0) Atomics.wait(NEVER_WOKEN, 0, 0, ms);
}

/** How the loop was held over a time, in milliseconds. */
export interface Holding {
  readonly heldMs: number;
  readonly times: number;
}

/** Holds the loop for the first `heldMs` of every `everyMs`, until the returned function is called. */
export function holdLoopRegularly(heldMs: number, everyMs: number): () => Holding {
  let total = 0;
  let times = 0;
  let due = performance.now();
  let timer: NodeJS.Timeout;
  const hold = () => {
    const began = performance.now();
    holdLoop(heldMs);
    total += performance.now() - began;
    times += 1;
    due += everyMs;
    timer = setTimeout(hold, Math.max(0, due - performance.now()));
  };
  timer = setTimeout(hold, 0);
  return () => {
    clearTimeout(timer);
    return { heldMs: total, times };
  };
}
