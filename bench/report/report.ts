/** What a run of the suite has produced, as plain JSON: the terminal table and the HTML page show nothing else. */

import type { GoalVerdict } from "../goals.js";
import type { Machine } from "../machine.js";
import type { Measurement, Metric, PeerName } from "../scenario.js";
import type { Summary } from "../statistics.js";

/** One run of the suite. */
export interface Report {
  /** Raised when the shape changes. */
  readonly format: 1;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly machine: Machine;
  /** What the command line has asked for. */
  readonly settings: RunSettings;
  /** True when the run was stopped: what there was until then is here. */
  readonly interrupted: boolean;
  readonly scenarios: readonly ScenarioReport[];
}

/** How a run differs from the default one. */
export interface RunSettings {
  readonly quick: boolean;
  /** Rounds for every scenario; absent: each scenario's own number. */
  readonly rounds?: number;
  /** Peers that take part; absent: all. */
  readonly peers?: readonly PeerName[];
}

/** A scenario with what was measured. */
export interface ScenarioReport {
  readonly name: string;
  readonly title: string;
  readonly question: string;
  /** Rounds that were asked for. */
  readonly rounds: number;
  readonly cases: readonly CaseReport[];
}

/** A case with what was measured. */
export interface CaseReport {
  readonly name: string;
  /** The first one is what charts and comparisons look at. */
  readonly metrics: readonly Metric[];
  /** In the order of the definition; the first one is what the others are compared with. */
  readonly variants: readonly VariantReport[];
  readonly goals: readonly GoalVerdict[];
  /** Whole sentences: what makes a comparison within this case weak or meaningless. */
  readonly warnings: readonly string[];
}

/** A variant with what was measured. */
export interface VariantReport {
  readonly name: string;
  readonly peer: PeerName;
  /** In the order of time. Empty for a variant that cannot do it. */
  readonly rounds: readonly Round[];
  /** By metric key; empty when a round has failed or none was run, so that no figure stands for half the work. */
  readonly summaries: Readonly<Record<string, Summary>>;
  /** Why this peer cannot do it at all. */
  readonly unable?: string;
  /** Why a round has failed; no further rounds are run then. */
  readonly failure?: string;
}

/** One process that measured once: its numbers (perhaps more than the metrics name), or why there are none. */
export type Round = { readonly measurement: Measurement } | { readonly failure: string };
