import { availableParallelism } from "node:os";
import { FRAME_KINDS, type FrameKind } from "../payload/payload.js";
import { type Case, type Goal, type Metric, PEER_NAMES, type Scenario } from "../scenario.js";
import type { FloodTurnsInput } from "../workloads/flood.js";
import { floodOf, turnsOf } from "./flood-sizes.js";

const METRICS: readonly Metric[] = [
  { key: "megabytesPerSecond", title: "wall clock", unit: "MB/s", better: "higher" },
  { key: "framesPerSecond", title: "frames", unit: "1/s", better: "higher" },
];

/** How fast frames come through, whoever does the work. */
export const throughput: Scenario = {
  name: "throughput",
  title: "Throughput",
  question:
    "How fast do frames arrive at the consumer, untouched, when the child writes from memory as fast as it can? One " +
    "session, and one session per core. Where there are no more cores than busy threads and children, they take each " +
    "other's time.",
  rounds: 3,
  cases: ({ quick }) => {
    const cores = availableParallelism();
    const alone: readonly FrameKind[] = quick
      ? ["message"]
      : ["partial", "message", "text", "structured", "huge"];
    const together: readonly FrameKind[] = quick || cores === 1 ? [] : ["partial", "message"];
    return [
      ...alone.map((kind) => rateOf(kind, 1, quick)),
      ...together.map((kind) => rateOf(kind, cores, quick)),
    ];
  },
};

function rateOf(kind: FrameKind, sessions: number, quick: boolean): Case {
  const payload = floodOf(kind, quick);
  const turns = turnsOf(quick);
  const goalAgainst = (against: string): Goal => ({
    metric: "megabytesPerSecond",
    variant: "offthread",
    against,
    relation: "at least",
    factor: 1,
  });
  return {
    name: `${FRAME_KINDS[kind].title}, ${sessions === 1 ? "1 session" : `${sessions} sessions`}`,
    metrics: METRICS,
    variants: PEER_NAMES.map((peer) => {
      const input: FloodTurnsInput = { peer, payload, sessions, touch: "nothing", turns };
      return { name: peer, peer, work: { workload: "flood", input } };
    }),
    goals: [goalAgainst("sdk"), goalAgainst("readline")],
  };
}
