/** Reads a batch's input one prompt at a time, and gives each its id. */

import { InvalidArgumentError } from "../errors.js";
import { milliseconds } from "../options.js";
import type { BatchInput, BatchPrompt } from "./batch-prompt.js";
import { IdTable } from "./id-table.js";

/** An entry of the input; `problem` tells why it cannot be run. */
export interface InputEntry {
  readonly index: number;
  readonly id: string;
  readonly prompt: BatchPrompt;
  readonly problem?: string;
}

export class InputReader {
  readonly #iterator: Iterator<unknown> | AsyncIterator<unknown>;
  /** Ids that the input has named. */
  readonly #named = new IdTable();
  /** Entries without an id of their own, as runs of positions: an input that names none needs no memory for them. */
  readonly #unnamed = new PositionRuns();
  #count = 0;
  #reading = false;
  #closed = false;

  constructor(input: BatchInput) {
    this.#iterator = Symbol.asyncIterator in input ? input[Symbol.asyncIterator]() : input[Symbol.iterator]();
  }

  /** How many entries have been read. */
  get count(): number {
    return this.#count;
  }

  /**
   * The next entry, undefined at the end.
   * @throws whatever the input throws
   */
  async next(): Promise<InputEntry | undefined> {
    this.#reading = true;
    try {
      const { done, value } = await this.#iterator.next();
      return done === true ? undefined : this.#entry(value);
    } finally {
      this.#reading = false;
      if (this.#closed) void this.#return();
    }
  }

  /** Tells the input that no more is wanted, once it has given what it was asked for; it may never do so. */
  close(): void {
    this.#closed = true;
    if (!this.#reading) void this.#return();
  }

  async #return(): Promise<void> {
    try {
      await this.#iterator.return?.();
    } catch {
      // Nobody wants anything of it any more.
    }
  }

  #entry(value: unknown): InputEntry {
    const index = this.#count;
    this.#count += 1;
    const prompt = promptOf(value);
    const given: unknown = prompt.id;
    const named = typeof given === "string" && given !== "";
    const id = named ? given : String(index);
    const entry = { index, id, prompt };
    const taken = this.#claim(id, named, index);
    const problem = problemOf(prompt) ?? taken;
    return problem === undefined ? entry : { ...entry, problem };
  }

  #claim(id: string, named: boolean, index: number): string | undefined {
    const position = /^(0|[1-9]\d*)$/.test(id) ? Number(id) : -1;
    if (this.#named.get(id) !== undefined || this.#unnamed.has(position))
      return `The id ${JSON.stringify(id)} is used twice; ids must be unique within a batch.`;
    if (named) this.#named.set(id, SEEN);
    else this.#unnamed.add(index);
    return undefined;
  }
}

/** What is kept of a named id: that it was there. */
const SEEN = { digest: "", state: "pending", checked: true, taken: true } as const;

/** Positions that are added in ascending order, in the memory of their runs. */
class PositionRuns {
  readonly #runs: { readonly from: number; to: number }[] = [];

  add(position: number): void {
    const last = this.#runs.at(-1);
    if (last?.to === position - 1) last.to = position;
    else this.#runs.push({ from: position, to: position });
  }

  has(position: number): boolean {
    let low = 0;
    for (let high = this.#runs.length; low < high; ) {
      const middle = (low + high) >>> 1;
      if ((this.#runs[middle]?.to ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return (this.#runs[low]?.from ?? Number.POSITIVE_INFINITY) <= position;
  }
}

function promptOf(value: unknown): BatchPrompt {
  if (typeof value === "object" && value !== null) return value as BatchPrompt;
  return { prompt: value as string };
}

function problemOf({ id, prompt, timeoutMs }: BatchPrompt): string | undefined {
  if (id !== undefined && (typeof id !== "string" || id === ""))
    return "An id must be a text that is not empty.";
  const isPrompt =
    typeof prompt === "string" ? prompt.trim() !== "" : Array.isArray(prompt) && prompt.length > 0;
  if (!isPrompt) return "A prompt must be a text or a list of content blocks, and not empty.";
  if (timeoutMs === undefined) return undefined;
  try {
    milliseconds("timeoutMs", timeoutMs);
    return undefined;
  } catch (error) {
    return error instanceof InvalidArgumentError ? error.message : String(error);
  }
}
