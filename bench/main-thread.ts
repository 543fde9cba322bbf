import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";

/** What the main thread has spent between two looks, in milliseconds. */
export interface MainThreadCost {
  /** Time on a processor; undefined where the platform does not tell it per thread. */
  readonly cpuMs: number | undefined;
  /** Time in which the event loop was not idle; on a busy machine this includes waiting for a processor. */
  readonly busyMs: number;
}

/** Starts to measure this process's main thread; the returned function tells what it has cost since. */
export function measureMainThread(): () => MainThreadCost {
  const cpu = threadCpuMs();
  const loop = performance.eventLoopUtilization();
  return () => {
    const busyMs = performance.eventLoopUtilization(loop).active;
    const now = threadCpuMs();
    return { cpuMs: cpu === undefined || now === undefined ? undefined : now - cpu, busyMs };
  };
}

/** Linux counts nanoseconds per thread; the main thread's id is the process's. */
function threadCpuMs(): number | undefined {
  try {
    // The kernel brings the count of a running thread up to date at its tick alone, every 4 ms (5.3 ms of work read
    // as 4.0 or 8.0), and when the thread stops: so it stops for a moment.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ");
    return Number(nanoseconds) / 1e6;
  } catch {
    return undefined;
  }
}
