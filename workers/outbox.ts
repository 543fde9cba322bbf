/**
 * The worker's end of the data plane: gathers frames into batches and posts them.
 *
 * Posted batches wait in a port that the main thread only reads when a consumer asks, as transferred buffers
 * outside the JS heap. What is posted and unread is counted in the ledger:
 *
 *   unread <= window          post at the end of every read, so that a frame is never held back
 *   window < unread           post full batches only: fewer and larger messages for whoever is behind
 *   highWaterMark < unread    pause the child's stdout until half of it has been read
 */

import type { MessagePort } from "node:worker_threads";
import type { FrameBatch, LargeFrame, RefusedLine } from "../src/channel/envelope.js";
import type { Fault } from "../src/channel/fault.js";
import { ownBuffer } from "../src/channel/own-buffer.js";
import type { SessionEnd } from "../src/channel/session-end.js";
import type { SessionLedger } from "../src/channel/session-ledger.js";
import type { DecodedFrame } from "./frame-decoder.js";

/** A batch is full at this much text: parsing it holds the main thread for well under a millisecond. */
const FULL_TEXT_BYTES = 64 * 1024;
/** A batch is full at this weight, large frames included. */
const FULL_WEIGHT = 512 * 1024;
/** Below this much unread data nothing is held back. */
const WINDOW_BYTES = 1024 * 1024;
/** What a queued message costs beside its bytes; without it a trickle of tiny frames would count as nothing. */
const BATCH_OVERHEAD_BYTES = 1024;

const COMMA = 0x2c;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const REFUSED_TEXT = Buffer.from("0");

/** What the outbox needs of its surroundings. */
export interface OutboxOptions {
  readonly port: MessagePort;
  readonly ledger: SessionLedger;
  readonly highWaterMark: number;
  /** Wakes a consumer that sleeps. */
  ring(): void;
  /** Pauses or resumes the source of frames. */
  pause(paused: boolean): void;
}

export class Outbox {
  readonly #options: OutboxOptions;
  readonly #window: number;
  #scratch = Buffer.allocUnsafeSlow(2 * FULL_TEXT_BYTES);
  #used = 0;
  #frames = 0;
  #weight = 0;
  #large: LargeFrame[] = [];
  #refused: RefusedLine[] = [];
  #transfers: ArrayBuffer[] = [];
  #paused = false;
  #discarding = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#window = Math.min(WINDOW_BYTES, options.highWaterMark / 2);
  }

  /** Adds a frame; its bytes are copied unless they are a large frame's own. */
  add(frame: DecodedFrame): void {
    if (this.#discarding) return;
    if (frame.large !== undefined) {
      const bytes = ownBuffer(frame.large.bytes);
      this.#large.push({ index: this.#frames, bytes, leaves: frame.large.leaves, mark: frame.large.mark });
      this.#transfers.push(bytes);
      this.#weight += bytes.byteLength;
    }
    this.#append(frame.text);
  }

  /** Adds a line that is no message, in its place among the frames. */
  refuse(fault: Fault, lineBytes: number): void {
    if (this.#discarding) return;
    this.#refused.push({ index: this.#frames, fault });
    this.#weight += lineBytes;
    this.#append(REFUSED_TEXT);
  }

  /** The current read is done: what it brought goes out, unless the consumer is behind anyway. */
  flush(): void {
    if (this.#frames === 0) return;
    const { ledger } = this.#options;
    if (
      ledger.unreadBytes > this.#window &&
      ledger.awaitCredit(this.#paused ? this.#resumeLevel : this.#window)
    )
      return;
    this.#post();
  }

  /** The main thread has read down to the level that was asked for. */
  credited(): void {
    const { ledger } = this.#options;
    if (this.#paused && ledger.unreadBytes <= this.#resumeLevel) this.#setPaused(false);
    this.flush();
  }

  /** Posts what is left and the end of the stream. Nothing can be added afterwards. */
  end(end: SessionEnd): void {
    this.#post(end);
    this.#discarding = true;
  }

  /** Nobody will read any more: drops everything from now on, and lets the child write on. */
  discard(): void {
    this.#discarding = true;
    this.#reset();
    if (this.#paused) this.#setPaused(false);
  }

  get #resumeLevel(): number {
    return this.#options.highWaterMark / 2;
  }

  #append(text: Buffer): void {
    this.#reserve(text.length + 2);
    this.#scratch[this.#used] = this.#frames === 0 ? OPEN_BRACKET : COMMA;
    this.#scratch.set(text, this.#used + 1);
    this.#used += text.length + 1;
    this.#weight += text.length;
    this.#frames += 1;
    if (this.#used >= FULL_TEXT_BYTES || this.#weight >= FULL_WEIGHT) this.#post();
  }

  #reserve(bytes: number): void {
    if (this.#used + bytes <= this.#scratch.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#used + bytes, 2 * this.#scratch.length));
    larger.set(this.#scratch.subarray(0, this.#used));
    this.#scratch = larger;
  }

  #post(end?: SessionEnd): void {
    const { port, ledger, highWaterMark, ring } = this.#options;
    if (this.#frames === 0) this.#scratch[this.#used++] = OPEN_BRACKET;
    this.#scratch[this.#used++] = CLOSE_BRACKET;
    const text = ownBuffer(this.#scratch.subarray(0, this.#used), "copy");
    const weight = this.#weight + BATCH_OVERHEAD_BYTES;
    const batch: FrameBatch = {
      text,
      weight,
      large: this.#large,
      refused: this.#refused,
      ...(end && { end }),
    };
    const transfers = [...this.#transfers, text];
    this.#reset();
    ledger.posted(weight);
    port.postMessage(batch, transfers);
    if (ledger.takeDoorbell()) ring();
    if (end === undefined && !this.#paused && ledger.unreadBytes > highWaterMark) {
      if (ledger.awaitCredit(this.#resumeLevel)) this.#setPaused(true);
    }
  }

  #reset(): void {
    if (this.#scratch.length > 4 * FULL_TEXT_BYTES)
      this.#scratch = Buffer.allocUnsafeSlow(2 * FULL_TEXT_BYTES);
    this.#used = 0;
    this.#frames = 0;
    this.#weight = 0;
    this.#large = [];
    this.#refused = [];
    this.#transfers = [];
  }

  #setPaused(paused: boolean): void {
    this.#paused = paused;
    const { ledger, pause } = this.#options;
    ledger.setPaused(paused);
    if (paused) ledger.count("pauses");
    pause(paused);
  }
}
