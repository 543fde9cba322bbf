/**
 * A first set of figures: what the main thread pays per frame beside the official SDK on the same child, whether
 * a blocked host slows its child down, and how long a cold start takes. `npm run figures [-- rounds]`.
 *
 * Every variant runs in a process of its own, in alternating order; the table shows medians and all rounds.
 */

import { execFileSync } from "node:child_process";
import { availableParallelism, cpus } from "node:os";
import { fileURLToPath } from "node:url";
import { findClaude } from "../src/index.js";
import type { Measurement, Peer, Scenario } from "./variant.js";

const VARIANT = fileURLToPath(new URL("./variant.js", import.meta.url));
const rounds = Number(process.argv[2] ?? 5);

interface Row {
  readonly name: string;
  readonly variants: readonly { readonly label: string; readonly peer: Peer; readonly scenario: Scenario }[];
  readonly unit: string;
  value(measured: Measurement): number;
}

function floodRow(
  name: string,
  kind: "text" | "structured" | "stream_event",
  bytes: number,
  count: number,
): Row {
  const scenario = (touch: boolean): Scenario => ({
    kind: "flood",
    flood: { kind, bytes, count, seed: 7 },
    touch,
  });
  return {
    name,
    unit: "main-thread ms per 1,000 frames",
    variants: [
      { label: "offthread, untouched", peer: "offthread", scenario: scenario(false) },
      { label: "offthread, all touched", peer: "offthread", scenario: scenario(true) },
      { label: "SDK, untouched", peer: "sdk", scenario: scenario(false) },
    ],
    value: ({ mainCpuMs, mainBusyMs = 0, frames = 1 }) => ((mainCpuMs ?? mainBusyMs) * 1000) / frames,
  };
}

const { path: binary } = await findClaude();
const hundredMegabytes = { kind: "text", bytes: 100_000, count: 1_000, seed: 7 } as const;
const start: Scenario = { kind: "start", binary };

const ROWS: readonly Row[] = [
  floodRow("300 KB text frame", "text", 300_000, 500),
  floodRow("300 KB structured frame", "structured", 300_000, 500),
  floodRow("0.5 KB partial message", "stream_event", 512, 100_000),
  {
    name: "child writes 100 MB",
    unit: "ms until the child has written it",
    variants: [
      {
        label: "host free",
        peer: "offthread",
        scenario: { kind: "blocked", flood: hundredMegabytes, blockMs: 0 },
      },
      {
        label: "host blocked for 2 s",
        peer: "offthread",
        scenario: { kind: "blocked", flood: hundredMegabytes, blockMs: 2_000 },
      },
    ],
    value: ({ childWriteMs = Number.NaN }) => childWriteMs,
  },
  {
    name: "cold start, real CLI",
    unit: "ms from import to first assistant message",
    variants: [
      { label: "offthread", peer: "offthread", scenario: start },
      { label: "SDK", peer: "sdk", scenario: start },
    ],
    value: ({ firstAssistantMs = Number.NaN }) => firstAssistantMs,
  },
];

const [{ model = "unknown processor" } = {}] = cpus();
print(`${model}, ${availableParallelism()} cores, Node ${process.version}, ${rounds} rounds, medians\n`);
for (const row of ROWS) measure(row);

function measure(row: Row): void {
  const results = row.variants.map(() => [] as number[]);
  for (let round = 0; round < rounds; round++) {
    const order = row.variants.map((_, index) => index);
    if (round % 2 === 1) order.reverse();
    for (const index of order) {
      const variant = row.variants[index];
      if (variant !== undefined) results[index]?.push(row.value(runVariant(variant.peer, variant.scenario)));
    }
  }
  print(`${row.name} (${row.unit})`);
  const first = median(results[0] ?? []);
  row.variants.forEach(({ label }, index) => {
    const values = results[index] ?? [];
    const raw = values.map((value) => value.toFixed(1)).join(" ");
    const ratio = `${(median(values) / first).toFixed(2)}x`;
    print(`  ${label.padEnd(24)} ${median(values).toFixed(1).padStart(9)}  ${ratio.padStart(8)}   [${raw}]`);
  });
  print("");
}

function runVariant(peer: Peer, scenario: Scenario): Measurement {
  const env = { PATH: process.env.PATH ?? "" };
  const output = execFileSync(process.execPath, [VARIANT, peer, JSON.stringify(scenario)], {
    env,
    encoding: "utf8",
    timeout: 120_000,
    maxBuffer: 2 ** 20,
  });
  return JSON.parse(output.trim().split("\n").at(-1) ?? "{}") as Measurement;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
