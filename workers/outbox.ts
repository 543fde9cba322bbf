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
import { ENTRY_BREAK, type FrameBatch, type LargeFrame, type RefusedLine } from "../src/channel/envelope.js";
import type { Fault } from "../src/channel/fault.js";
import { ownBuffer } from "../src/channel/own-buffer.js";
import type { SessionEnd } from "../src/channel/session-end.js";
import type { SessionLedger } from "../src/channel/session-ledger.js";
import type { DecodedFrame } from "../src/codec/frame-decoder.js";

/**
 * The most text of a batch; only a single entry may be longer. Parsing it holds the main thread for a quarter of a
 * millisecond. Strings of 128 KiB, which is 64 Ki characters unless all are Latin-1, V8 gives pages of their own, on both
 * sides: that took 0.6 us more per small frame.
 */
const MOST_TEXT_CHARS = 40 * 1024;
/** A batch is full at this weight, large frames included. */
const FULL_WEIGHT = 512 * 1024;
/** Below this much unread data nothing is held back. */
const WINDOW_BYTES = 1024 * 1024;
/** What a queued message costs beside its bytes; without it a trickle of tiny frames would count as nothing. */
const BATCH_OVERHEAD_BYTES = 1024;

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
  #texts: string[] = [];
  #chars = 0;
  #weight = 0;
  #entries = 0;
  /** Whether some of the entries were not checked. */
  #unchecked = false;
  #large: LargeFrame[] = [];
  #refused: RefusedLine[] = [];
  #transfers: ArrayBuffer[] = [];
  #paused = false;
  #discarding = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#window = Math.min(WINDOW_BYTES, options.highWaterMark / 2);
  }

  /** Adds a frame. */
  add(frame: DecodedFrame): void {
    if (this.#discarding) return;
    this.#makeRoom(frame.text, frame.large !== undefined && this.#unchecked);
    if (frame.large !== undefined) {
      const large = largeFrame(this.#entries, frame.large);
      this.#large.push(large);
      this.#transfers.push(large.bytes);
    }
    this.#append(frame.text, frame.byteLength);
  }

  /** Adds lines that were not looked into, with line feeds between them. */
  addLines(text: string, lines: number, weight: number): void {
    if (this.#discarding) return;
    this.#makeRoom(text, this.#large.length + this.#refused.length > 0);
    this.#unchecked = true;
    this.#append(text.replaceAll("\n", ENTRY_BREAK), weight, lines);
  }

  /** Adds a line that is no message, in its place among the frames. */
  refuse(fault: Fault, lineBytes: number): void {
    if (this.#discarding) return;
    this.#makeRoom("0", this.#unchecked);
    this.#refused.push({ index: this.#entries, fault });
    this.#append("0", lineBytes);
  }

  /** The current read is done: what it brought goes out, unless the consumer is behind anyway. */
  flush(): void {
    if (this.#entries === 0) return;
    if (!this.#consumerIsBehind()) this.#post();
  }

  /** The main thread has read down to the level that was asked for. */
  credited(): void {
    this.#resumeIfRead();
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
    return Math.floor(this.#options.highWaterMark / 2);
  }

  /** True when there is unread data enough, and the main thread will tell when it has been read. */
  #consumerIsBehind(): boolean {
    this.#resumeIfRead();
    if (this.#paused) return true;
    const { ledger } = this.#options;
    return ledger.unreadBytes > this.#window && ledger.awaitCredit(this.#window);
  }

  /** The reader may have caught up just before it was asked to tell; then nobody will. */
  #resumeIfRead(): void {
    if (this.#paused && !this.#options.ledger.awaitCredit(this.#resumeLevel)) this.#setPaused(false);
  }

  /** Posts what is there if this text would be too much, or may not lie beside it. */
  #makeRoom(text: string, mustBeAlone: boolean): void {
    if (this.#entries === 0) return;
    if (mustBeAlone || this.#chars + text.length > MOST_TEXT_CHARS) this.#post();
  }

  #append(text: string, weight: number, entries = 1): void {
    this.#texts.push(text);
    this.#entries += entries;
    this.#chars += text.length;
    this.#weight += weight;
    if (this.#weight >= FULL_WEIGHT) this.#post();
  }

  #post(end?: SessionEnd): void {
    const { port, ledger, highWaterMark, ring } = this.#options;
    const text = `[${this.#texts.join(ENTRY_BREAK)}]`;
    const weight = this.#weight + BATCH_OVERHEAD_BYTES;
    const batch: FrameBatch = {
      text,
      weight,
      large: this.#large,
      refused: this.#refused,
      ...(this.#unchecked && { unchecked: this.#entries }),
      ...(end && { end }),
    };
    const transfers = this.#transfers;
    this.#reset();
    ledger.posted(weight);
    port.postMessage(batch, transfers);
    if (ledger.takeDoorbell()) ring();
    if (end === undefined && !this.#paused && ledger.unreadBytes > highWaterMark) {
      if (ledger.awaitCredit(this.#resumeLevel)) this.#setPaused(true);
    }
  }

  #reset(): void {
    this.#texts = [];
    this.#entries = 0;
    this.#unchecked = false;
    this.#chars = 0;
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

/** A decoded frame's large part, ready to be transferred. */
export function largeFrame(index: number, large: NonNullable<DecodedFrame["large"]>): LargeFrame {
  return { index, bytes: ownBuffer(large.bytes), leaves: large.leaves, mark: large.mark };
}
