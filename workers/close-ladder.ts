/** Ends a child and all that runs below it: stdin's end, then SIGTERM, then SIGKILL, each with its wait. */

import { setTimeout as sleep } from "node:timers/promises";
import type { ShutdownOptions } from "../src/options.js";
import { type ProcessIdentity, processTree, signalAll, stillRunning } from "../src/process/process-tree.js";
import type { Transport } from "./transport.js";

/** How often the tree is looked at; a look reads every process of the machine. */
const LOOK_EVERY_MS = 100;

/**
 * Climbs the ladder until nothing of the tree runs any more. The tree is read again and again and remembered:
 * once the child is gone, its own children belong to somebody else and can no longer be found.
 */
export async function closeTree(
  transport: Transport,
  exited: Promise<unknown>,
  options: Required<ShutdownOptions>,
): Promise<void> {
  const { pid } = transport;
  if (pid === undefined) {
    // Nothing can be signalled; all there is to do is to give it its time.
    transport.endStdin();
    return wait(exited, options.graceMs, () => true);
  }
  const known = new Map<string, ProcessIdentity>();
  const root = processTree(pid).at(-1);
  const look = (): ProcessIdentity[] => {
    const tree = processTree(pid);
    // Once the child is gone its id may be given to a stranger.
    const isChild = root !== undefined && tree.at(-1)?.startedAt === root.startedAt;
    for (const found of isChild ? tree : []) known.set(`${found.pid}@${found.startedAt}`, found);
    return stillRunning([...known.values()]);
  };

  look();
  transport.endStdin();
  // The grace is the child's: what its tools have left in the background does not end by itself.
  await wait(exited, options.graceMs, () => look().length > 0);
  if (look().length === 0) return;
  signalAll(look(), "SIGTERM");
  await wait(new Promise(() => {}), options.termMs, () => look().length > 0);
  signalAll(look(), "SIGKILL");
}

/** Waits for `event`, for `goOn` to say no, or for the time to pass. */
async function wait(event: Promise<unknown>, timeoutMs: number, goOn: () => boolean): Promise<void> {
  let happened = false;
  const done = event.then(() => {
    happened = true;
  });
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const left = deadline - performance.now();
    if (left <= 0) return;
    await Promise.race([done, sleep(Math.min(left, LOOK_EVERY_MS), undefined, { ref: false })]);
    if (happened || !goOn()) return;
  }
}
