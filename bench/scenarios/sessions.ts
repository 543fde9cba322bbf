import { type Case, type Metric, PEER_NAMES, type Scenario } from "../scenario.js";
import type { SessionsInput } from "../workloads/sessions.js";

const PER_SESSION: Metric = {
  key: "mibPerSession",
  title: "memory per further session",
  unit: "MiB",
  better: "lower",
};
const TOTAL: Metric = { key: "mib", title: "memory of the host", unit: "MiB", better: "lower" };
/** What only Linux tells. */
const KERNEL_COUNTS: readonly Metric[] =
  process.platform === "linux"
    ? [
        { key: "threads", title: "threads", unit: "count", better: "lower" },
        { key: "descriptors", title: "file descriptors", unit: "count", better: "lower" },
      ]
    : [];

const COUNTS = [1, 32, 100] as const;
const QUICK_COUNTS = [1, 8] as const;
/** Among fewer, the cost of one more thread of the pool weighs too much. */
const FEWEST_FOR_GOAL = 32;

/** What sessions take that do nothing. */
export const sessions: Scenario = {
  name: "sessions",
  title: "Many idle sessions",
  question:
    "What does a session take of the host process while it waits between turns? Resident memory and threads of the " +
    "host alone: its children are the CLI's own cost. Per session means beyond the first one, so the library itself " +
    "is not in it, but further threads of the pool are: it has one per core at most.",
  // Rounds differ by a hundredth.
  rounds: 1,
  cases: ({ quick }) => (quick ? QUICK_COUNTS : COUNTS).map(idleCase),
};

function idleCase(count: number): Case {
  return {
    name: count === 1 ? "1 session" : `${count} sessions`,
    metrics: [...(count === 1 ? [TOTAL] : [PER_SESSION, TOTAL]), ...KERNEL_COUNTS],
    variants: PEER_NAMES.map((peer) => {
      const input: SessionsInput = { peer, sessions: count };
      const work =
        peer === "drain"
          ? { unable: "a session that reads raw bytes holds what one of readline does" }
          : { workload: "sessions", input };
      return { name: peer, peer, work };
    }),
    goals:
      count < FEWEST_FOR_GOAL
        ? []
        : [{ metric: PER_SESSION.key, variant: "offthread", against: 1, relation: "at most", factor: 1 }],
  };
}
