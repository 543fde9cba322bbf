/**
 * What one frame costs to be decoded: checked by the worker's decoder with its leaves left as bytes, parsed, or, of short
 * lines, made ready to cross unchecked.
 */

import { ENTRY_BREAK } from "../../src/channel/envelope.js";
import { openBatch } from "../../src/client/inbox-entries.js";
import type { DecodedFrame } from "../../src/codec/frame-decoder.js";
import { mayStayUnchecked } from "../../src/codec/unchecked-lines.js";
import { utf8Text } from "../../src/utf8-text.js";
import { decodeFrame, pack } from "../micro/batches.js";
import { type MicroKind, microFrames } from "../micro/frames.js";
import { type MicroTask, type Repetition, timeTask } from "../micro/timing.js";
import type { Measure } from "../scenario.js";

/** Frames of one kind, and who decodes them. */
export interface DecoderInput {
  readonly by: "decoder" | "JSON.parse" | "unchecked";
  readonly kind: MicroKind;
  /** How many different frames one timed call goes through. */
  readonly frames: number;
  readonly repetition: Repetition;
}

/** Measures `frameUs`, microseconds per frame, and `mbPerSecond`. */
export const measure: Measure<DecoderInput> = async ({ by, kind, frames, repetition }) => {
  const lines = microFrames(kind, frames);
  const bytes = lines.reduce((sum, line) => sum + line.length, 0);
  const ms = await timeTask(TASKS[by](lines), repetition);
  return { frameUs: (ms * 1000) / frames, mbPerSecond: bytes / 1000 / ms };
};

const TASKS: Readonly<Record<DecoderInput["by"], (lines: readonly Buffer[]) => MicroTask>> = {
  decoder: (lines) => ({ run: () => decodeAll(lines), expected: total(lines.map(whole)) }),
  "JSON.parse": (lines) => ({ run: () => parseAll(lines), expected: total(lines.map(uuidIn)) }),
  unchecked: (lines) => {
    const runs = runsOf(lines);
    return { run: () => passAll(runs), expected: total(runs.map(wholeRun)) };
  },
};

/** Lines behind each other, as they lie in a chunk. */
interface Run {
  readonly bytes: Buffer;
  readonly ends: readonly number[];
}

const LINES_PER_RUN = 50;

function runsOf(lines: readonly Buffer[]): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < lines.length; at += LINES_PER_RUN) {
    const some = lines.slice(at, at + LINES_PER_RUN);
    const ends: number[] = [];
    for (const line of some) ends.push((ends.at(-1) ?? -1) + 1 + line.length);
    const feed = Buffer.from("\n");
    runs.push({
      bytes: Buffer.concat(some.flatMap((line, index) => (index === 0 ? [line] : [feed, line]))),
      ends,
    });
  }
  return runs;
}

function passAll(runs: readonly Run[]): number {
  let digest = 0;
  for (const run of runs) digest += textOf(run).length;
  return digest;
}

/** What crosses for a run. */
function textOf({ bytes, ends }: Run): string {
  if (!mayStayUnchecked(bytes, ends)) throw new Error("a line of the run has to be checked");
  return utf8Text(bytes).replaceAll("\n", ENTRY_BREAK);
}

/** The digest of a run, once it is certain that its reader gets all that its lines say. */
function wholeRun(run: Run): number {
  const text = textOf(run);
  const batch = { text: `[${text}]`, weight: 0, large: [], refused: [], unchecked: run.ends.length };
  const lines = openBatch(batch).map((message) => JSON.stringify(message));
  if (lines.join("\n") !== run.bytes.toString("utf8")) throw new Error("a message is not what its line says");
  return text.length;
}

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
