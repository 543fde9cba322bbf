import type { FrameKind, PayloadSpec } from "../payload/payload.js";

/**
 * Turns on the clock. They are the same turn again, so that its frames have to be made and compared byte by byte only
 * once, which takes longer than reading them.
 */
const TURNS = 4;

/** Frames of one turn; all turns together are 18 to 50 MB, which takes the slowest peer about half a second. */
const COUNTS: Readonly<Record<FrameKind, number>> = {
  partial: 10_000,
  message: 750,
  text: 40,
  structured: 15,
  large: 7,
  huge: 2,
};

const QUICK_PART = 2 / 5;

/** The payload of one turn of that kind; with `quick` less of it. */
export function floodOf(kind: FrameKind, quick: boolean): PayloadSpec {
  return { kind, count: Math.ceil(COUNTS[kind] * (quick ? QUICK_PART : 1)), seed: 7 };
}

/** How many of these turns are on the clock. */
export function turnsOf(quick: boolean): number {
  return quick ? 1 : TURNS;
}
