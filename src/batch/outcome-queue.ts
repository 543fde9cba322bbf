/** Outcomes between the batch and its reader, in the order that was asked for. */

import type { BatchOutcome } from "./batch-outcome.js";

type Next = IteratorResult<BatchOutcome, undefined>;

interface Reader {
  readonly resolve: (next: Next) => void;
  readonly reject: (error: unknown) => void;
}

export class OutcomeQueue {
  readonly #inOrder: boolean;
  /** Outcomes that may be read. */
  readonly #ready: BatchOutcome[] = [];
  /** Outcomes that wait for an earlier one. */
  readonly #early = new Map<number, BatchOutcome>();
  #nextIndex = 0;
  readonly #readers: Reader[] = [];
  #end: { readonly error?: unknown } | undefined;
  #read = 0;
  #abandoned = false;

  constructor(order: "completion" | "input") {
    this.#inOrder = order === "input";
  }

  /** How many outcomes have been read. */
  get read(): number {
    return this.#read;
  }

  push(outcome: BatchOutcome): void {
    if (this.#abandoned) return;
    if (!this.#inOrder) {
      this.#ready.push(outcome);
    } else {
      this.#early.set(outcome.index, outcome);
      for (let next = this.#takeEarly(); next !== undefined; next = this.#takeEarly()) this.#ready.push(next);
    }
    this.#serve();
  }

  /** Nothing will be pushed any more; what is there can still be read, and then `error` is thrown if there is one. */
  close(end: { readonly error?: unknown }): void {
    this.#end ??= end;
    this.#serve();
  }

  /** The reader has left: what is there and what still comes is nobody's. */
  abandon(): void {
    this.#abandoned = true;
    this.#ready.length = 0;
    this.#early.clear();
    this.close({});
  }

  /** The next outcome; done at the end. Reading may be ahead of the batch. */
  next(): Promise<Next> {
    return new Promise((resolve, reject) => {
      this.#readers.push({ resolve, reject });
      this.#serve();
    });
  }

  #takeEarly(): BatchOutcome | undefined {
    const next = this.#early.get(this.#nextIndex);
    if (next !== undefined) this.#early.delete(this.#nextIndex++);
    return next;
  }

  #serve(): void {
    while (this.#readers.length > 0) {
      const value = this.#ready.shift();
      if (value === undefined && this.#end === undefined) return;
      const reader = this.#readers.shift();
      if (value !== undefined) {
        this.#read += 1;
        reader?.resolve({ done: false, value });
      } else if (this.#end !== undefined && "error" in this.#end) {
        const { error } = this.#end;
        this.#end = {};
        reader?.reject(error);
      } else {
        reader?.resolve({ done: true, value: undefined });
      }
    }
  }
}
