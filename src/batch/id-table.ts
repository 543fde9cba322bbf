import { createHash } from "node:crypto";

/** What is known of a prompt by its id. */
export interface KnownPrompt {
  /** Sixteen hexadecimal digits, see `promptDigest`. */
  readonly digest: string;
  readonly state: PromptState;
  /** Seen in the pass over the input that checks it. */
  readonly checked: boolean;
  /** Handed out in the pass over the input that runs it. */
  readonly taken: boolean;
}

/** Not recorded yet, or how its recorded outcome was. */
export type PromptState = "pending" | "succeeded" | "failed";

const STATES: readonly PromptState[] = ["pending", "succeeded", "failed"];

/** Numbers of 32 bits per slot: three for the id and the flags, two for the digest. */
const WORDS = 5;
const FLAG_BITS = 0xf;
const CHECKED = 0b100;
const TAKEN = 0b1000;
const SHARDS = 64;
const FIRST_SLOTS = 16;
const FULLEST = 0.8;

/**
 * Remembers prompts by id, in 25 to 38 bytes each and outside the JS heap: ten million take about 300 MB, where a
 * Map of strings would take more than a gigabyte and be walked at every garbage collection. Ids are kept as 92 bits
 * of their SHA-256: among ten million, two of them meet with a probability of about 10^-14.
 */
export class IdTable {
  readonly #shards = Array.from({ length: SHARDS }, () => new Shard());

  /** How many prompts are remembered. */
  get size(): number {
    return this.#shards.reduce((sum, { size }) => sum + size, 0);
  }

  /** What is known under this id. */
  get(id: string): KnownPrompt | undefined {
    const key = keyOf(id);
    return this.#shardOf(key).get(key);
  }

  /** Remembers it, in place of what was known. */
  set(id: string, known: KnownPrompt): void {
    const key = keyOf(id);
    this.#shardOf(key).set(key, known);
  }

  #shardOf(key: Buffer): Shard {
    const shard = this.#shards[(key[11] ?? 0) % SHARDS];
    if (shard === undefined) throw new RangeError("no such shard");
    return shard;
  }
}

/** A part of the table that grows on its own, so that growing never doubles the whole. Linear probing. */
class Shard {
  #words = new Uint32Array(FIRST_SLOTS * WORDS);
  #slots = FIRST_SLOTS;
  size = 0;

  get(key: Buffer): KnownPrompt | undefined {
    const at = this.#find(key.readUInt32LE(0), key.readUInt32LE(4), idPart(key));
    const flags = this.#word(at + 2) & FLAG_BITS;
    if (flags === 0) return undefined;
    const digest = hex(this.#word(at + 3)) + hex(this.#word(at + 4));
    const state = STATES[(flags & 0b11) - 1] ?? "pending";
    return { digest, state, checked: (flags & CHECKED) !== 0, taken: (flags & TAKEN) !== 0 };
  }

  set(key: Buffer, { digest, state, checked, taken }: KnownPrompt): void {
    let at = this.#find(key.readUInt32LE(0), key.readUInt32LE(4), idPart(key));
    if (this.#word(at + 2) === 0) {
      if (this.size + 1 > this.#slots * FULLEST) {
        this.#grow();
        at = this.#find(key.readUInt32LE(0), key.readUInt32LE(4), idPart(key));
      }
      this.size += 1;
    }
    const flags = (STATES.indexOf(state) + 1) | (checked ? CHECKED : 0) | (taken ? TAKEN : 0);
    this.#words[at] = key.readUInt32LE(0);
    this.#words[at + 1] = key.readUInt32LE(4);
    this.#words[at + 2] = idPart(key) | flags;
    this.#words[at + 3] = Number.parseInt(digest.slice(0, 8), 16);
    this.#words[at + 4] = Number.parseInt(digest.slice(8, 16), 16);
  }

  /** Where the id is, or where it would go. */
  #find(first: number, second: number, third: number): number {
    for (let slot = first % this.#slots; ; slot = (slot + 1) % this.#slots) {
      const at = slot * WORDS;
      const flagged = this.#word(at + 2);
      if (flagged === 0) return at;
      const same = this.#word(at) === first && this.#word(at + 1) === second;
      if (same && (flagged & ~FLAG_BITS) >>> 0 === third) return at;
    }
  }

  #grow(): void {
    const before = this.#words;
    this.#slots = Math.ceil(this.#slots * 1.5);
    this.#words = new Uint32Array(this.#slots * WORDS);
    for (let from = 0; from < before.length; from += WORDS) {
      const [first = 0, second = 0, flagged = 0] = before.subarray(from, from + 3);
      if (flagged === 0) continue;
      const at = this.#find(first, second, (flagged & ~FLAG_BITS) >>> 0);
      this.#words.set(before.subarray(from, from + WORDS), at);
    }
  }

  #word(at: number): number {
    return this.#words[at] ?? 0;
  }
}

function keyOf(id: string): Buffer {
  return createHash("sha256").update(id).digest();
}

function idPart(key: Buffer): number {
  return (key.readUInt32LE(8) & ~FLAG_BITS) >>> 0;
}

function hex(word: number): string {
  return word.toString(16).padStart(8, "0");
}
