/**
 * Knows every live child of this process, so that none outlives it: a worker that dies, a crash and
 * `process.exit()` run no code in the thread that owns the child.
 */

import type { SessionLedger } from "../channel/session-ledger.js";
import { type ProcessIdentity, processTree, signalAll, stillRunning } from "../process/process-tree.js";
import { beforeExit } from "./exit-hooks.js";

/** How long an exit waits, blocking, for children to end on SIGTERM, so that the CLI can save its session. */
const EXIT_GRACE_MS = 300;
const EXIT_POLL_MS = 10;
/** Longest that a spawn takes between its announcement and the child's pid. */
const SPAWN_WAIT_MS = 500;

const ledgers = new Set<SessionLedger>();
let unhook: (() => void) | undefined;

/** Watches over a child from now on; its pid is read from shared memory when it is needed. */
export function watch(ledger: SessionLedger): void {
  ledgers.add(ledger);
  unhook ??= beforeExit(endAll);
}

/** The child has ended, or is somebody else's. */
export function unwatch(ledger: SessionLedger): void {
  ledgers.delete(ledger);
  if (ledgers.size > 0) return;
  // Signal handlers of ours stay only while there is something to protect.
  unhook?.();
  unhook = undefined;
}

/** Ends the tree of a child whose worker is gone: SIGTERM, then SIGKILL after `termMs`. */
export async function endOrphan(ledger: SessionLedger, termMs: number): Promise<void> {
  const tree = treeOf(ledger);
  signalAll(tree, "SIGTERM");
  const deadline = performance.now() + termMs;
  while (stillRunning(tree).length > 0 && performance.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  signalAll(tree, "SIGKILL");
}

function treeOf(ledger: SessionLedger): ProcessIdentity[] {
  return ledger.pid === undefined ? [] : processTree(ledger.pid);
}

/** Synchronous: in an exit handler nothing asynchronous runs any more. */
function endAll(): void {
  const sleeper = new Int32Array(new SharedArrayBuffer(4));
  for (const ledger of ledgers) ledger.forbidSpawn();
  // A spawn that was under way is waited for: its child would be nobody's.
  const underWay = (): boolean => [...ledgers].some((ledger) => ledger.spawning);
  for (let waited = 0; waited < SPAWN_WAIT_MS && underWay(); waited += EXIT_POLL_MS) {
    Atomics.wait(sleeper, 0, 0, EXIT_POLL_MS);
  }
  const trees = [...ledgers].flatMap(treeOf);
  if (trees.length === 0) return;
  signalAll(trees, "SIGTERM");
  for (let waited = 0; waited < EXIT_GRACE_MS && stillRunning(trees).length > 0; waited += EXIT_POLL_MS) {
    Atomics.wait(sleeper, 0, 0, EXIT_POLL_MS);
  }
  signalAll(trees, "SIGKILL");
}
