/** A consumer that takes its time over each message, on a loop that is free: how much memory waits for it. */

import { setTimeout as sleep } from "node:timers/promises";
import { Flood } from "../child/flood.js";
import { FrameDigest } from "../payload/digest.js";
import type { PayloadSpec } from "../payload/payload.js";
import { loadPeer } from "../peers/peer.js";
import type { Measure, PeerName } from "../scenario.js";
import { expectSame } from "./expect-same.js";
import { peakMemory, residentMiB } from "./memory.js";

/** A turn that is read slowly. */
export interface SlowConsumerInput {
  readonly peer: PeerName;
  readonly payload: PayloadSpec;
  /** How long the consumer waits after each message, as for a database, in milliseconds. */
  readonly perMessageMs: number;
  /** For claude-offthread; default its own. */
  readonly highWaterMark?: number;
}

/** Memory is told beyond what the process had when the turn began. */
export const measure: Measure<SlowConsumerInput> = async ({ peer, payload, perMessageMs, highWaterMark }) => {
  const { open } = await loadPeer(peer);
  using flood = new Flood(payload);
  const session = await open(flood, { highWaterMark });
  const { frames, hash } = await flood.manifest();
  const digest = new FrameDigest();
  const before = residentMiB();
  const peak = peakMemory();
  const samples: number[] = [];
  try {
    await session.pacedTurn(async (message) => {
      digest.add(message);
      samples.push(residentMiB() - before);
      await sleep(perMessageMs);
    });
  } finally {
    await session.close();
  }
  const { ms: childMs } = await flood.written(1);
  const { peakMiB } = peak();
  expectSame("frames", samples.length, frames);
  expectSame("digest of messages", digest.end().hash, hash);
  // Every message has been digested by now, so a high value is memory that was not given back.
  const at = (part: number) => samples[Math.min(samples.length - 1, Math.floor(samples.length * part))] ?? 0;
  return { peakMiB, quarterMiB: at(1 / 4), halfMiB: at(1 / 2), endMiB: at(1), childMs };
};
