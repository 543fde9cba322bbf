import type { FrameKind, PayloadSpec } from "../payload/payload.js";

/** Frames of one turn: 18 to 50 MB, which takes the slowest peer less than half a second. */
const COUNTS: Readonly<Record<FrameKind, number>> = {
  partial: 40_000,
  message: 3_000,
  text: 160,
  structured: 60,
  large: 28,
  huge: 7,
};

const QUICK_PART = 1 / 10;

/** The payload of one turn of that kind; a tenth of it with `quick`. */
export function floodOf(kind: FrameKind, quick: boolean): PayloadSpec {
  return { kind, count: Math.ceil(COUNTS[kind] * (quick ? QUICK_PART : 1)), seed: 7 };
}
