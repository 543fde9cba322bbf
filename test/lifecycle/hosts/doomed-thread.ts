/** Preloaded into every thread of a host (`node --import`): lets the main thread end one of the others. */

import { BroadcastChannel, isMainThread, threadId } from "node:worker_threads";

/** How a thread can end: by itself, by an error that nobody catches, or out of memory. */
export type Doom = "exit" | "throw" | "memory";

const DEATHS: Record<Doom, () => void> = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error("doomed");
  },
  memory: () => {
    // Each too large for the young generation: should that find no room for its survivors, V8 ends the whole process.
    for (const hoard: number[][] = []; ; ) hoard.push(Array(100_000).fill(Math.random()));
  },
};

if (!isMainThread) {
  const channel = new BroadcastChannel("doom");
  channel.onmessage = (event) => {
    const { thread, doom } = (event as { data: { thread: number; doom: Doom } }).data;
    if (thread === threadId) setImmediate(DEATHS[doom]);
  };
  channel.unref();
}
