import { FRAME_KINDS, type FrameKind } from "../payload/payload.js";
import { type Case, type Goal, type Metric, PEER_NAMES, type Scenario } from "../scenario.js";
import type { FairnessInput } from "../workloads/fairness.js";

const METRICS: readonly Metric[] = [
  { key: "delayP99", title: "loop delay p99", unit: "ms", better: "lower" },
  { key: "delayP50", title: "p50", unit: "ms", better: "lower" },
  { key: "delayMax", title: "max", unit: "ms", better: "lower" },
  { key: "timerP99", title: "10 ms timer late p99", unit: "ms", better: "lower" },
  { key: "timerMax", title: "max", unit: "ms", better: "lower" },
];

/** How long the flood lasts, and much shorter with `--quick`. */
const FLOOD_MS = 1_000;
const QUICK_FLOOD_MS = 300;

/** Whether anything else gets its turn while messages pour in. */
export const fairness: Scenario = {
  name: "fairness",
  title: "Event-loop delay under a flood",
  question:
    "How long does the host's loop keep others waiting while sessions flood it, turn after turn? Loop delay is " +
    "perf_hooks.monitorEventLoopDelay at a resolution of 1 ms, less that 1 ms, which Node counts in: an idle loop " +
    "shows about 0.1 ms. The timer is due every 10 ms at fixed times; each time that was missed counts with its own " +
    "wait, so long delays weigh by their length. Consumers look at nothing.",
  rounds: 3,
  cases: ({ quick }) => {
    const one = [delayOf("partial", 1, 5_000, quick), delayOf("structured", 1, 30, quick)];
    return quick ? one.slice(0, 1) : [...one, delayOf("message", 32, 60, quick)];
  },
};

function delayOf(kind: FrameKind, sessions: number, count: number, quick: boolean): Case {
  const payload = { kind, count, seed: 3 };
  const forMs = quick ? QUICK_FLOOD_MS : FLOOD_MS;
  const goal = { metric: "delayP99", variant: "offthread" } as const;
  const goals: readonly Goal[] = [
    { ...goal, against: "sdk", relation: "times better", factor: 5 },
    ...(sessions === 1 ? [{ ...goal, against: 5, relation: "at most", factor: 1 } as const] : []),
  ];
  return {
    name: `${FRAME_KINDS[kind].title}, ${sessions === 1 ? "1 session" : `${sessions} sessions`}`,
    metrics: METRICS,
    variants: PEER_NAMES.map((peer) => {
      const input: FairnessInput = { peer, payload, sessions, touch: "nothing", forMs };
      return { name: peer, peer, work: { workload: "fairness", input } };
    }),
    goals,
  };
}
