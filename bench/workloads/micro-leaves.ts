/** What a 300 KB message costs the main thread, by how much of it is touched. */

import type { FrameBatch } from "../../src/channel/envelope.js";
import { openBatch } from "../../src/client/inbox-entries.js";
import { decodeFrame, pack } from "../micro/batches.js";
import { type MicroKind, microFrames, PARTS } from "../micro/frames.js";
import { type Repetition, timeTask } from "../micro/timing.js";
import type { Measure } from "../scenario.js";

/** Messages of one kind with {@link PARTS} large parts, and what is done to them. */
export interface LeavesInput {
  readonly kind: Extract<MicroKind, "many-texts" | "many-tables">;
  /** How many large parts are touched in the message as it arrives; `whole` parses all of the frame's bytes. */
  readonly touch: "none" | "one" | "all" | "whole";
  /** How many different messages one timed call goes through. */
  readonly frames: number;
  readonly repetition: Repetition;
}

/** Measures `mainUs`, microseconds per message. */
export const measure: Measure<LeavesInput> = async ({ kind, touch, frames, repetition }) => {
  const lines = microFrames(kind, frames);
  const parts = { none: 0, one: 1, all: PARTS, whole: PARTS }[touch];
  const expected = lines.reduce((sum, line) => sum + sizeOf(JSON.parse(String(line)), parts), 0);
  const batches = lines.map(batchOf);
  const open = (batch: FrameBatch): unknown => openBatch(batch)[0];
  const parse = (line: Buffer): unknown => JSON.parse(line.toString("utf8"));
  const run =
    touch === "whole"
      ? () => lines.reduce((sum, line) => sum + sizeOf(parse(line), parts), 0)
      : () => batches.reduce((sum, batch) => sum + sizeOf(open(batch), parts), 0);
  return { mainUs: ((await timeTask({ run, expected }, repetition)) * 1000) / frames };
};

/** A message as the main thread receives it, alone in its batch. */
function batchOf(line: Buffer): FrameBatch {
  const { batch } = pack([decodeFrame(line)]);
  if (batch.large[0]?.leaves.length !== PARTS) throw new Error(`the frame has not ${PARTS} leaves`);
  return batch;
}

/** A text, or a table. */
type Part = string | { readonly structuredContent: { readonly rows: readonly unknown[] } };

interface ToolResult {
  readonly type: string;
  readonly tool_use_result: Readonly<Record<string, Part>>;
}

/** Touches so many of the large parts and adds up what they hold: UTF-16 units of a text, rows of a table. */
function sizeOf(value: unknown, parts: number): number {
  const { type, tool_use_result: result } = value as ToolResult;
  let size = type.length;
  for (let index = 0; index < parts; index++) {
    const part = result[`part${index}`];
    size += (typeof part === "string" ? part : part?.structuredContent.rows)?.length ?? Number.NaN;
  }
  return size;
}
