/**
 * What crosses the data plane: batches of frames, from the worker to the main thread.
 *
 *   text     [ frame, frame, 0, frame, … ]        one JSON array, a line feed behind each comma
 *                      │     │     └ a large frame: its text without its leaves
 *                      │     └ a refused line: see `refused`
 *                      └ a small frame, exactly as the child wrote it
 *
 * Text rather than cloned objects: reading a cloned object costs the main thread as much as parsing its JSON,
 * and making it costs the worker far more than passing on text it has already checked. A string rather than
 * transferred bytes: the worker has decoded it anyway, and decoding non-ASCII UTF-8 was a quarter of the main
 * thread's time per small frame. Until it is read, a posted string lies outside the JS heap like any message.
 */

import type { Fault } from "./fault.js";
import type { SessionEnd } from "./session-end.js";

/** A large part of a frame that stays bytes until it is touched. */
export interface Leaf {
  /** Where it belongs: property names and array indices from the frame's root. */
  readonly path: readonly (string | number)[];
  /** `bytes[start, end)` of its frame is its JSON text, which the worker has checked. */
  readonly start: number;
  readonly end: number;
  readonly kind: LeafKind;
}

/** The kind of value a leaf holds; its placeholder is of the same kind. */
export type LeafKind = "string" | "object" | "array";

/** A frame that was too large to be read as a whole. */
export interface LargeFrame {
  /** Its place in the batch. */
  readonly index: number;
  /** The whole frame, its own buffer: a message that is kept keeps nothing but itself alive. */
  readonly bytes: ArrayBuffer;
  readonly leaves: readonly Leaf[];
  /** What the placeholders of this frame's leaves are made of; random, so that no content can imitate one. */
  readonly mark: string;
}

/** A line that is not a message. */
export interface RefusedLine {
  readonly index: number;
  readonly fault: Fault;
}

/** What stands between two entries of a batch's text. A frame was a line: nothing in it looks like this. */
export const ENTRY_BREAK = ",\n";

/** One message on the data port. */
export interface FrameBatch {
  readonly text: string;
  /**
   * Entries in the text; present where the worker has not looked into all of them. Such a batch has neither large frames
   * nor refused lines.
   */
  readonly unchecked?: number;
  /** What this batch counts against the high-water mark. */
  readonly weight: number;
  readonly large: readonly LargeFrame[];
  readonly refused: readonly RefusedLine[];
  /** Only on the last batch. */
  readonly end?: SessionEnd;
}

/**
 * JSON text that stands where a leaf was cut out. It is of the leaf's kind, so that a frame's shape can be
 * checked without its leaves, and names the leaf: where a later duplicate key has replaced it, nothing is put back.
 */
export function placeholderText(kind: LeafKind, mark: string, leaf: number): string {
  const name = `"${mark}${leaf}"`;
  if (kind === "string") return name;
  return kind === "object" ? `{${name}:0}` : `[${name}]`;
}

/** Whether `value` is the placeholder of this leaf. */
export function isPlaceholder(value: unknown, kind: LeafKind, mark: string, leaf: number): boolean {
  const name = `${mark}${leaf}`;
  if (kind === "string") return value === name;
  if (typeof value !== "object" || value === null) return false;
  return Array.isArray(value) ? value[0] === name : Object.hasOwn(value, name);
}
