/**
 * Large answers on their way to the worker. JSON.stringify of a text of 5 MB holds the main thread for 20 ms, base64
 * of an image of 5 MB for 30 ms or more; a clone of the text or a copy of the image takes about 1 ms. So the small
 * parts are written here, and the worker writes the large ones between them.
 */

import { randomUUID } from "node:crypto";
import { InvalidArgumentError } from "../errors.js";

/** JSON in pieces: a leaf belongs between each piece and the next. */
export interface PackedAnswer {
  readonly pieces: readonly string[];
  /** Text that is not JSON yet, or bytes that become base64. */
  readonly leaves: readonly (string | ArrayBuffer)[];
}

/** Strings of fewer characters stay where they are. */
const LEAF_LENGTH = 8_192;

/** Below this nothing is looked for: what is nested so deep is no file. */
const DEEPEST = 64;

/**
 * Makes an answer ready for the worker. Anything that JSON can express may be in it, and `Uint8Array`s, which become
 * base64. Their bytes are copied: whoever gave them may want to use them again.
 *
 * @returns what to post, and the buffers to transfer with it
 * @throws InvalidArgumentError for what JSON cannot express: a bigint, a circle
 */
export function packAnswer(answer: object): { value: PackedAnswer; transfer: ArrayBuffer[] } {
  const leaves: (string | ArrayBuffer)[] = [];
  // Nobody can have written it into the answer.
  const mark = randomUUID();
  const text = stringify(() => extract(answer, mark, leaves, 0));
  const pieces = leaves.length === 0 ? [text] : text.split(`"${mark}"`);
  // What is not JSON on its stdin ends the CLI.
  if (pieces.length !== leaves.length + 1) {
    throw new InvalidArgumentError("The answer cannot be written as JSON: it changed while it was read.");
  }
  return { value: { pieces, leaves }, transfer: leaves.filter((leaf) => typeof leaf !== "string") };
}

/** The answer's JSON. For the worker. */
export function encodeAnswer({ pieces, leaves }: PackedAnswer): string {
  const texts = leaves.map((leaf) =>
    typeof leaf === "string" ? JSON.stringify(leaf) : `"${Buffer.from(leaf).toString("base64")}"`,
  );
  return pieces.map((piece, index) => piece + (texts[index] ?? "")).join("");
}

/**
 * The value with the mark for each leaf, in the order in which JSON.stringify comes by; copied only where it has any.
 * Most answers are many small parts and no leaf, and then this must not cost more than writing them: no lists of keys.
 */
function extract(value: unknown, mark: string, leaves: (string | ArrayBuffer)[], depth: number): unknown {
  if (typeof value === "string") {
    if (value.length < LEAF_LENGTH) return value;
    leaves.push(value);
    return mark;
  }
  if (typeof value !== "object" || value === null || depth > DEEPEST) return value;
  if (value instanceof Uint8Array) {
    leaves.push(new Uint8Array(value).buffer);
    return mark;
  }
  if (Array.isArray(value)) return extractFromList(value, mark, leaves, depth);
  if (!isPlain(value)) return value;
  let copy: object | undefined;
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const part: unknown = Reflect.get(value, key);
    const replaced = extract(part, mark, leaves, depth + 1);
    if (replaced === part) continue;
    copy ??= { ...value };
    // Assigned, a "__proto__" would be the copy's prototype.
    Object.defineProperty(copy, key, { value: replaced });
  }
  return copy ?? value;
}

function extractFromList(
  list: readonly unknown[],
  mark: string,
  leaves: (string | ArrayBuffer)[],
  depth: number,
): unknown {
  if ("toJSON" in list) return list;
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const replaced = extract(list[index], mark, leaves, depth + 1);
    if (replaced === list[index]) continue;
    copy ??= [...list];
    copy[index] = replaced;
  }
  return copy ?? list;
}

/** What JSON.stringify writes as it stands: neither a class of its own nor with a `toJSON`. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && !("toJSON" in value);
}

function stringify(read: () => unknown): string {
  try {
    // Of something with a `toJSON` it may be undefined.
    return JSON.stringify(read()) ?? "null";
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`The answer cannot be written as JSON: ${reason}`, { cause });
  }
}
