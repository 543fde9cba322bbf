/** Times one small piece of work by tinybench. */

import { Bench } from "tinybench";

/** A piece of work that can be done again and again. */
export interface MicroTask {
  /** What is timed, at best 100 microseconds or more, for the clock's sake; returns a digest of its result. */
  run(): number | Promise<number>;
  /** What every call of `run` must return: work whose result is looked at cannot be optimised away. */
  readonly expected: number;
  /** Done before each call, outside of its time. */
  prepare?(): void;
  /** Done after each call, outside of its time. */
  cleanUp?(): void;
}

/** How long a task is repeated, in milliseconds; `prepare` and `cleanUp` do not count. */
export interface Repetition {
  readonly warmupMs: number;
  readonly measureMs: number;
}

/**
 * The mean time of one call in milliseconds. The mean and not the median, because collecting its garbage is a
 * part of the work and falls on few of the calls.
 * @throws Error when a call returns anything but what is expected, or throws itself
 */
export async function timeTask(task: MicroTask, { warmupMs, measureMs }: Repetition): Promise<number> {
  const bench = new Bench({
    warmupTime: warmupMs,
    warmupIterations: 8,
    time: measureMs,
    iterations: 16,
    // Otherwise tinybench keeps an error to itself and gives the mean of the calls before it.
    throws: true,
  });
  const run = async (): Promise<void> => {
    const digest = await task.run();
    if (digest !== task.expected) throw new Error(`expected the digest ${task.expected}, got ${digest}`);
  };
  bench.add("task", run, {
    // Not left to tinybench: it finds out by a call of its own, without `prepare`.
    async: true,
    beforeEach: () => task.prepare?.(),
    afterEach: () => task.cleanUp?.(),
  });
  const [done] = await bench.run();
  const result = done?.result;
  if (result?.state !== "completed") throw new Error(`tinybench ended as "${result?.state}"`);
  return result.period;
}
