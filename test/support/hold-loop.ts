const NEVER_WOKEN = new Int32Array(new SharedArrayBuffer(4));

/** Holds this thread's event loop in steps of 20 ms until something has come about without it. */
export function holdLoopUntil(what: string, reached: () => boolean, mostMs = 15_000): void {
  const until = performance.now() + mostMs;
  while (!reached()) {
    if (performance.now() > until) throw new Error(`held the loop in vain for ${what}`);
    Atomics.wait(NEVER_WOKEN, 0, 0, 20);
  }
}
