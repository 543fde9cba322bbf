/** Consumers that hold the loop once in the middle of a turn, and check what arrives before and after. */

import type { FloodManifest } from "../child/flood.js";
import { FrameDigest, IdentityDigest, uuidOf } from "../payload/digest.js";
import type { TurnSink } from "../peers/peer.js";
import { expectSame } from "./expect-same.js";
import { holdLoop } from "./hold-loop.js";

/** The loop is held when this part of the bytes or frames has been handed to the consumer. */
const PART_BEFORE = 1 / 10;

/** Holds the loop once, when the first part has arrived, and notes until when. */
export abstract class BlockingSink implements TurnSink {
  /** Milliseconds since 1970; 0 when the loop was not held. */
  heldUntil = 0;
  readonly #blockMs: number;
  readonly #framesBefore: number;
  readonly #bytesBefore: number;
  #frames = 0;
  #bytes = 0;
  #held = false;

  constructor({ frames, bytes }: FloodManifest, blockMs: number) {
    this.#blockMs = blockMs;
    this.#framesBefore = Math.ceil(frames * PART_BEFORE);
    this.#bytesBefore = Math.ceil(bytes * PART_BEFORE);
  }

  message(message: unknown): void {
    this.take(message);
    this.#frames += 1;
    if (this.#frames >= this.#framesBefore) this.#hold();
  }

  bytes(chunk: Uint8Array): void {
    this.#bytes += chunk.length;
    if (this.#bytes >= this.#bytesBefore) this.#hold();
  }

  /** @throws Error when what arrived is not what was written, or the loop was not held */
  check(manifest: FloodManifest): void {
    if (this.#blockMs > 0 && this.heldUntil === 0) throw new Error("The loop was never held.");
    if (this.#bytes > 0) expectSame("bytes", this.#bytes, manifest.bytes);
    else this.checkMessages(manifest);
  }

  protected abstract take(message: unknown): void;
  protected abstract checkMessages(manifest: FloodManifest): void;

  #hold(): void {
    if (this.#held || this.#blockMs === 0) return;
    this.#held = true;
    holdLoop(this.#blockMs);
    this.heldUntil = performance.timeOrigin + performance.now();
  }
}

/** Compares the number of messages and their ids: next to no work while the clock runs. */
export class IdentitySink extends BlockingSink {
  readonly #uuids: string[] = [];

  protected take(message: unknown): void {
    this.#uuids.push(uuidOf(message));
  }

  protected checkMessages({ frames, identity }: FloodManifest): void {
    expectSame("frames", this.#uuids.length, frames);
    const digest = new IdentityDigest();
    for (const uuid of this.#uuids) digest.add(uuid);
    expectSame("digest of ids", digest.end(), identity);
  }
}

/** Compares every byte, at the price of a digest of each message. */
export class DigestSink extends BlockingSink {
  readonly #digest = new FrameDigest();

  protected take(message: unknown): void {
    this.#digest.add(message);
  }

  protected checkMessages({ hash }: FloodManifest): void {
    expectSame("digest of messages", this.#digest.end().hash, hash);
  }
}
