/** Lines as their reader gets them: decoded by the worker, and put together again. */

import { installLeaves } from "../../src/channel/lazy-leaf.js";
import { type DecodedFrame, decodeLine } from "../../src/codec/frame-decoder.js";
import { largeFrame } from "../../workers/outbox.js";

/** Makes a frame large, so that it is scanned rather than parsed. */
export const FILLER = "f".repeat(9_000);
/** With and without lazy leaves. */
export const MODES = [true, false] as const;

/** The frames of a line, put together as their reader gets them; undefined when the line is refused. */
export function decode(line: string | Buffer, lazy = true): unknown[] | undefined {
  const decoded = decodeLine(Buffer.from(line), lazy);
  return "problem" in decoded ? undefined : decoded.frames.map(whole);
}

function whole(frame: DecodedFrame): unknown {
  const message = JSON.parse(frame.text) as object;
  if (frame.large !== undefined) installLeaves(message, largeFrame(0, frame.large));
  return message;
}

/** Why the line is refused. */
export function problemOf(line: string, lazy = true): string {
  const decoded = decodeLine(Buffer.from(line), lazy);
  if ("problem" in decoded) return decoded.problem;
  throw new Error("it was accepted");
}
