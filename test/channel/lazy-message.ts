import type { LargeFrame } from "../../src/channel/envelope.js";
import { installLeaves } from "../../src/channel/lazy-leaf.js";
import { decodeLine } from "../../src/codec/frame-decoder.js";
import { largeFrame } from "../../workers/outbox.js";

/** A message with its lazy leaves, and what it was made of. */
export interface LazyMessage<T> {
  readonly message: T;
  readonly frame: LargeFrame;
  /** The frame's text between its leaves. */
  readonly eagerText: string;
}

/**
 * A message as a reader gets it: cut up by the worker, sent through a port, and put together again.
 * @param frame a value, or JSON text where it matters how it is written
 */
export function lazyMessage<T extends object = Record<string, unknown>>(frame: T | string): LazyMessage<T> {
  const line = Buffer.from(typeof frame === "string" ? frame : JSON.stringify(frame));
  const decoded = decodeLine(line, true);
  if ("problem" in decoded) throw new Error(`refused: ${decoded.problem}`);
  const [only] = decoded.frames;
  if (only?.large === undefined) throw new Error("the frame has no leaves");
  const sent = structuredClone(largeFrame(0, only.large));
  const message = JSON.parse(only.text) as T;
  installLeaves(message, sent);
  return { message, frame: sent, eagerText: only.text };
}

/** True while the property has not been touched. */
export function isLazy(parent: object, key: string): boolean {
  return Object.getOwnPropertyDescriptor(parent, key)?.get !== undefined;
}
