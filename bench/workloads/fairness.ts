/** Reads floods for a while and tells how long the event loop was kept from anything else. */

import { monitorEventLoopDelay } from "node:perf_hooks";
import type { Measure } from "../scenario.js";
import { type FloodInput, FloodSessions } from "./flood-sessions.js";
import { watchTimer } from "./punctuality.js";

/** A flood, and how long to read it. */
export interface FairnessInput extends FloodInput {
  readonly forMs: number;
}

const RESOLUTION_MS = 1;
const TIMER_MS = 10;
const NANOSECONDS = 1e6;

export const measure: Measure<FairnessInput> = async (input) => {
  await using sessions = await FloodSessions.open(input);
  const histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  histogram.enable();
  const lateness = watchTimer(TIMER_MS);
  const check = await sessions.read({ forMs: input.forMs });
  const timer = lateness();
  histogram.disable();
  // What Node records is the time between two ticks of its own timer: an idle loop would read 1.1 ms.
  const delay = (nanoseconds: number) => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS);
  const { frames, bytes } = check();
  return {
    frames,
    bytes,
    delayP50: delay(histogram.percentile(50)),
    delayP99: delay(histogram.percentile(99)),
    delayMax: delay(histogram.max),
    timerP50: timer.p50,
    timerP99: timer.p99,
    timerMax: timer.max,
  };
};
