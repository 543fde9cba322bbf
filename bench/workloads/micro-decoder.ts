/** What one frame costs to be decoded: checked by the worker's decoder with its leaves left as bytes, or parsed. */

import { decodeLine } from "../../workers/frame-decoder.js";
import { type MicroKind, microFrames } from "../micro/frames.js";
import { type Repetition, timeTask } from "../micro/timing.js";
import type { Measurement } from "../scenario.js";

/** Frames of one kind, and who decodes them. */
export interface DecoderInput {
  readonly by: "decoder" | "JSON.parse";
  readonly kind: MicroKind;
  /** How many different frames one timed call goes through. */
  readonly frames: number;
  readonly repetition: Repetition;
}

/** Measures `frameUs`, microseconds per frame, and `mbPerSecond`. */
export async function measure({ by, kind, frames, repetition }: DecoderInput): Promise<Measurement> {
  const lines = microFrames(kind, frames);
  const bytes = lines.reduce((sum, line) => sum + line.length, 0);
  const run = by === "decoder" ? () => decodeAll(lines) : () => parseAll(lines);
  const ms = await timeTask({ run, expected: by === "decoder" ? bytes : uuidUnits(lines) }, repetition);
  return { frameUs: (ms * 1000) / frames, mbPerSecond: bytes / 1000 / ms };
}

function decodeAll(lines: readonly Buffer[]): number {
  let bytes = 0;
  for (const line of lines) {
    const decoded = decodeLine(line, true);
    if ("problem" in decoded) throw new Error(decoded.problem);
    for (const frame of decoded.frames) if (frame.route === "message") bytes += frame.byteLength;
  }
  return bytes;
}

function parseAll(lines: readonly Buffer[]): number {
  let units = 0;
  for (const line of lines) {
    const value = JSON.parse(line.toString("utf8")) as { uuid: string };
    units += value.uuid.length + value.uuid.charCodeAt(value.uuid.length - 1);
  }
  return units;
}

/** What {@link parseAll} must find, read from the lines' text. */
function uuidUnits(lines: readonly Buffer[]): number {
  const uuids = lines.map((line) => /"uuid":"([\w-]{36})"/.exec(line.toString("latin1"))?.[1] ?? "");
  return uuids.reduce((sum, uuid) => sum + uuid.length + uuid.charCodeAt(uuid.length - 1), 0);
}
