/**
 * Walks the bytes of one JSON value without building it: tells whether `JSON.parse` would accept it, where it
 * ends, and which parts of it are large enough to stay bytes (leaves).
 *
 * Why not JSON.parse: on structured data it costs several times as much as this walk, and it cannot say at
 * which offsets a large part lies, so that part would have to be encoded again to be handed over.
 *
 * What becomes a leaf needs no knowledge of the protocol. A long string that is a property becomes one; an
 * object or array whose remaining text is still long becomes one as a whole, from the inside out. So whatever a
 * frame holds, the text left beside its leaves is short, and so is the main thread's work. A leaf is always an
 * object's property, never an array's element: accessors on elements would make the array slow and sparse.
 */

import type { Leaf, LeafKind } from "../src/channel/envelope.js";

/** A string property from this many bytes on stays bytes. */
const LEAF_STRING_BYTES = 1024;
/** A container whose text beside its own leaves is longer than this becomes one leaf. */
const EAGER_CONTAINER_BYTES = 4096;
/** What a leaf's placeholder counts as, in the text of the container around it. */
const PLACEHOLDER_BYTES = 48;

/** What a scan found: the value's end and its leaves, or the offset at which it stops being JSON. */
export type ScanResult =
  | { readonly end: number; readonly leaves: readonly Leaf[] }
  | { readonly errorAt: number };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/** An object or array that is being walked. */
interface OpenContainer {
  readonly isObject: boolean;
  readonly start: number;
  /** Leaves found before this container began: those after it are inside. */
  readonly leavesBefore: number;
  /** Text of this container outside its leaves. */
  eagerBytes: number;
  /** Where the current property's key lies, quotes included. */
  keyStart: number;
  keyEnd: number;
  /** Index of the current element. */
  index: number;
}

/** Scans the value that begins at `start` (white space allowed before it). */
export function scanJson(bytes: Buffer, start = 0): ScanResult {
  return new JsonScan(bytes).run(start);
}

class JsonScan {
  readonly #bytes: Buffer;
  readonly #open: OpenContainer[] = [];
  #leaves: Leaf[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  run(start: number): ScanResult {
    let at = skipSpace(this.#bytes, start);
    for (;;) {
      // One value begins here.
      const first = this.#bytes[at];
      if (first === OPEN_BRACE || first === OPEN_BRACKET) {
        const inside = this.#enter(at, first === OPEN_BRACE);
        if (inside.errorAt !== undefined) return { errorAt: inside.errorAt };
        at = inside.at;
        if (!inside.empty) continue;
      } else {
        const end = first === QUOTE ? stringEnd(this.#bytes, at) : scalarEnd(this.#bytes, at);
        if (end < 0) return { errorAt: -end - 1 };
        if (first === QUOTE) this.#stringDone(at, end);
        else this.#addEager(end - at);
        at = end;
      }
      // A value ended here: close what it completes, then go to the next one.
      const next = this.#afterValue(at);
      if (next.errorAt !== undefined) return { errorAt: next.errorAt };
      if (next.done) return { end: next.at, leaves: this.#leaves };
      at = next.at;
    }
  }

  /** Steps into a container; `at` is then its first value, or behind it when it is empty. */
  #enter(start: number, isObject: boolean): { at: number; empty: boolean; errorAt?: number } {
    const container: OpenContainer = {
      isObject,
      start,
      leavesBefore: this.#leaves.length,
      eagerBytes: 2,
      keyStart: 0,
      keyEnd: 0,
      index: 0,
    };
    const at = skipSpace(this.#bytes, start + 1);
    if (this.#bytes[at] === (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) {
      this.#addEager(2);
      return { at: at + 1, empty: true };
    }
    this.#open.push(container);
    if (!isObject) return { at, empty: false };
    const value = this.#key(container, at);
    return value < 0 ? { at, empty: false, errorAt: -value - 1 } : { at: value, empty: false };
  }

  /** Reads `"key":` and returns where its value begins, or -(offset of the error) - 1. */
  #key(container: OpenContainer, at: number): number {
    if (this.#bytes[at] !== QUOTE) return -at - 1;
    const end = stringEnd(this.#bytes, at);
    if (end < 0) return end;
    container.keyStart = at;
    container.keyEnd = end;
    container.eagerBytes += end - at + 2;
    const colon = skipSpace(this.#bytes, end);
    if (this.#bytes[colon] !== COLON) return -colon - 1;
    return skipSpace(this.#bytes, colon + 1);
  }

  /** Goes over closing brackets and one comma to the next value, or to the end of the outermost one. */
  #afterValue(end: number): { at: number; done: boolean; errorAt?: number } {
    let at = end;
    for (;;) {
      const container = this.#open[this.#open.length - 1];
      if (container === undefined) return { at, done: true };
      at = skipSpace(this.#bytes, at);
      const byte = this.#bytes[at];
      if (byte === COMMA) {
        at = skipSpace(this.#bytes, at + 1);
        if (!container.isObject) {
          container.index += 1;
          return { at, done: false };
        }
        const value = this.#key(container, at);
        return value < 0 ? { at, done: false, errorAt: -value - 1 } : { at: value, done: false };
      }
      if (byte !== (container.isObject ? CLOSE_BRACE : CLOSE_BRACKET))
        return { at, done: false, errorAt: at };
      at += 1;
      this.#open.pop();
      this.#containerDone(container, at);
    }
  }

  #stringDone(start: number, end: number): void {
    const parent = this.#open[this.#open.length - 1];
    if (parent?.isObject === true && end - start >= LEAF_STRING_BYTES) this.#addLeaf(start, end, "string");
    else this.#addEager(end - start);
  }

  #containerDone(container: OpenContainer, end: number): void {
    const parent = this.#open[this.#open.length - 1];
    if (parent?.isObject === true && container.eagerBytes > EAGER_CONTAINER_BYTES) {
      this.#leaves.length = container.leavesBefore;
      this.#addLeaf(container.start, end, container.isObject ? "object" : "array");
    } else {
      this.#addEager(container.eagerBytes);
    }
  }

  #addEager(bytes: number): void {
    const parent = this.#open[this.#open.length - 1];
    if (parent !== undefined) parent.eagerBytes += bytes + 1;
  }

  #addLeaf(start: number, end: number, kind: LeafKind): void {
    this.#leaves.push({ path: this.#path(), start, end, kind });
    this.#addEager(PLACEHOLDER_BYTES);
  }

  #path(): (string | number)[] {
    return this.#open.map((container) =>
      container.isObject
        ? (JSON.parse(this.#bytes.toString("utf8", container.keyStart, container.keyEnd)) as string)
        : container.index,
    );
  }
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return at;
    at += 1;
  }
}

/** Offset behind the string that opens at `start`, or -(offset of the error) - 1. */
function stringEnd(bytes: Buffer, start: number): number {
  const length = bytes.length;
  let at = start + 1;
  while (at < length) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte < 0x20) return -at - 1;
    if (byte !== BACKSLASH) {
      at += 1;
      continue;
    }
    const escaped = escapeLength(bytes, at);
    if (escaped === 0) return -at - 1;
    at += escaped;
  }
  return -length - 1;
}

