/** How fast a byte stream is cut into lines: by the frame splitter, or by Node's readline. */

import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { FrameSplitter } from "../../workers/frame-splitter.js";
import { type MicroKind, microFrames } from "../micro/frames.js";
import { type Repetition, timeTask } from "../micro/timing.js";
import type { Measure } from "../scenario.js";

/** What is cut, in which chunks, and by whom. */
export interface SplitterInput {
  readonly by: "splitter" | "readline";
  /** Lines of one kind, or one line of so many bytes. */
  readonly lines: { readonly kind: MicroKind; readonly count: number } | { readonly oneOfBytes: number };
  readonly chunkBytes: number;
  readonly repetition: Repetition;
}

/** Measures `mbPerSecond`. */
export const measure: Measure<SplitterInput> = async (input) => {
  const { by, lines, chunkBytes, repetition } = input;
  const frames = "kind" in lines ? microFrames(lines.kind, lines.count) : [longLine(lines.oneOfBytes)];
  const stream = Buffer.concat(frames.flatMap((frame) => [frame, NEWLINE]));
  const chunks = cut(stream, chunkBytes);
  const ms =
    by === "splitter"
      ? await timeTask({ run: () => split(chunks), expected: digestOf(frames) }, repetition)
      : await timeTask({ run: () => readLines(chunks), expected: digestOf(frames.map(String)) }, repetition);
  return { mbPerSecond: stream.length / 1000 / ms };
};

const NEWLINE = Buffer.from("\n");

/** Copies, as reads from a pipe are: a line that lies in two chunks is in two buffers. */
function cut(stream: Buffer, chunkBytes: number): Buffer[] {
  const chunks: Buffer[] = [];
  for (let at = 0; at < stream.length; at += chunkBytes) {
    chunks.push(Buffer.from(stream.subarray(at, at + chunkBytes)));
  }
  return chunks;
}

function longLine(bytes: number): Buffer {
  const line = Buffer.concat(microFrames("ascii", Math.ceil(bytes / 300_000) + 1));
  return line.subarray(0, bytes);
}

function split(chunks: readonly Buffer[]): number {
  const digest = new LineDigest();
  const splitter = new FrameSplitter(Number.MAX_SAFE_INTEGER, {
    frame: (bytes) => digest.add(bytes.length, bytes[bytes.length >> 1] ?? 0),
    oversized: () => {
      throw new Error("no line is too long here");
    },
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return digest.value;
}

async function readLines(chunks: readonly Buffer[]): Promise<number> {
  const digest = new LineDigest();
  const input = Readable.from(chunks, { objectMode: false, highWaterMark: 64 * 1024 });
  const reader = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  reader.on("line", (line) => digest.add(line.length, line.charCodeAt(line.length >> 1)));
  await new Promise<void>((resolve) => reader.once("close", resolve));
  return digest.value;
}

/** Depends on number, lengths and order of the lines, and on one unit out of the middle of each. */
class LineDigest {
  value = 0;

  add(length: number, middle: number): void {
    this.value = (Math.imul(this.value, 31) + length * 257 + middle) | 0;
  }
}

function digestOf(lines: readonly (Buffer | string)[]): number {
  const digest = new LineDigest();
  for (const line of lines) {
    const middle = typeof line === "string" ? line.charCodeAt(line.length >> 1) : line[line.length >> 1];
    digest.add(line.length, middle ?? 0);
  }
  return digest.value;
}
