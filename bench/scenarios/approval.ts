import type { Talker } from "../real-cli/conversation.js";
import type { Goal, Metric, PeerName, Scenario, Variant } from "../scenario.js";
import type { ApprovalInput } from "../workloads/approval-host.js";

const CALLS = 20;
const QUICK_CALLS = 4;
/** The loop is held for the first part of every period. */
const EVERY_MS = 200;
const HELD_MS = 150;

const METRICS: readonly Metric[] = [
  { key: "turnMs", title: "turn", unit: "ms", better: "lower" },
  { key: "msPerCall", title: "per call", unit: "ms", better: "lower" },
  { key: "heldShare", title: "loop held", unit: "of the time", better: "lower" },
];

/** In the worker thread a held loop must cost nothing; a tenth is left to chance. */
const GOALS: readonly Goal[] = [
  {
    metric: "turnMs",
    variant: "offthread policy, held",
    against: "offthread policy, free",
    relation: "at most",
    factor: 1.1,
  },
];

/** What it costs a turn when those who approve are busy. */
export const approval: Scenario = {
  name: "approval",
  title: "Tool approval under load",
  question:
    `One turn of the real CLI with ${CALLS} calls of Bash, one after the other, each of which the host has to allow. ` +
    `How much longer is the turn when the host's loop is held for ${HELD_MS} of every ${EVERY_MS} ms? Who decides on ` +
    "the main thread has to wait for it; a policy decides in the worker thread. Holding takes no processor time from " +
    "the CLI.",
  rounds: 3,
  cases: ({ quick }) => {
    const calls = quick ? QUICK_CALLS : CALLS;
    const both = (peer: PeerName, talker: Talker): Variant[] =>
      (["free", "held"] as const).map((host) => {
        const heldMs = host === "free" ? 0 : HELD_MS;
        const input: ApprovalInput = { talker, calls, heldMs, everyMs: EVERY_MS };
        return { name: `${talker}, ${host}`, peer, work: { workload: "approval", input } };
      });
    return [
      {
        name: `${calls} tool calls`,
        metrics: METRICS,
        goals: GOALS,
        variants: [
          ...both("offthread", "offthread policy"),
          ...both("offthread", "offthread"),
          ...both("sdk", "sdk"),
          ...both("readline", "readline"),
          { name: "drain", peer: "drain", work: { unable: "it understands no request" } },
        ],
      },
    ];
  },
};
