import { MessageChannel, receiveMessageOnPort } from "node:worker_threads";
import type { FrameBatch } from "../../src/channel/envelope.js";
import { SessionLedger } from "../../src/channel/session-ledger.js";
import { decodeLine } from "../../src/codec/frame-decoder.js";
import { Outbox } from "../../workers/outbox.js";

/** An outbox on a real port, and a reader for the other end. */
export class OutboxRig {
  readonly ledger: SessionLedger;
  readonly outbox: Outbox;
  /** All calls of `pause`, in order. */
  readonly pauses: boolean[] = [];
  rings = 0;
  /** Frames as the reader got them: the `n` of each, or the message of a refusal. */
  readonly received: unknown[] = [];
  readonly batches: FrameBatch[] = [];
  /** Notices that the reader has sent and the outbox has not been told of. */
  credits = 0;
  readonly #channel = new MessageChannel();

  constructor(highWaterMark: number, ledger = new SessionLedger()) {
    this.ledger = ledger;
    this.outbox = new Outbox({
      port: this.#channel.port1,
      ledger,
      highWaterMark,
      ring: () => {
        this.rings += 1;
      },
      pause: (paused) => this.pauses.push(paused),
    });
  }

  get paused(): boolean {
    return this.pauses.at(-1) ?? false;
  }

  /** Adds frame `n` of about so many bytes, small or with a lazy leaf. */
  add(n: number, bytes: number, large = false): void {
    const line = Buffer.from(JSON.stringify({ type: "x", n, v: "x".repeat(Math.max(0, bytes - 25)) }));
    const decoded = decodeLine(line, large);
    if ("problem" in decoded) throw new Error(decoded.problem);
    for (const frame of decoded.frames) this.outbox.add(frame);
  }

  refuse(message: string, bytes = 10): void {
    this.outbox.refuse({ code: "DESERIALIZATION", message, details: {} }, bytes);
  }

  /** Reads one batch as an inbox does; false when there is none. */
  read(): boolean {
    const found = receiveMessageOnPort(this.#channel.port2) as { message: FrameBatch } | undefined;
    if (found === undefined) return false;
    const batch = found.message;
    this.batches.push(batch);
    const entries: unknown[] = (JSON.parse(batch.text) as { n?: number }[]).map((frame) => frame.n);
    for (const { index, fault } of batch.refused) entries[index] = fault.message;
    this.received.push(...entries);
    if (this.ledger.consumed(batch.weight)) this.credits += 1;
    return true;
  }

  /** Reads all there is, and says how many batches that was. */
  readAll(): number {
    let reads = 0;
    while (this.read()) reads += 1;
    return reads;
  }

  /** Tells the outbox of the credits that were sent since. */
  deliverCredits(): void {
    for (; this.credits > 0; this.credits--) this.outbox.credited();
  }

  /** Reads and tells until nothing happens any more: a reader that is never late again. */
  settle(): void {
    do {
      this.deliverCredits();
    } while (this.read() || this.credits > 0);
  }

  close(): void {
    this.#channel.port1.close();
  }
}

/** Runs with a rig and closes it. */
export function withRig(highWaterMark: number, run: (rig: OutboxRig) => void, ledger?: SessionLedger): void {
  const rig = new OutboxRig(highWaterMark, ledger);
  try {
    run(rig);
  } finally {
    rig.close();
  }
}
