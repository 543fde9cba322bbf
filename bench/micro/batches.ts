import type { FrameBatch } from "../../src/channel/envelope.js";
import { type DecodedFrame, decodeLine } from "../../src/codec/frame-decoder.js";
import { largeFrame } from "../../workers/outbox.js";

/** A message for the port, and what of it is transferred. */
export interface Parcel {
  readonly batch: FrameBatch;
  readonly transfers: ArrayBuffer[];
}

/**
 * The frame in a line, with lazy leaves.
 * @throws Error when the line is refused
 */
export function decodeFrame(line: Buffer): DecodedFrame {
  const decoded = decodeLine(line, true);
  if ("problem" in decoded) throw new Error(decoded.problem);
  const [frame] = decoded.frames;
  if (frame === undefined) throw new Error("the line holds no frame");
  return frame;
}

/** Packs frames as the outbox does, any number of them. */
export function pack(frames: readonly DecodedFrame[]): Parcel {
  const large = frames.flatMap((frame, index) => (frame.large ? [largeFrame(index, frame.large)] : []));
  const weight = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  const text = `[${frames.map((frame) => frame.text).join(",")}]`;
  return { batch: { text, weight, large, refused: [] }, transfers: large.map(({ bytes }) => bytes) };
}
