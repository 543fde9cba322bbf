import type { Scenario } from "../scenario.js";
import { approval } from "./approval.js";
import { batch } from "./batch.js";
import { blocked } from "./blocked.js";
import { fairness } from "./fairness.js";
import { mainThread } from "./main-thread.js";
import { micro } from "./micro.js";
import { sessions } from "./sessions.js";
import { start } from "./start.js";
import { throughput } from "./throughput.js";

/** All scenarios, in the order in which they are run and reported. */
export const SCENARIOS: readonly Scenario[] = [
  mainThread,
  fairness,
  blocked,
  throughput,
  start,
  approval,
  batch,
  sessions,
  micro,
];
