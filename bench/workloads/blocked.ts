/** Holds the loop in the middle of a flood, and tells how long the child needed to write. */

import { Flood } from "../child/flood.js";
import type { PayloadSpec } from "../payload/payload.js";
import { loadPeer } from "../peers/peer.js";
import type { Measure, PeerName } from "../scenario.js";
import { DigestSink, IdentitySink } from "./blocking-sink.js";
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

/** In the turn that is for the digest alone: time enough for any child to fill whatever buffers there are. */
const PART_OF_BLOCK_FOR_DIGEST = 1 / 4;

/**
 * The first turn is measured, and its frames compared by number and ids. Of a host that is held there is a second turn,
 * not measured: it takes a digest of every byte, which would slow down those who read on the thread that counts.
 */
export const measure: Measure<BlockedInput> = async ({ peer, payload, blockMs, highWaterMark }) => {
  const { open } = await loadPeer(peer);
  using flood = new Flood(payload);
  const session = await open(flood, { highWaterMark });
  const manifest = await flood.manifest();

  const peak = peakMemory();
  const sink = new IdentitySink(manifest, blockMs);
  await session.turn(sink);
  const { ms: childMs, endedAt } = await flood.written(1);
  const { peakMiB } = peak();
  sink.check(manifest);

  if (blockMs > 0) {
    const digest = new DigestSink(manifest, blockMs * PART_OF_BLOCK_FOR_DIGEST);
    await session.turn(digest);
    digest.check(manifest);
  }
  await session.close();
  const writtenWhileHeld = endedAt <= sink.heldUntil ? 1 : 0;
  return { childMs, peakMiB, writtenWhileHeld };
};
