/**
 * Short lines that the worker passes on without a look into them. Most frames of a stream are short, and reading each of
 * them twice, to be checked and to become a value, was two thirds of what the worker spent on them. It looks at both
 * ends of a line alone; what it takes for messages is checked by whoever reads the batch, and taken apart there if
 * anything is wrong with it.
 */

import { ENTRY_BREAK } from "../channel/envelope.js";
import { isSurelyMessage } from "../protocol/frame-check.js";

/** How the CLI begins every frame. */
const HEAD = Buffer.from('{"type":"');
/** The first letter of `control_request` and its like, which the worker has to see. */
const CONTROL_INITIAL = 0x63;
/** A type whose first letter is written as an escape may be any. */
const BACKSLASH = 0x5c;
const CLOSE_BRACE = 0x7d;
/** What lies between two frames on one line, when a line feed was lost; the second may be a control frame. */
const GLUED = Buffer.from("}{");

/**
 * Whether every line of a run may pass unchecked: it ends like an object, and begins like a frame that the control plane
 * has no part in.
 * @param ends where each line ends in `run`; a line feed lies between two of them
 */
export function mayStayUnchecked(run: Buffer, ends: readonly number[]): boolean {
  let start = 0;
  for (const end of ends) {
    const initial = run[start + HEAD.length];
    if (run[end - 1] !== CLOSE_BRACE || initial === CONTROL_INITIAL || initial === BACKSLASH) return false;
    for (let at = 0; at < HEAD.length; at++) if (run[start + at] !== HEAD[at]) return false;
    start = end + 1;
  }
  return !run.includes(GLUED);
}

/**
 * The messages in a batch's text, if it holds as many as it should and nothing else; undefined if anything is odd. Two
 * broken lines could pass for one frame only if a third one in the same batch were two values with a comma between them.
 */
export function readUnchecked(text: string, lines: number): unknown[] | undefined {
  try {
    const entries = JSON.parse(text) as unknown[];
    return entries.length === lines && entries.every(isSurelyMessage) ? entries : undefined;
  } catch {
    return undefined;
  }
}

/** The lines of a batch's text. None of them holds a line feed. */
export function linesOf(text: string): string[] {
  return text.slice(1, -1).split(ENTRY_BREAK);
}
