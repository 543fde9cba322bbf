/** What a line of a transcript holds. */

import { scanJson } from "../../src/codec/json-scanner.js";
import { utf8Text } from "../../src/utf8-text.js";

/** An entry of a transcript; nothing is known of its fields. */
export type Entry = Readonly<Record<string, unknown>>;

/** An entry and where its bytes are, within those it was read from. */
export interface PlacedEntry {
  readonly entry: Entry;
  readonly start: number;
  readonly end: number;
}

/** What was found on a line; more than one entry where a newline was lost. */
export interface ParsedLine {
  readonly entries: readonly PlacedEntry[];
  /** Why the line, or the rest of it, is no entry. */
  readonly problem?: string;
}

const OPEN_BRACE = 0x7b;

/**
 * Reads a line. Zero bytes before it, which a crash of the machine leaves, and a byte order mark do not count;
 * bytes that are no UTF-8 become the replacement character. Never throws.
 */
export function parseLine(line: Buffer): ParsedLine {
  let start = 0;
  while (start < line.length && isPadding(line[start])) start += 1;
  if (start === line.length) return { entries: [] };
  const whole = entryIn(line, start, line.length);
  if (whole !== undefined) return { entries: [whole] };
  const entries: PlacedEntry[] = [];
  while (start < line.length && line[start] === OPEN_BRACE) {
    const scan = scanJson(line, start);
    if ("errorAt" in scan) break;
    const placed = entryIn(line, start, scan.end);
    if (placed === undefined) break;
    entries.push(placed);
    start = scan.end;
    while (start < line.length && isPadding(line[start])) start += 1;
  }
  return start === line.length ? { entries } : { entries, problem: `no entry at byte ${start} of the line` };
}

/** True for what is white space, a zero byte, or part of a byte order mark. */
export function isPadding(byte: number | undefined): boolean {
  return (
    byte === 0 ||
    byte === 0x20 ||
    byte === 0x09 ||
    byte === 0x0d ||
    byte === 0xef ||
    byte === 0xbb ||
    byte === 0xbf
  );
}

function entryIn(bytes: Buffer, start: number, end: number): PlacedEntry | undefined {
  try {
    const value: unknown = JSON.parse(utf8Text(bytes, start, end));
    return isObject(value) ? { entry: value, start, end } : undefined;
  } catch {
    return undefined;
  }
}

/** True for an object that is no array. */
export function isObject(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The field if it is a text that is not empty. */
export function textField(entry: Entry, name: string): string | undefined {
  const value = entry[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
