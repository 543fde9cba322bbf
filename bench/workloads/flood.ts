/** Reads a flood and tells what it has cost the main thread, and how long it took. */

import { performance } from "node:perf_hooks";
import { measureMainThread } from "../main-thread.js";
import type { Measure } from "../scenario.js";
import { type FloodInput, FloodSessions } from "./flood-sessions.js";

const MEGABYTE = 1e6;

/** What is read, and how many turns of it. */
export interface FloodTurnsInput extends FloodInput {
  readonly turns: number;
}

/** Main-thread time is processor time where the platform tells it, otherwise the time the loop was busy. */
export const measure: Measure<FloodTurnsInput> = async (input) => {
  await using sessions = await FloodSessions.open(input);
  const cost = measureMainThread();
  const began = performance.now();
  const check = await sessions.read({ atLeast: input.turns });
  const wallMs = performance.now() - began;
  const { cpuMs, busyMs } = cost();
  const { frames, bytes } = check();
  const mainMs = cpuMs ?? busyMs;
  return {
    frames,
    bytes,
    wallMs,
    mainMs,
    busyMs,
    mainUsPerFrame: (mainMs * 1000) / frames,
    mainMsPerMegabyte: (mainMs * MEGABYTE) / bytes,
    megabytesPerSecond: (bytes * 1000) / (MEGABYTE * wallMs),
    framesPerSecond: (frames * 1000) / wallMs,
  };
};
