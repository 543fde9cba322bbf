import type { BatchWay } from "../real-cli/many-prompts.js";
import type { Goal, Metric, PeerName, Scenario, Variant } from "../scenario.js";
import type { BatchInput } from "../workloads/batch-host.js";

const CONCURRENCY = 4;
/**
 * A process that is started for each prompt is given fewer of them: a round would take a minute. A lean one is given
 * more: with 200 the start of four processes was still a tenth of the round, and no batch is that small.
 */
const PROMPTS = { warm: 200, lean: 400, cold: 12 };
const QUICK_PROMPTS = { warm: 24, lean: 24, cold: 8 };

const METRICS: readonly Metric[] = [
  { key: "promptsPerSecond", title: "prompts", unit: "per s", better: "higher" },
  { key: "cpuMs", title: "processor time per prompt", unit: "ms", better: "lower" },
  { key: "mainThreadMs", title: "main thread per prompt", unit: "ms", better: "lower" },
];

interface Row {
  readonly name: string;
  readonly peer: PeerName;
  readonly way: BatchWay;
  readonly prompts: keyof typeof PROMPTS;
}

const SESSION = "offthread, a session per prompt";
const LEAN = "offthread, lean";
const QUERY = "sdk, a query() per prompt";
const LOOP = "readline, a warm loop";

const ROWS: readonly Row[] = [
  { name: SESSION, peer: "offthread", way: "offthread session", prompts: "warm" },
  { name: LEAN, peer: "offthread", way: "offthread lean", prompts: "lean" },
  { name: "offthread, a process per prompt", peer: "offthread", way: "offthread process", prompts: "cold" },
  { name: QUERY, peer: "sdk", way: "sdk query", prompts: "cold" },
  { name: LOOP, peer: "readline", way: "readline loop", prompts: "warm" },
  { name: "claude --print under xargs", peer: "readline", way: "xargs", prompts: "cold" },
];

const GOALS: readonly Goal[] = [
  { metric: "promptsPerSecond", variant: SESSION, against: QUERY, relation: "times better", factor: 5 },
  { metric: "promptsPerSecond", variant: SESSION, against: LOOP, relation: "at least", factor: 0.95 },
  { metric: "promptsPerSecond", variant: LEAN, against: QUERY, relation: "times better", factor: 10 },
];

/** What independent prompts cost, each without a trace of the others. */
export const batch: Scenario = {
  name: "batch",
  title: "Independent prompts",
  question:
    `How many prompts of one line does the real CLI get answered, ${CONCURRENCY} at a time, by a model that answers at ` +
    "once? The start of the processes is included. The lean launch has no tools and a system prompt of its own size; " +
    "all others send what the CLI sends by default. The model's process shares the machine.",
  rounds: 3,
  cases: ({ quick }) => {
    const counts = quick ? QUICK_PROMPTS : PROMPTS;
    const variants = ROWS.map(({ name, peer, way, prompts }): Variant => {
      const input: BatchInput = { way, prompts: counts[prompts], concurrency: CONCURRENCY };
      return { name, peer, work: { workload: "batch", input } };
    });
    return [{ name: `${CONCURRENCY} at a time`, metrics: METRICS, variants, goals: GOALS }];
  },
};
