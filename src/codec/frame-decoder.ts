/**
 * Turns a line into a checked frame, or into the reason why it is none.
 *
 * A short frame is parsed and its bytes are passed on. A long one is scanned instead: its large parts stay
 * bytes, and only the rest is parsed. Junk around a frame (colour codes, a byte order mark, a log prefix) is
 * cut away.
 */

import { randomUUID } from "node:crypto";
import { type Leaf, placeholderText } from "../channel/envelope.js";
import { checkFrame, type FrameRoute } from "../protocol/frame-check.js";
import { utf8Text } from "../utf8-text.js";
import { scanJson } from "./json-scanner.js";

/** Frames shorter than this are parsed whole on both sides: below it, leaves cost more than they save. */
export const LARGE_FRAME_BYTES = 8 * 1024;

/** How many opening braces of a junk line are tried as the start of a frame. */
const MOST_ATTEMPTS = 16;

/** A frame that may be passed on. */
export interface DecodedFrame {
  readonly route: FrameRoute;
  /** The frame without its leaves. */
  readonly text: string;
  /** Length of the frame as it came. */
  readonly byteLength: number;
  /** What `text` says; of a control frame the whole value. */
  readonly value: Readonly<Record<string, unknown>>;
  /** Present when parts of the frame stay bytes. */
  readonly large?: { readonly bytes: Buffer; readonly leaves: readonly Leaf[]; readonly mark: string };
}

/** What becomes of a line: the frames in it (more than one when a newline was lost), or a reason to refuse it. */
export type DecodedLine = { readonly frames: readonly DecodedFrame[] } | { readonly problem: string };

const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const QUOTE = 0x22;
const mark = `leaf-${randomUUID()}-`;

/** Decodes one line; `lazy` allows leaves. Never throws. */
export function decodeLine(line: Buffer, lazy: boolean): DecodedLine {
  const frame = decodeFrame(line, lazy);
  if (!("problem" in frame)) return { frames: [frame] };
  if (frame.isJson) return { problem: frame.problem };
  const frames = salvage(line, lazy);
  return frames.length > 0 ? { frames } : { problem: frame.problem };
}

/**
 * Decodes a short line whose text is there already; undefined when it is not one whole frame, and has to be looked
 * at as bytes. Never throws.
 */
export function decodeShortLine(text: string, byteLength: number): DecodedFrame | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const check = checkFrame(value);
  if ("problem" in check) return undefined;
  return { route: check.route, text, byteLength, value: value as Record<string, unknown> };
}

/** True for a line that holds nothing but white space; such lines are no frames and no faults. */
export function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 0x20 && (byte < 0x09 || byte > 0x0d)) return false;
  return true;
}

interface Refusal {
  readonly problem: string;
  readonly isJson: boolean;
}

function decodeFrame(bytes: Buffer, lazy: boolean): DecodedFrame | Refusal {
  let rest: string | undefined;
  let large: DecodedFrame["large"];
  if (bytes.length >= LARGE_FRAME_BYTES) {
    const scan = scanJson(bytes);
    if ("errorAt" in scan) return { problem: `no valid JSON at byte ${scan.errorAt}`, isJson: false };
    if (!onlySpaceAfter(bytes, scan.end))
      return { problem: `junk after the JSON at byte ${scan.end}`, isJson: false };
    if (scan.leaves.length > 0) {
      rest = withoutLeaves(bytes, scan.leaves);
      large = { bytes, leaves: scan.leaves, mark };
    }
  }
  rest ??= utf8Text(bytes);
  let value: unknown;
  try {
    value = JSON.parse(rest);
  } catch {
    // JSON.parse's own message quotes the line, which may hold anything.
    const scan = scanJson(bytes);
    return { problem: `no valid JSON at byte ${"errorAt" in scan ? scan.errorAt : scan.end}`, isJson: false };
  }
  // What the control plane goes by may itself lie in a leaf.
  if (large !== undefined && isControlFrame(value)) value = JSON.parse(utf8Text(bytes));
  const check = checkFrame(value);
  if ("problem" in check) return { problem: check.problem, isJson: true };
  const frame = {
    route: check.route,
    text: lazy || large === undefined ? rest : utf8Text(bytes),
    byteLength: bytes.length,
    value: value as Record<string, unknown>,
  };
  return large === undefined || !lazy ? frame : { ...frame, large };
}

function isControlFrame(value: unknown): boolean {
  const type: unknown = (value as { type?: unknown } | null)?.type;
  return typeof type === "string" && type.startsWith("control_");
}

/**
 * Finds the frames inside a line that is not JSON as a whole. A part of a broken frame must not pass for one: the
 * search ends at an object that begins well and breaks later, and a closing brace left over behind the last frame
 * shows that it stood inside something.
 */
function salvage(line: Buffer, lazy: boolean): DecodedFrame[] {
  const frames: DecodedFrame[] = [];
  let from = 0;
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    const start = line.indexOf(OPEN_BRACE, from);
    if (start === -1) break;
    const scan = scanJson(line, start);
    if ("errorAt" in scan) {
      if (scan.errorAt > start + 1 && line.indexOf(QUOTE, start) < scan.errorAt) return [];
      from = Math.max(start + 1, scan.errorAt);
      continue;
    }
    const frame = decodeFrame(line.subarray(start, scan.end), lazy);
    if (!("problem" in frame)) frames.push(frame);
    from = scan.end;
  }
  return line.indexOf(CLOSE_BRACE, from) === -1 ? frames : [];
}

function onlySpaceAfter(bytes: Buffer, from: number): boolean {
  return isBlank(bytes.subarray(from));
}

function withoutLeaves(bytes: Buffer, leaves: readonly Leaf[]): string {
  let text = "";
  let from = 0;
  leaves.forEach((leaf, index) => {
    text += utf8Text(bytes, from, leaf.start) + placeholderText(leaf.kind, mark, index);
    from = leaf.end;
  });
  return text + utf8Text(bytes, from);
}
