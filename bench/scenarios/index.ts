import type { Scenario } from "../scenario.js";

/** All scenarios, in the order in which they are run and reported. */
export const SCENARIOS: readonly Scenario[] = [];
