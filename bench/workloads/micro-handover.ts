/** What handing frames over a MessagePort costs each side, by the number of frames in a batch. */

import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { FrameBatch } from "../../src/channel/envelope.js";
import { openBatch } from "../../src/client/inbox.js";
import { type DecodedFrame, decodeLine } from "../../workers/frame-decoder.js";
import { largeFrame } from "../../workers/outbox.js";
import { type MicroKind, microFrames } from "../micro/frames.js";
import { type Repetition, timeTask } from "../micro/timing.js";
import type { Measurement } from "../scenario.js";

/** Decoded frames of one kind, and how many go in one message. */
export interface HandoverInput {
  readonly kind: MicroKind;
  /** How many frames one timed call hands over; a multiple of `perBatch`. */
  readonly frames: number;
  readonly perBatch: number;
  readonly repetition: Repetition;
}

/** A message for the port, and what of it is transferred. */
interface Parcel {
  readonly batch: FrameBatch;
  readonly transfers: ArrayBuffer[];
}

/**
 * Measures `mainUs`, microseconds per frame to take it from the port and open it, and `workerUs`, microseconds
 * per frame to join it into a batch and post it. Both ends are in one thread, so that neither waits.
 */
export async function measure({ kind, frames, perBatch, repetition }: HandoverInput): Promise<Measurement> {
  const decoded = microFrames(kind, frames).map(decode);
  const { port1: worker, port2: main } = new MessageChannel();
  const expected = decoded.reduce((sum, frame) => sum + uuidOf(frame.value), 0);
  // Transferred bytes are gone; each call needs copies of its own, whose making is not what is measured.
  let copies = decoded;
  const copy = (): void => {
    copies = decoded.map(withOwnBytes);
  };
  const post = (): number => {
    for (let from = 0; from < frames; from += perBatch) {
      const { batch, transfers } = parcel(copies.slice(from, from + perBatch));
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
}

function decode(line: Buffer): DecodedFrame {
  const decoded = decodeLine(line, true);
  const [frame] = "frames" in decoded ? decoded.frames : [];
  if (frame === undefined) throw new Error("the frame was refused");
  return frame;
}

function withOwnBytes(frame: DecodedFrame): DecodedFrame {
  if (frame.large === undefined) return frame;
  const bytes = Buffer.allocUnsafeSlow(frame.large.bytes.length);
  bytes.set(frame.large.bytes);
  return { ...frame, large: { ...frame.large, bytes } };
}

/** Packs frames as the outbox does, at any number of them. */
function parcel(frames: readonly DecodedFrame[]): Parcel {
  const large = frames.flatMap((frame, index) => (frame.large ? [largeFrame(index, frame.large)] : []));
  const weight = frames.reduce((sum, frame) => sum + frame.byteLength, 0);
  const text = `[${frames.map((frame) => frame.text).join(",")}]`;
  return { batch: { text, weight, large, refused: [] }, transfers: large.map(({ bytes }) => bytes) };
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
