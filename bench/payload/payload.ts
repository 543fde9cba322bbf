/** What the child of a measurement writes: seeded, varied frames of one kind, as one turn. */

import { Dice } from "./dice.js";
import { Envelope, type Frame } from "./envelope.js";
import { messageStorm } from "./storm.js";
import { STRUCTURED_FRAMES, TEXT_FRAMES } from "./whole-frames.js";

const ALL = [...TEXT_FRAMES, ...STRUCTURED_FRAMES];

/** The kinds of frames that are told apart, with the size that most of them have. */
export const FRAME_KINDS = {
  partial: { title: "0.5 KB partial messages", bytes: 512 },
  message: { title: "10 KB messages and tool results", bytes: 10_000 },
  text: { title: "300 KB text", bytes: 300_000 },
  structured: { title: "300 KB structured", bytes: 300_000 },
  large: { title: "300 KB text and structured", bytes: 300_000 },
  huge: { title: "5 MB text and structured", bytes: 5_000_000 },
} as const;

/** A key of {@link FRAME_KINDS}. */
export type FrameKind = keyof typeof FRAME_KINDS;

/** A payload as data, for the command line of the child. */
export interface PayloadSpec {
  readonly kind: FrameKind;
  /** Frames between `system/init` and `result`. */
  readonly count: number;
  readonly seed: number;
}

/** The frames of one turn: `system/init`, the payload, `result`. The same spec gives the same frames. */
export function* payloadFrames({ kind, count, seed }: PayloadSpec): Generator<Frame> {
  const envelope = new Envelope(new Dice(seed));
  yield envelope.init();
  let left = count;
  while (left > 0) {
    for (const frame of nextFrames(kind, count - left, envelope)) {
      yield frame;
      left -= 1;
      if (left === 0) break;
    }
  }
  yield envelope.result(1);
}

function nextFrames(kind: FrameKind, index: number, envelope: Envelope): Iterable<Frame> {
  if (kind === "partial") return messageStorm(envelope);
  const makers = { text: TEXT_FRAMES, structured: STRUCTURED_FRAMES, message: ALL, large: ALL, huge: ALL }[
    kind
  ];
  const make = makers[index % makers.length];
  return make === undefined ? [] : [make(envelope, FRAME_KINDS[kind].bytes)];
}
