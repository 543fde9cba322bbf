import type { Scenario } from "../scenario.js";
import { fairness } from "./fairness.js";
import { mainThread } from "./main-thread.js";
import { throughput } from "./throughput.js";

/** All scenarios, in the order in which they are run and reported. */
export const SCENARIOS: readonly Scenario[] = [mainThread, fairness, throughput];
