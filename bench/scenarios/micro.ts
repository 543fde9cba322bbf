import type { MicroKind } from "../micro/frames.js";
import type { Repetition } from "../micro/timing.js";
import type { Case, Metric, PeerName, Scenario, Variant } from "../scenario.js";
import type { DecoderInput } from "../workloads/micro-decoder.js";
import type { HandoverInput } from "../workloads/micro-handover.js";
import type { LeavesInput } from "../workloads/micro-leaves.js";
import type { SplitterInput } from "../workloads/micro-splitter.js";

/** The parts one by one: where the time of the other scenarios goes. */
export const micro: Scenario = {
  name: "micro",
  title: "The parts one by one",
  question:
    "What do cutting lines, decoding frames, touching lazy leaves and handing batches over cost by themselves, " +
    "warmed up, on one thread? Garbage collection is included; pipes, processes and waiting are not. The SDK's " +
    "parts cannot be called alone: beside ours stand Node's readline and JSON.parse, of which it is made.",
  // Each is a mean over a tenth of a second.
  rounds: 1,
  cases: ({ quick }) => [
    ...splitterCases(repetition(quick, 100)),
    ...decoderCases(repetition(quick, 100)),
    ...leavesCases(repetition(quick, 100)),
    handoverCase("partial", "0.5 KB frames", 512, [1, 64, 512], repetition(quick, 60)),
    // Between the calls the transferred bytes are copied anew, which takes far longer than what is timed.
    handoverCase("ascii", "300 KB frames", 8, [1, 8], repetition(quick, 8)),
  ],
};

function repetition(quick: boolean, measureMs: number): Repetition {
  return quick ? { warmupMs: measureMs / 10, measureMs: measureMs / 4 } : { warmupMs: measureMs, measureMs };
}

const SPEED: Metric = { key: "mbPerSecond", title: "speed", unit: "MB/s", better: "higher" };
const FRAME_TIME: Metric = { key: "frameUs", title: "time per frame", unit: "µs", better: "lower" };
const MAIN_TIME: Metric = { key: "mainUs", title: "main thread per frame", unit: "µs", better: "lower" };
const WORKER_TIME: Metric = { key: "workerUs", title: "worker per frame", unit: "µs", better: "lower" };

function splitterCases(repetition: Repetition): Case[] {
  const small = { kind: "partial", count: 4_000 } as const;
  const inputs: [name: string, lines: SplitterInput["lines"], chunkBytes: number][] = [
    ["0.5 KB lines in reads of 4 KiB", small, 4 * 1024],
    ["0.5 KB lines in reads of 64 KiB", small, 64 * 1024],
    ["one line of 5 MB in reads of 64 KiB", { oneOfBytes: 5_000_000 }, 64 * 1024],
  ];
  return inputs.map(([name, lines, chunkBytes]) => {
    const input = (by: SplitterInput["by"]): SplitterInput => ({ by, lines, chunkBytes, repetition });
    return {
      name: `cut lines: ${name}`,
      metrics: [SPEED],
      variants: [
        variant("frame splitter", "offthread", "micro-splitter", input("splitter")),
        variant("readline", "readline", "micro-splitter", input("readline")),
      ],
    };
  });
}

function decoderCases(repetition: Repetition): Case[] {
  const inputs: [name: string, kind: MicroKind, frames: number][] = [
    ["0.5 KB partial message", "partial", 1_000],
    ["10 KB text", "message", 100],
    ["300 KB text, plain ASCII", "ascii", 4],
    ["300 KB text, many escapes", "escapes", 4],
    ["300 KB text, mostly non-ASCII", "non-ascii", 4],
    ["300 KB structured", "structured", 4],
  ];
  return inputs.map(([name, kind, frames]) => {
    const input = (by: DecoderInput["by"]): DecoderInput => ({ by, kind, frames, repetition });
    return {
      name: `decode: ${name}`,
      metrics: [FRAME_TIME, SPEED],
      variants: [
        ...(kind === "partial"
          ? [variant("passed on unchecked", "offthread", "micro-decoder", input("unchecked"))]
          : []),
        variant("worker's decoder", "offthread", "micro-decoder", input("decoder")),
        variant("JSON.parse", "readline", "micro-decoder", input("JSON.parse")),
      ],
    };
  });
}

function leavesCases(repetition: Repetition): Case[] {
  const inputs: [name: string, kind: LeavesInput["kind"]][] = [
    ["300 KB, ten texts", "many-texts"],
    ["300 KB, ten tables", "many-tables"],
  ];
  return inputs.map(([name, kind]) => {
    const input = (touch: LeavesInput["touch"]): LeavesInput => ({ kind, touch, frames: 8, repetition });
    return {
      name: `lazy leaves: ${name}`,
      metrics: [MAIN_TIME],
      variants: [
        variant("never touched", "offthread", "micro-leaves", input("none")),
        variant("one leaf touched", "offthread", "micro-leaves", input("one")),
        variant("all leaves touched", "offthread", "micro-leaves", input("all")),
        variant("JSON.parse", "readline", "micro-leaves", input("whole")),
      ],
    };
  });
}

function handoverCase(
  kind: MicroKind,
  name: string,
  frames: number,
  batches: readonly number[],
  repetition: Repetition,
): Case {
  const input = (perBatch: number): HandoverInput => ({ kind, frames, perBatch, repetition });
  return {
    name: `hand-over: ${name}`,
    metrics: [MAIN_TIME, WORKER_TIME],
    variants: batches.map((perBatch) =>
      variant(`${perBatch} per batch`, "offthread", "micro-handover", input(perBatch)),
    ),
  };
}

function variant(name: string, peer: PeerName, workload: string, input: unknown): Variant {
  return { name, peer, work: { workload, input } };
}