/** Bytes of the escape sequence at `at`, or 0 when there is no such escape in JSON. */
function escapeLength(bytes: Buffer, at: number): number {
  switch (bytes[at + 1]) {
    case 0x22: // "
    case 0x5c: // \
    case 0x2f: // /
    case 0x62: // b
    case 0x66: // f
    case 0x6e: // n
    case 0x72: // r
    case 0x74: // t
      return 2;
    case 0x75: // u
      for (let digit = at + 2; digit < at + 6; digit++) if (!isHex(bytes[digit])) return 0;
      return 6;
    default:
      return 0;
  }
}

function isHex(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** Offset behind the number or literal at `start`, or -(offset of the error) - 1. */
function scalarEnd(bytes: Buffer, start: number): number {
  switch (bytes[start]) {
    case 0x74:
      return literalEnd(bytes, start, TRUE);
    case 0x66:
      return literalEnd(bytes, start, FALSE);
    case 0x6e:
      return literalEnd(bytes, start, NULL);
    default:
      return numberEnd(bytes, start);
  }
}

const TRUE = Buffer.from("true");
const FALSE = Buffer.from("false");
const NULL = Buffer.from("null");

function literalEnd(bytes: Buffer, start: number, literal: Buffer): number {
  for (let offset = 0; offset < literal.length; offset++) {
    if (bytes[start + offset] !== literal[offset]) return -(start + offset) - 1;
  }
  return start + literal.length;
}

function numberEnd(bytes: Buffer, start: number): number {
  let at = start;
  if (bytes[at] === 0x2d) at += 1;
  const whole = at;
  at = digitsEnd(bytes, at);
  if (at === whole) return -at - 1;
  // A number does not begin with a zero that another digit follows.
  if (bytes[whole] === 0x30 && at > whole + 1) return -whole - 2;
  if (bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = digitsEnd(bytes, fraction);
    if (at === fraction) return -at - 1;
  }
  if (bytes[at] === 0x65 || bytes[at] === 0x45) {
    at += 1;
    if (bytes[at] === 0x2b || bytes[at] === 0x2d) at += 1;
    const exponent = at;
    at = digitsEnd(bytes, exponent);
    if (at === exponent) return -at - 1;
  }
  return at;
}

function digitsEnd(bytes: Buffer, from: number): number {
  let at = from;
  for (;;) {
    const byte = bytes[at];
    if (byte === undefined || byte < 0x30 || byte > 0x39) return at;
    at += 1;
  }
}
