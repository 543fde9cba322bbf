/**
 * Puts the leaves of a large frame back as properties that become their value at first touch and then keep it.
 *
 * They are own enumerable accessors, so JSON.stringify, spread, structuredClone and deep equality see values.
 * Node's inspect would print `[Getter/Setter]`; a hidden hook makes it print the value as well. The worker has
 * checked each leaf's text, so reading one cannot fail.
 */

import { inspect } from "node:util";
import { utf8Text } from "../utf8-text.js";
import { isPlaceholder, type LargeFrame } from "./envelope.js";

type Container = Record<string | number, unknown>;

/** Turns the placeholders in `message` into lazy properties backed by `frame`. */
export function installLeaves(message: object, frame: LargeFrame): void {
  for (let index = 0; index < frame.leaves.length; index++) {
    const leaf = frame.leaves[index];
    if (leaf === undefined) continue;
    const parent = containerAt(message, leaf.path);
    const key = leaf.path[leaf.path.length - 1];
    if (parent === undefined || key === undefined) continue;
    if (!isPlaceholder(parent[key], leaf.kind, frame.mark, index)) continue;
    defineLazy(parent, key, frame.bytes, leaf.start, leaf.end);
  }
}

function containerAt(root: object, path: readonly (string | number)[]): Container | undefined {
  let current: unknown = root;
  for (let depth = 0; depth < path.length - 1; depth++) {
    const key = path[depth];
    if (typeof current !== "object" || current === null || key === undefined) return undefined;
    current = (current as Container)[key];
  }
  return typeof current === "object" && current !== null ? (current as Container) : undefined;
}

function defineLazy(
  parent: Container,
  key: string | number,
  bytes: ArrayBuffer,
  start: number,
  end: number,
): void {
  let source: ArrayBuffer | undefined = bytes;
  let value: unknown;
  Object.defineProperty(parent, key, {
    enumerable: true,
    configurable: true,
    get() {
      if (source !== undefined) {
        value = JSON.parse(utf8Text(Buffer.from(source, start, end - start)));
        source = undefined;
        // Refused when the message was frozen meanwhile; then this closure goes on holding the value.
        defineValue(parent, key, value);
      }
      return value;
    },
    // `this` is not always the parent: it may inherit from it, or have been given its descriptors.
    set(this: Container, next: unknown) {
      if (defineValue(this, key, next)) return;
      if (this !== parent || Object.isFrozen(parent)) {
        throw new TypeError(`Cannot assign to read only property '${String(key)}'`);
      }
      value = next;
      source = undefined;
    },
  });
  if (!Object.hasOwn(parent, inspect.custom)) {
    Object.defineProperty(parent, inspect.custom, {
      value: inspectTouched,
      configurable: true,
      writable: true,
    });
  }
}

function defineValue(target: Container, key: string | number, value: unknown): boolean {
  return Reflect.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** Touches every property and lets inspect go on with the object itself, or with a copy if it was frozen. */
function inspectTouched(this: Container): Container {
  for (const key of Object.keys(this)) void this[key];
  const stillLazy = Object.values(Object.getOwnPropertyDescriptors(this)).some(
    ({ get }) => get !== undefined,
  );
  return stillLazy ? { ...this } : this;
}
