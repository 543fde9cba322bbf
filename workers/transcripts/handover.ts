/**
 * The thread's end of a list: gathers items into batches and posts them. Few batches may lie unread, so that memory
 * stays bounded and a reader who leaves has had little read in vain.
 */

import type { MessagePort } from "node:worker_threads";
import type { LargeFrame } from "../../src/channel/envelope.js";
import { type Fault, toFault } from "../../src/channel/fault.js";
import type { TranscriptCommand, TranscriptNotice } from "../../src/channel/transcript-contract.js";
import { decodeLine } from "../../src/codec/frame-decoder.js";
import { AbortError, type ClaudeError } from "../../src/errors.js";
import { largeFrame } from "../outbox.js";

/** A batch is full at this much text: parsing it holds the main thread for well under a millisecond. */
const FULL_TEXT_CHARS = 64 * 1024;
/** A batch is full at this weight, large items included. */
const FULL_WEIGHT = 512 * 1024;
/** Items from this length on are looked through for parts that can stay bytes. */
const LARGE_CHARS = 8 * 1024;
/** One is read while the next is made. */
const MOST_UNREAD_BATCHES = 2;
/** Faults of a file that is no transcript could be without number. */
const MOST_FAULTS = 100;

export class Handover {
  readonly #port: MessagePort;
  readonly #stop = new AbortController();
  #texts: string[] = [];
  #chars = 0;
  #weight = 0;
  #large: LargeFrame[] = [];
  #faults: Fault[] = [];
  #unread = 0;
  #wake: () => void = () => {};

  constructor(port: MessagePort) {
    this.#port = port;
    port.on("message", (command: TranscriptCommand) => {
      if (command.kind === "taken") this.#unread -= 1;
      else this.#end();
      this.#wake();
    });
    port.on("close", () => this.#end());
  }

  /** Fires when nobody wants the rest. */
  get stopped(): AbortSignal {
    return this.#stop.signal;
  }

  /** Adds an item; waits while the reader is behind. @throws AbortError when nobody wants it. */
  async add(item: object): Promise<void> {
    const text = JSON.stringify(item);
    this.#append(text, text.length < LARGE_CHARS ? undefined : Buffer.from(text));
    if (this.#chars >= FULL_TEXT_CHARS || this.#weight >= FULL_WEIGHT) await this.#post();
  }

  /** Tells of a line that is left out. */
  async fault(error: ClaudeError): Promise<void> {
    this.#faults.push(toFault(error));
    if (this.#faults.length >= MOST_FAULTS) await this.#post();
  }

  /** A read is done: what it brought goes out if the reader has nothing else. */
  async flush(): Promise<void> {
    if (this.#unread === 0) await this.#post();
  }

  /** Posts what is left. */
  async finish(): Promise<void> {
    await this.#post();
  }

  #append(text: string, bytes: Buffer | undefined): void {
    const decoded = bytes === undefined ? undefined : decodeLine(bytes, true);
    const frame = decoded !== undefined && "frames" in decoded ? decoded.frames[0] : undefined;
    if (frame?.large !== undefined) this.#large.push(largeFrame(this.#texts.length, frame.large));
    const rest = frame?.text ?? text;
    this.#texts.push(rest);
    this.#chars += rest.length;
    this.#weight += bytes?.length ?? text.length;
  }

  async #post(): Promise<void> {
    while (this.#unread >= MOST_UNREAD_BATCHES && !this.stopped.aborted) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    throwIfStopped(this.stopped);
    if (this.#texts.length === 0 && this.#faults.length === 0) return;
    const batch: TranscriptNotice = {
      kind: "batch",
      text: `[${this.#texts.join(",")}]`,
      large: this.#large,
      faults: this.#faults,
    };
    const transfers = this.#large.map(({ bytes }) => bytes);
    this.#texts = [];
    this.#chars = 0;
    this.#weight = 0;
    this.#large = [];
    this.#faults = [];
    this.#unread += 1;
    this.#port.postMessage(batch, transfers);
  }

  #end(): void {
    this.#stop.abort();
    this.#wake();
  }
}

/** @throws AbortError; its caller is gone, so nobody reads the message. */
export function throwIfStopped(stopped: AbortSignal): void {
  if (stopped.aborted) throw new AbortError("The call was stopped.");
}
