import { FRAME_KINDS, type FrameKind } from "../payload/payload.js";
import type { Case, Goal, Metric, PeerName, Scenario, Variant } from "../scenario.js";
import type { FloodTurnsInput } from "../workloads/flood.js";
import type { Touch } from "../workloads/touch.js";
import { floodOf, turnsOf } from "./flood-sizes.js";

const METRICS: readonly Metric[] = [
  { key: "mainUsPerFrame", title: "main thread per frame", unit: "µs", better: "lower" },
  { key: "mainMsPerMegabyte", title: "per MB", unit: "ms", better: "lower" },
  { key: "mainMs", title: "in all", unit: "ms", better: "lower" },
  { key: "wallMs", title: "wall clock", unit: "ms", better: "lower" },
];

const VARIANTS: readonly { readonly name: string; readonly peer: PeerName; readonly touch: Touch }[] = [
  { name: "offthread, untouched", peer: "offthread", touch: "nothing" },
  { name: "offthread, text touched", peer: "offthread", touch: "text" },
  { name: "offthread, all touched", peer: "offthread", touch: "everything" },
  { name: "sdk, untouched", peer: "sdk", touch: "nothing" },
  { name: "sdk, all touched", peer: "sdk", touch: "everything" },
  { name: "readline", peer: "readline", touch: "nothing" },
  { name: "drain", peer: "drain", touch: "nothing" },
];

const GOALS: Readonly<Partial<Record<FrameKind, number>>> = { partial: 2, text: 20, structured: 20 };

/** What receiving costs the thread that everything else runs on. */
export const mainThread: Scenario = {
  name: "main-thread",
  title: "Main-thread time to receive frames",
  question:
    "What does a frame cost the main thread: received and never looked into, its text looked at, every value looked " +
    "at? Processor time of that thread alone (on other systems than Linux the time its loop was busy). Not measured: " +
    "what the worker thread spends on another core. The first turn of each process is not counted: it is checked byte " +
    "by byte and warms up the code.",
  rounds: 3,
  cases: ({ quick }) => {
    const kinds: readonly FrameKind[] = quick
      ? ["partial", "structured"]
      : ["partial", "message", "text", "structured", "huge"];
    return [...kinds.map((kind) => costOf(kind, quick)), ...(quick ? [] : [costBySize()])];
  },
};

function costOf(kind: FrameKind, quick: boolean): Case {
  const factor = GOALS[kind];
  const flood = { payload: floodOf(kind, quick), turns: turnsOf(quick) };
  const goals: readonly Goal[] =
    factor === undefined
      ? []
      : [
          {
            metric: "mainUsPerFrame",
            variant: "offthread, untouched",
            against: "sdk, untouched",
            relation: "times better",
            factor,
          },
        ];
  return {
    name: FRAME_KINDS[kind].title,
    metrics: METRICS,
    // A small frame has nothing that could be left for later.
    variants: VARIANTS.filter(({ touch }) => kind !== "partial" || touch === "nothing").map(
      ({ name, peer, touch }) => variant(name, peer, flood, touch),
    ),
    goals,
  };
}

/** The promise that an untouched frame's price does not grow with its size: the same frames, and as many of them. */
function costBySize(): Case {
  const payload = floodOf("large", false);
  const turns = turnsOf(false);
  const names = { large: "offthread, 300 KB", huge: "offthread, 5 MB" } as const;
  return {
    name: "By size, untouched",
    metrics: METRICS,
    variants: [
      variant(names.large, "offthread", { payload, turns }, "nothing"),
      variant(names.huge, "offthread", { payload: { ...payload, kind: "huge" }, turns }, "nothing"),
    ],
    goals: [
      {
        metric: "mainUsPerFrame",
        variant: names.huge,
        against: names.large,
        relation: "at most",
        factor: 1.5,
      },
    ],
  };
}

type TurnsOfFlood = Pick<FloodTurnsInput, "payload" | "turns">;

function variant(name: string, peer: PeerName, flood: TurnsOfFlood, touch: Touch): Variant {
  const input: FloodTurnsInput = { peer, ...flood, sessions: 1, touch };
  return { name, peer, work: { workload: "flood", input } };
}
