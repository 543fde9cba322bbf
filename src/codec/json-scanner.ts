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

import type { Leaf, LeafKind } from "../channel/envelope.js";
import { scalarEnd, skipSpace, stringEnd } from "./json-tokens.js";

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
  /** What it stands in, and where there; both stay as they are while it is walked. */
  readonly parent: OpenContainer | undefined;
  readonly place: Place;
  /** Leaves found before this container began: those after it are inside. */
  readonly leavesBefore: number;
  /** Bytes by which its leaves shorten it. */
  savedBytes: number;
  /** Where the current property's key lies, quotes included. */
  keyStart: number;
  keyEnd: number;
  /** Index of the current element. */
  index: number;
}

/** A position inside a container: a key's bytes or an index. */
interface Place {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly index: number;
}

/** A leaf whose path is not spelled out yet: most are swallowed by a larger one. */
interface FoundLeaf {
  readonly container: OpenContainer;
  readonly place: Place;
  readonly start: number;
  readonly end: number;
  readonly kind: LeafKind;
}

/** Scans the value that begins at `start` (white space allowed before it). */
export function scanJson(bytes: Buffer, start = 0): ScanResult {
  return new JsonScan(bytes).run(start);
}

class JsonScan {
  readonly #bytes: Buffer;
  /** The innermost container that is being walked. */
  #open: OpenContainer | undefined;
  readonly #leaves: FoundLeaf[] = [];

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
        at = end;
      }
      // A value ended here: close what it completes, then go to the next one.
      const next = this.#afterValue(at);
      if (next.errorAt !== undefined) return { errorAt: next.errorAt };
      if (next.done) return { end: next.at, leaves: this.#leaves.map((leaf) => this.#spellOut(leaf)) };
      at = next.at;
    }
  }

  /** Steps into a container; `at` is then its first value, or behind it when it is empty. */
  #enter(start: number, isObject: boolean): { at: number; empty: boolean; errorAt?: number } {
    const container: OpenContainer = {
      isObject,
      start,
      parent: this.#open,
      place: placeIn(this.#open),
      leavesBefore: this.#leaves.length,
      savedBytes: 0,
      keyStart: 0,
      keyEnd: 0,
      index: 0,
    };
    const at = skipSpace(this.#bytes, start + 1);
    if (this.#bytes[at] === (isObject ? CLOSE_BRACE : CLOSE_BRACKET)) return { at: at + 1, empty: true };
    this.#open = container;
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
    const colon = skipSpace(this.#bytes, end);
    if (this.#bytes[colon] !== COLON) return -colon - 1;
    return skipSpace(this.#bytes, colon + 1);
  }

  /** Goes over closing brackets and one comma to the next value, or to the end of the outermost one. */
  #afterValue(end: number): { at: number; done: boolean; errorAt?: number } {
    let at = end;
    for (;;) {
      const container = this.#open;
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
      this.#open = container.parent;
      this.#containerDone(container, at);
    }
  }

  #stringDone(start: number, end: number): void {
    const parent = this.#open;
    if (parent?.isObject === true && end - start >= LEAF_STRING_BYTES)
      this.#addLeaf(parent, start, end, "string");
  }

  #containerDone(container: OpenContainer, end: number): void {
    const { parent, start, isObject } = container;
    if (parent === undefined) return;
    if (parent.isObject && end - start - container.savedBytes > EAGER_CONTAINER_BYTES) {
      this.#leaves.length = container.leavesBefore;
      this.#addLeaf(parent, start, end, isObject ? "object" : "array");
    } else {
      parent.savedBytes += container.savedBytes;
    }
  }

  #addLeaf(container: OpenContainer, start: number, end: number, kind: LeafKind): void {
    this.#leaves.push({ container, place: placeIn(container), start, end, kind });
    container.savedBytes += end - start - PLACEHOLDER_BYTES;
  }

  #spellOut({ container, place, start, end, kind }: FoundLeaf): Leaf {
    const path = [this.#step(container, place)];
    for (let inner = container; inner.parent !== undefined; inner = inner.parent) {
      path.push(this.#step(inner.parent, inner.place));
    }
    return { path: path.reverse(), start, end, kind };
  }

  #step(container: OpenContainer, { keyStart, keyEnd, index }: Place): string | number {
    return container.isObject
      ? (JSON.parse(this.#bytes.toString("utf8", keyStart, keyEnd)) as string)
      : index;
  }
}

function placeIn(container: OpenContainer | undefined): Place {
  return { keyStart: container?.keyStart ?? 0, keyEnd: container?.keyEnd ?? 0, index: container?.index ?? 0 };
}
