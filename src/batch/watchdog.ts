/** Ends an attempt that takes too long or says nothing. */

import { Silence } from "../client/silence.js";
import type { BatchError } from "./batch-outcome.js";
import { batchError } from "./failure.js";

/** What is watched, and how long it may take. */
export interface Watched {
  readonly timeoutMs: number;
  readonly stallMs: number;
  /** Bytes that the process has written: while they grow it is alive, whoever the frames are for. */
  bytesWritten(): number;
  readonly signal: AbortSignal;
}

/** How often within `stallMs` the process is looked at. */
const LOOKS_PER_STALL = 4;

export class Watchdog {
  /** Settles with the reason to end the attempt; never when it is called off before. */
  readonly barked: Promise<BatchError>;
  readonly #deadline: NodeJS.Timeout;
  readonly #looks: NodeJS.Timeout;
  readonly #signal: AbortSignal;
  readonly #onAbort: () => void;

  constructor({ timeoutMs, stallMs, bytesWritten, signal }: Watched) {
    let bark: (error: BatchError) => void = () => {};
    this.barked = new Promise((resolve) => {
      bark = resolve;
    });
    this.#signal = signal;
    this.#onAbort = () =>
      bark(batchError("aborted", "ABORTED", "The batch was stopped while the prompt ran."));
    signal.addEventListener("abort", this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
    this.#deadline = setTimeout(() => {
      const message = `The prompt was not answered within ${timeoutMs} ms; its process was ended.`;
      bark(batchError("timeout", "TIMEOUT", message));
    }, timeoutMs);
    const silence = new Silence(bytesWritten);
    this.#looks = setInterval(
      () => {
        if (silence.lasted() < stallMs) return;
        const message = `The process said nothing for ${stallMs} ms and was ended.`;
        bark(batchError("stalled", "TIMEOUT", message));
      },
      Math.max(1, stallMs / LOOKS_PER_STALL),
    );
  }

  callOff(): void {
    clearTimeout(this.#deadline);
    clearInterval(this.#looks);
    this.#signal.removeEventListener("abort", this.#onAbort);
  }
}
