import type { PayloadSpec } from "../payload/payload.js";
import type { Case, Metric, PeerName, Scenario, Variant } from "../scenario.js";
import type { BlockedInput } from "../workloads/blocked.js";
import type { SlowConsumerInput } from "../workloads/slow-consumer.js";

/** 102 MB in frames of 300 KB. */
const FRAMES = 340;
const QUICK_FRAMES = 40;
const BLOCK_MS = 2_000;
const QUICK_BLOCK_MS = 500;
const PER_MESSAGE_MS = 10;

const MIB = 1024 * 1024;
/** More than the child writes: it is never paused. */
const ROOMY_MARK = 128 * MIB;
const TIGHT_MARK = 16 * MIB;

const BLOCKED_METRICS: readonly Metric[] = [
  { key: "childMs", title: "child writes it all", unit: "ms", better: "lower" },
  { key: "peakMiB", title: "host's peak memory", unit: "MiB", better: "lower" },
  { key: "writtenWhileHeld", title: "done before the host was free", unit: "yes = 1", better: "higher" },
];

const SLOW_METRICS: readonly Metric[] = [
  { key: "peakMiB", title: "host's peak memory", unit: "MiB", better: "lower" },
  { key: "quarterMiB", title: "after 1/4", unit: "MiB", better: "lower" },
  { key: "halfMiB", title: "after 1/2", unit: "MiB", better: "lower" },
  { key: "endMiB", title: "at the end", unit: "MiB", better: "lower" },
];

/** What a host that does not read costs its child, and what an unread message costs the host. */
export const blocked: Scenario = {
  name: "blocked",
  title: "Blocked host, slow consumer",
  question:
    "The child writes 102 MB in 300 KB frames. How long does that take it when the host's loop is held for 2 s after " +
    "the first tenth, against a host that is free? And how much memory waits for a consumer on a free loop that " +
    "takes 10 ms over each message? Memory is resident memory of the host process, all threads, beyond what it had " +
    "before the turn; what the collectors have not yet given back counts. Each turn is compared with what was " +
    "written; a second, blocked turn that is not measured by a digest of every byte.",
  rounds: 3,
  cases: ({ quick }) => {
    const payload: PayloadSpec = { kind: "text", count: quick ? QUICK_FRAMES : FRAMES, seed: 7 };
    return [blockedCase(payload, quick ? QUICK_BLOCK_MS : BLOCK_MS), slowCase(payload)];
  },
};

function blockedCase(payload: PayloadSpec, blockMs: number): Case {
  const reading = (
    peer: PeerName,
    name: string,
    host: "free" | "blocked",
    highWaterMark?: number,
  ): Variant => {
    const limit = highWaterMark === undefined ? {} : { highWaterMark };
    const input: BlockedInput = { peer, payload, blockMs: host === "free" ? 0 : blockMs, ...limit };
    return { name: `${name}, ${host}`, peer, work: { workload: "blocked", input } };
  };
  return {
    name: `Loop held for ${blockMs / 1000} s`,
    metrics: BLOCKED_METRICS,
    variants: [
      reading("offthread", "offthread (mark 128 MiB)", "free", ROOMY_MARK),
      reading("offthread", "offthread (mark 128 MiB)", "blocked", ROOMY_MARK),
      reading("offthread", "offthread", "blocked"),
      reading("sdk", "sdk", "free"),
      reading("sdk", "sdk", "blocked"),
      reading("readline", "readline", "free"),
      reading("readline", "readline", "blocked"),
      reading("drain", "drain", "free"),
    ],
    goals: [
      {
        metric: "childMs",
        variant: "offthread (mark 128 MiB), blocked",
        against: "offthread (mark 128 MiB), free",
        relation: "at most",
        factor: 1.1,
      },
    ],
  };
}

function slowCase(payload: PayloadSpec): Case {
  const slow = (peer: PeerName, name: string, highWaterMark?: number): Variant => {
    const limit = highWaterMark === undefined ? {} : { highWaterMark };
    const input: SlowConsumerInput = { peer, payload, perMessageMs: PER_MESSAGE_MS, ...limit };
    return { name, peer, work: { workload: "slow-consumer", input } };
  };
  return {
    name: `Consumer takes ${PER_MESSAGE_MS} ms over each message`,
    metrics: SLOW_METRICS,
    variants: [
      slow("offthread", "offthread"),
      slow("offthread", "offthread (mark 16 MiB)", TIGHT_MARK),
      slow("sdk", "sdk"),
      slow("readline", "readline"),
      {
        name: "drain",
        peer: "drain",
        work: { unable: "it has no messages that a consumer could be slow over" },
      },
    ],
    goals: [
      { metric: "peakMiB", variant: "offthread", against: "sdk", relation: "at most", factor: 1 },
      {
        metric: "peakMiB",
        variant: "offthread (mark 16 MiB)",
        against: "offthread",
        relation: "at most",
        factor: 1,
      },
    ],
  };
}
