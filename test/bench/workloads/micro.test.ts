import { Interface } from "node:readline";
import { MessagePort } from "node:worker_threads";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Measure, Metric, Variant } from "../../../bench/scenario.js";
import { micro } from "../../../bench/scenarios/micro.js";
import { measure as measureDecoder } from "../../../bench/workloads/micro-decoder.js";
import { measure as measureHandover } from "../../../bench/workloads/micro-handover.js";
import { measure as measureLeaves } from "../../../bench/workloads/micro-leaves.js";
import { measure as measureSplitter } from "../../../bench/workloads/micro-splitter.js";
import { FrameSplitter } from "../../../workers/frame-splitter.js";
import { rejects } from "../../support/rejects.js";

/** Each call is still checked, but there are few of them. */
const SHORT = { warmupMs: 0, measureMs: 0 };

const workloads = suite("micro workloads");

for (const definition of micro.cases({ quick: true })) {
  for (const variant of definition.variants) {
    workloads(`${definition.name}: ${variant.name} does its work, and measures what the case asks for`, () =>
      assertMeasures(variant, definition.metrics),
    );
  }
}

async function assertMeasures({ work }: Variant, metrics: readonly Metric[]): Promise<void> {
  assert.ok("workload" in work);
  const module = await import(new URL(`../../../bench/workloads/${work.workload}.js`, import.meta.url).href);
  const { measure }: { measure: Measure<object> } = module;
  const measured = await measure({ ...(work.input as object), repetition: SHORT });
  assert.equal(
    Object.keys(measured),
    metrics.map(({ key }) => key),
  );
  for (const value of Object.values(measured)) assert.ok(Number.isFinite(value) && value > 0);
}

/** A part that loses or changes something now and then, and a measurement that must not come to a figure then. */
interface Fault {
  readonly title: string;
  /** What is replaced while the measurement runs. */
  readonly of: object;
  readonly method: string;
  /** Given the real method and the number of the call. */
  readonly instead: (
    real: (...values: unknown[]) => unknown,
    call: number,
  ) => (...values: unknown[]) => unknown;
  measure(): Promise<unknown>;
}

const lose: Fault["instead"] = (real, call) => (call === 50 ? () => undefined : real);
const cut: Fault["instead"] = (real, call) => (call === 50 ? () => ({ type: "x", uuid: "short" }) : real);

const lines = { kind: "partial", count: 40 } as const;
const faults: readonly Fault[] = [
  {
    title: "the splitter loses a chunk",
    of: FrameSplitter.prototype,
    method: "push",
    instead: lose,
    measure: () => measureSplitter({ by: "splitter", lines, chunkBytes: 4_096, repetition: SHORT }),
  },
  {
    title: "readline loses a line",
    of: Interface.prototype,
    method: "emit",
    instead: lose,
    measure: () => measureSplitter({ by: "readline", lines, chunkBytes: 4_096, repetition: SHORT }),
  },
  {
    title: "a parser gives another value",
    of: JSON,
    method: "parse",
    instead: cut,
    measure: () => measureDecoder({ by: "JSON.parse", kind: "partial", frames: 20, repetition: SHORT }),
  },
  {
    title: "the decoder's parser gives another value",
    of: JSON,
    method: "parse",
    instead: (real, call) => (call === 5 ? () => ({ type: "" }) : real),
    measure: () => measureDecoder({ by: "decoder", kind: "message", frames: 20, repetition: SHORT }),
  },
  {
    title: "a touched leaf gives another value",
    of: JSON,
    method: "parse",
    instead: (real, call) => (call === 50 ? () => "short" : real),
    measure: () => measureLeaves({ kind: "many-texts", touch: "all", frames: 2, repetition: SHORT }),
  },
  {
    title: "the port loses a batch",
    of: MessagePort.prototype,
    method: "postMessage",
    instead: lose,
    measure: () => measureHandover({ kind: "partial", frames: 64, perBatch: 8, repetition: SHORT }),
  },
];

for (const { title, of, method, instead, measure } of faults) {
  workloads(`no figure when ${title}`, async () => {
    const object = of as Record<string, (...values: unknown[]) => unknown>;
    const real = object[method];
    assert.type(real, "function");
    let calls = 0;
    object[method] = function (this: unknown, ...values) {
      calls += 1;
      return instead(real as () => unknown, calls).apply(this, values);
    };
    try {
      await rejects(measure());
    } finally {
      if (real !== undefined) object[method] = real;
    }
  });
}

workloads.run();
