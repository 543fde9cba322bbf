/** Listening to abort signals that many waits share. */

const listenersOf = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls back when the signal fires, at once when it has fired already; the returned function ends that. However many
 * listen, the signal has one listener of ours: from the eleventh on Node would warn of a leak.
 */
export function onAbort(signal: AbortSignal, listener: () => void): () => void {
  if (signal.aborted) {
    listener();
    return () => {};
  }
  // An object of its own for each call, so that the same function can listen twice.
  const entry = (): void => listener();
  const listeners = listenersOf.get(signal) ?? listenTo(signal);
  listeners.add(entry);
  return () => {
    listeners.delete(entry);
    if (listeners.size > 0) return;
    signal.removeEventListener("abort", hear);
    listenersOf.delete(signal);
  };
}

function listenTo(signal: AbortSignal): Set<() => void> {
  const listeners = new Set<() => void>();
  listenersOf.set(signal, listeners);
  signal.addEventListener("abort", hear, { once: true });
  return listeners;
}

function hear(this: AbortSignal): void {
  const listeners = listenersOf.get(this) ?? [];
  listenersOf.delete(this);
  // One that is taken away by an earlier one is not called any more.
  for (const listener of listeners) listener();
}
