/** What handing frames over a MessagePort costs each side, by the number of frames in a batch. */

import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { FrameBatch } from "../../src/channel/envelope.js";
import { openBatch } from "../../src/client/inbox-entries.js";
import type { DecodedFrame } from "../../src/codec/frame-decoder.js";
import { decodeFrame, pack } from "../micro/batches.js";
import { type MicroKind, microFrames } from "../micro/frames.js";
import { type Repetition, timeTask } from "../micro/timing.js";
import type { Measure } from "../scenario.js";

/** Decoded frames of one kind, and how many go in one message. */
export interface HandoverInput {
  readonly kind: MicroKind;
  /** How many frames one timed call hands over; a multiple of `perBatch`. */
  readonly frames: number;
  readonly perBatch: number;
  readonly repetition: Repetition;
}

/**
 * Measures `mainUs`, microseconds per frame to take it from the port and open it, and `workerUs`, microseconds
 * per frame to join it into a batch and post it. Both ends are in one thread, so that neither waits.
 */
export const measure: Measure<HandoverInput> = async ({ kind, frames, perBatch, repetition }) => {
  const decoded = microFrames(kind, frames).map(decodeFrame);
  const { port1: worker, port2: main } = new MessageChannel();
  const expected = decoded.reduce((sum, frame) => sum + uuidOf(frame.value), 0);
  // Transferred bytes are gone; each call needs copies of its own, whose making is not what is measured.
  let copies = decoded;
  const copy = (): void => {
    copies = decoded.map(withOwnBytes);
  };
  const post = (): number => {
    for (let from = 0; from < frames; from += perBatch) {
      const { batch, transfers } = pack(copies.slice(from, from + perBatch));
      worker.postMessage(batch, transfers);
    }
    return frames;
  };
  const mainMs = await timeTask(
    {
      prepare: () => {
        copy();
        post();
      },
      run: () => receiveAll(main),
      expected,
    },
    repetition,
  );
  const workerMs = await timeTask(
    { prepare: copy, run: post, cleanUp: () => void receiveAll(main), expected: frames },
    repetition,
  );
  worker.close();
  return { mainUs: (mainMs * 1000) / frames, workerUs: (workerMs * 1000) / frames };
};

function withOwnBytes(frame: DecodedFrame): DecodedFrame {
  if (frame.large === undefined) return frame;
  const bytes = Buffer.allocUnsafeSlow(frame.large.bytes.length);
  bytes.set(frame.large.bytes);
  return { ...frame, large: { ...frame.large, bytes } };
}

function receiveAll(port: MessagePort): number {
  let digest = 0;
  for (;;) {
    const received = receiveMessageOnPort(port) as { message: FrameBatch } | undefined;
    if (received === undefined) return digest;
    for (const message of openBatch(received.message)) digest += uuidOf(message);
  }
}

/** A number that differs from frame to frame. */
function uuidOf(message: unknown): number {
  const { uuid } = message as { uuid: string };
  return Number.parseInt(uuid.slice(-8), 16) % 65_536;
}
