/** What the suite is made of: a scenario asks one question, in cases, of several variants on the same input. */

/** Whose way of reading the child is measured. */
export const PEER_NAMES = ["offthread", "sdk", "readline", "drain"] as const;

/** One of {@link PEER_NAMES}. */
export type PeerName = (typeof PEER_NAMES)[number];

/** What one variant tells of one round: named numbers, in the units that {@link Metric} states. */
export type Measurement = Readonly<Record<string, number>>;

/** One question with its cases. Definitions are light: what they measure is loaded in a process of its own. */
export interface Scenario {
  /** The word on the command line. */
  readonly name: string;
  readonly title: string;
  /** One or two sentences for the report: what is measured, and what is not. */
  readonly question: string;
  /** Rounds unless the command line says otherwise. */
  readonly rounds: number;
  /** The cases, fewer and smaller with `quick`. */
  cases(options: { readonly quick: boolean }): readonly Case[];
}

/** One input on which all variants are compared. */
export interface Case {
  readonly name: string;
  /** The first one is what charts and goals look at. */
  readonly metrics: readonly Metric[];
  readonly variants: readonly Variant[];
  readonly goals?: readonly Goal[];
}

/** A number that each round of each variant gives. */
export interface Metric {
  /** Its key in {@link Measurement}. */
  readonly key: string;
  readonly title: string;
  /** For example "ms", "MB/s", "MiB". */
  readonly unit: string;
  readonly better: "lower" | "higher";
}

/** One way of doing it. */
export interface Variant {
  /** Unique within the case, for example "offthread, untouched". */
  readonly name: string;
  readonly peer: PeerName;
  /** Where a fresh process finds what it runs, or why this peer cannot do it. */
  readonly work: Work | { readonly unable: string };
}

/** A module below `bench/workloads/` that exports `measure`, and what it is given. */
export interface Work {
  /** File name without its ending, for example "flood". */
  readonly workload: string;
  /** Goes to the process as JSON. */
  readonly input: unknown;
}

/**
 * What a workload module exports: checks its own result (count, bytes, digest) and throws when something is
 * missing, so that no figure stands for work that was not done.
 */
export type Measure<Input> = (input: Input) => Promise<Measurement>;

/** A promise, as a relation between two variants' medians, or a variant and a constant. */
export interface Goal {
  readonly metric: string;
  readonly variant: string;
  /** The other variant's name, or a number in the metric's unit. */
  readonly against: string | number;
  /** "at least this many times better than", or "at most/least this many times the value of". */
  readonly relation: "times better" | "at most" | "at least";
  readonly factor: number;
}
