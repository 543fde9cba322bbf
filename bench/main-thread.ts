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
    const now = threadCpuMs();
    return {
      cpuMs: cpu === undefined || now === undefined ? undefined : now - cpu,
      busyMs: performance.eventLoopUtilization(loop).active,
    };
  };
}

/** Linux counts nanoseconds per thread; the main thread's id is the process's. */
function threadCpuMs(): number | undefined {
  try {
    const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, "utf8").split(" ");
    return Number(nanoseconds) / 1e6;
  } catch {
    return undefined;
  }
}
