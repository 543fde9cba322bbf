/** Runs one last thing before this process ends, without changing how it ends. */

/** Signals that end a process unless it listens to them. */
const FATAL_SIGNALS: readonly NodeJS.Signals[] = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"];

/**
 * Calls `last` on every exit that runs code at all, and on a fatal signal that nobody else listens to; the returned
 * function takes the hooks away. Ours are put before all others: a listener that the host has put up with `once`
 * is gone by the time a later one could count it, and one that throws would keep later ones from running.
 */
export function beforeExit(last: () => void): () => void {
  const onSignal = (signal: NodeJS.Signals): void => {
    // The host has its own idea of what this signal means.
    if (process.listenerCount(signal) > ours(signal) + signalExits()) return;
    last();
    unhook();
    process.kill(process.pid, signal);
  };
  MARKED.add(onSignal);
  const unhook = (): void => {
    process.off("exit", last);
    for (const signal of FATAL_SIGNALS) process.off(signal, onSignal);
  };
  process.prependListener("exit", last);
  for (const signal of FATAL_SIGNALS) process.prependListener(signal, onSignal);
  return unhook;
}

const SIGNAL_EXIT = Symbol.for("signal-exit emitter");

/** Hooks of all copies of this package in the process: they must not take each other for the host's. */
const MARKED: WeakSet<object> = sharedByCopies();

function ours(signal: NodeJS.Signals): number {
  return process.listeners(signal).filter((listener) => MARKED.has(listener)).length;
}

function sharedByCopies(): WeakSet<object> {
  const key = Symbol.for("claude-offthread.exit-hooks");
  const holder = globalThis as { [key]?: WeakSet<object> };
  holder[key] ??= new WeakSet();
  return holder[key];
}

/**
 * Listeners of the package signal-exit, which also only look on, and wait for one another in the same way: it and we
 * would each take the other for the host's own and both leave the process running. Versions 4 and 3 count here.
 */
function signalExits(): number {
  const newer = (globalThis as { [SIGNAL_EXIT]?: { count?: number } })[SIGNAL_EXIT];
  const older = (process as { __signal_exit_emitter__?: { count?: number } }).__signal_exit_emitter__;
  return (newer?.count ?? 0) + (older === newer ? 0 : (older?.count ?? 0));
}
