/** Frames of one kind each, so that a figure tells what that kind costs. */

import { Dice } from "../payload/dice.js";
import { Envelope, type Frame } from "../payload/envelope.js";
import { payloadFrames } from "../payload/payload.js";
import { STRUCTURED_FRAMES } from "../payload/whole-frames.js";
import { base64, code } from "../payload/writing.js";

/** What a micro frame holds; about 300 KB where nothing else is said. */
export type MicroKind =
  /** 0.5 KB on average. */
  | "partial"
  /** 10 KB. */
  | "message"
  | "ascii"
  | "escapes"
  | "non-ascii"
  | "base64"
  | "structured"
  /** A tool result with {@link PARTS} long texts. */
  | "many-texts"
  /** A tool result with {@link PARTS} tables. */
  | "many-tables";

/** How many large parts the frames of the kinds `many-…` have: `part0`, `part1`, … */
export const PARTS = 10;

const LARGE_BYTES = 300_000;
const SEED = 7;

/** The first `count` frames of a kind as lines without their newline; the same each time, and no two alike. */
export function microFrames(kind: MicroKind, count: number): Buffer[] {
  return [...frames(kind, count)].map((frame) => Buffer.from(JSON.stringify(frame)));
}

function frames(kind: MicroKind, count: number): Iterable<Frame> {
  switch (kind) {
    case "partial":
    case "message":
    case "structured":
      // Without the first and the last one, which open and close the turn.
      return [...payloadFrames({ kind, count, seed: SEED })].slice(1, -1);
    case "ascii":
      return repeat(count, (envelope) => textFrame(envelope, ASCII));
    case "escapes":
      return repeat(count, (envelope) => textFrame(envelope, ESCAPES));
    case "non-ascii":
      return repeat(count, (envelope) => textFrame(envelope, NON_ASCII));
    case "base64":
      return repeat(count, (envelope) => {
        const data = base64(envelope.dice, LARGE_BYTES);
        const source = { type: "base64", data, media_type: "image/png" };
        return envelope.toolResult([{ type: "image", source }], { type: "image" });
      });
    case "many-texts":
      return repeat(count, (envelope) => manyParts(envelope, (bytes) => code(envelope.dice, bytes)));
    case "many-tables":
      return repeat(count, (envelope) =>
        manyParts(envelope, (bytes) => STRUCTURED_FRAMES[0](envelope, bytes).tool_use_result),
      );
  }
}

function repeat(count: number, make: (envelope: Envelope) => Frame): Frame[] {
  const envelope = new Envelope(new Dice(SEED));
  return Array.from({ length: count }, () => make(envelope));
}

type Words = readonly [string, ...string[]];

const ASCII: Words = [
  "the ",
  "quick brown ",
  "fox ",
  "jumps over ",
  "0123456789 ",
  "const total = ",
  "(a + b) ",
];
/** Source code in a string: many quotes, backslashes, tabs and line ends. */
const ESCAPES: Words = ['"name": ', "\n\t", '"value",\n', "C:\\path\\to ", "if (x) {\n", "\t}\n", "\u0007"];
const NON_ASCII: Words = ["größe ", "naïve ", "日本語の文章 ", "🚀 ", "Привет ", "word ", "中文字符 "];

function textFrame(envelope: Envelope, words: Words): Frame {
  let text = "";
  for (let bytes = 0; bytes < LARGE_BYTES; ) {
    const word = envelope.dice.pick(words);
    text += word;
    bytes += Buffer.byteLength(JSON.stringify(word)) - 2;
  }
  return envelope.assistant({ type: "text", text });
}

function manyParts(envelope: Envelope, make: (bytes: number) => unknown): Frame {
  const parts = Array.from(
    { length: PARTS },
    (_, part) => [`part${part}`, make(LARGE_BYTES / PARTS)] as const,
  );
  return envelope.toolResult("See the result.", Object.fromEntries(parts));
}
