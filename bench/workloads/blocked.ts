/** Holds the loop in the middle of a flood, and tells how long the child needed to write. */

import { Flood, type FloodManifest } from "../child/flood.js";
import { FrameDigest, IdentityDigest, uuidOf } from "../payload/digest.js";
import type { PayloadSpec } from "../payload/payload.js";
import { loadPeer, type TurnSink } from "../peers/peer.js";
import type { Measure, PeerName } from "../scenario.js";
import { expectSame } from "./expect-same.js";
import { holdLoop } from "./hold-loop.js";
import { peakMemory } from "./memory.js";

/** A turn that is interrupted by a block. */
export interface BlockedInput {
  readonly peer: PeerName;
  readonly payload: PayloadSpec;
  /** How long the loop is held; 0: not at all. */
  readonly blockMs: number;
  /** For claude-offthread; default its own. */
  readonly highWaterMark?: number;
}

/** The loop is held when this part of the bytes or frames has been handed to the consumer. */
const PART_BEFORE = 1 / 10;
/** In the turn that is for the digest alone: time enough for any child to fill whatever buffers there are. */
const PART_OF_BLOCK_FOR_DIGEST = 1 / 4;

/**
 * The first turn is measured, and its frames compared by number and ids. A second one is not: it takes a digest of
 * every byte, which would slow down those who read on the thread that counts.
 */
export const measure: Measure<BlockedInput> = async ({ peer, payload, blockMs, highWaterMark }) => {
  const { open } = await loadPeer(peer);
  using flood = new Flood(payload);
  const session = await open(flood, { highWaterMark });
  const manifest = await flood.manifest();

  const peak = peakMemory();
  const sink = new HeldSink(manifest, blockMs);
  await session.turn(sink);
  const { ms: childMs, endedAt } = await flood.written(1);
  const { peakMiB } = peak();
  sink.check(manifest);

  const digest = new DigestSink(manifest, blockMs * PART_OF_BLOCK_FOR_DIGEST);
  await session.turn(digest);
  digest.check(manifest);
  await session.close();
  const writtenWhileHeld = endedAt <= sink.heldUntil ? 1 : 0;
  return { childMs, peakMiB, writtenWhileHeld };
};

/** Holds the loop once, at the given part of what arrives, and notes until when. */
abstract class BlockingSink implements TurnSink {
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

class HeldSink extends BlockingSink {
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

class DigestSink extends BlockingSink {
  readonly #digest = new FrameDigest();

  protected take(message: unknown): void {
    this.#digest.add(message);
  }

  protected checkMessages({ hash }: FloodManifest): void {
    expectSame("digest of messages", this.#digest.end().hash, hash);
  }
}
