/** What one frame costs to be decoded: checked by the worker's decoder with its leaves left as bytes, or parsed. */

import { openBatch } from "../../src/client/inbox-entries.js";
import type { DecodedFrame } from "../../src/codec/frame-decoder.js";
import { decodeFrame, pack } from "../micro/batches.js";
import { type MicroKind, microFrames } from "../micro/frames.js";
import { type Repetition, timeTask } from "../micro/timing.js";
import type { Measure } from "../scenario.js";

/** Frames of one kind, and who decodes them. */
export interface DecoderInput {
  readonly by: "decoder" | "JSON.parse";
  readonly kind: MicroKind;
  /** How many different frames one timed call goes through. */
  readonly frames: number;
  readonly repetition: Repetition;
}

/** Measures `frameUs`, microseconds per frame, and `mbPerSecond`. */
export const measure: Measure<DecoderInput> = async ({ by, kind, frames, repetition }) => {
  const lines = microFrames(kind, frames);
  const bytes = lines.reduce((sum, line) => sum + line.length, 0);
  const task =
    by === "decoder"
      ? { run: () => decodeAll(lines), expected: total(lines.map(whole)) }
      : { run: () => parseAll(lines), expected: total(lines.map(uuidIn)) };
  const ms = await timeTask(task, repetition);
  return { frameUs: (ms * 1000) / frames, mbPerSecond: bytes / 1000 / ms };
};

function decodeAll(lines: readonly Buffer[]): number {
  let digest = 0;
  for (const line of lines) digest += digestOf(decodeFrame(line));
  return digest;
}

function digestOf({ route, byteLength, text, large }: DecodedFrame): number {
  let digest = route.length + byteLength + text.length;
  for (const { start, end } of large?.leaves ?? []) digest += end - start;
  return digest;
}

/** The digest of a decoded line, once it is certain that its reader gets all that the line says. */
function whole(line: Buffer): number {
  const frame = decodeFrame(line);
  const message = openBatch(pack([frame]).batch)[0];
  if (JSON.stringify(message) !== line.toString("utf8")) throw new Error("the decoder has changed a frame");
  return digestOf(frame);
}

function parseAll(lines: readonly Buffer[]): number {
  let digest = 0;
  for (const line of lines) digest += uuidDigest(JSON.parse(line.toString("utf8")) as { uuid: string });
  return digest;
}

function uuidDigest({ uuid }: { readonly uuid: string }): number {
  return uuid.length + uuid.charCodeAt(uuid.length - 1);
}

/** What {@link parseAll} must find, read from the line's text. */
function uuidIn(line: Buffer): number {
  return uuidDigest({ uuid: /"uuid":"([\w-]{36})"/.exec(line.toString("latin1"))?.[1] ?? "" });
}

function total(digests: readonly number[]): number {
  return digests.reduce((sum, digest) => sum + digest, 0);
}
