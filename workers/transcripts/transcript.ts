/** An open transcript: its lines in order, and parts of it by their place. */

import { type FileHandle, open } from "node:fs/promises";
import { type ByteLine, byteLines } from "../../src/byte-lines.js";
import { type ClaudeError, DeserializationError, FrameTooLargeError } from "../../src/errors.js";
import { isPadding, type PlacedEntry, parseLine } from "./entries.js";
import { onFile } from "./file-failure.js";
import { throwIfStopped } from "./handover.js";

const CHUNK_BYTES = 256 * 1024;
/** What is kept of a damaged line. */
const HEAD_BYTES = 4 * 1024;
const PARENT_KEY = Buffer.from('"parentUuid"');
const CLOSE_BRACE = 0x7d;

/** A line of an open transcript. */
export type TranscriptLine =
  | { readonly entries: readonly PlacedEntry[] /** Place of the line in the file. */; readonly start: number }
  | { readonly fault: ClaudeError };

/**
 * Holds one file open. Whoever has opened it reads the same file to the end, even when it is replaced or deleted
 * meanwhile; what is added after the first reading is not seen.
 */
export class Transcript {
  readonly file: string;
  readonly #handle: FileHandle;
  readonly #stopped: AbortSignal;
  readonly #longest: number;
  #window: Buffer = Buffer.alloc(0);
  #windowStart = 0;

  private constructor(file: string, handle: FileHandle, longest: number, stopped: AbortSignal) {
    this.file = file;
    this.#handle = handle;
    this.#longest = longest;
    this.#stopped = stopped;
  }

  /** @throws the system's own error, which a caller knows better how to tell. */
  static async open(file: string, longest: number, stopped: AbortSignal): Promise<Transcript> {
    return new Transcript(file, await open(file, "r"), longest, stopped);
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }

  /**
   * All lines, those of a chunk at once. A line that names no parent is no part of a conversation: with `linked` it
   * is only looked at from outside, which is most of the speed.
   */
  async *lines({ linked }: { readonly linked: boolean }): AsyncGenerator<TranscriptLine[], void> {
    for await (const lines of byteLines(this.#chunks(), this.#longest)) {
      const read: TranscriptLine[] = [];
      for (const line of lines) read.push(...this.#lineOf(line, linked));
      yield read;
    }
  }

  /** Bytes by their place. Good for going through the file in order, since what lies around them is read as well. */
  async bytes(start: number, length: number): Promise<Buffer> {
    const from = start - this.#windowStart;
    if (from >= 0 && from + length <= this.#window.length) return this.#window.subarray(from, from + length);
    throwIfStopped(this.#stopped);
    this.#window = await this.#read(start, Math.max(length, CHUNK_BYTES));
    this.#windowStart = start;
    return this.#window.subarray(0, length);
  }

  #lineOf(line: ByteLine, linked: boolean): TranscriptLine[] {
    const { bytes, start, length, ended, tooLong } = line;
    if (tooLong) {
      const message = `Left out a line of ${length} bytes of ${this.file}: maxLineBytes is ${this.#longest}.`;
      const details = { frameBytes: length, maxFrameBytes: this.#longest, head: "" };
      return [{ fault: new FrameTooLargeError(message, details) }];
    }
    if (linked && !bytes.includes(PARENT_KEY)) {
      return !ended || looksWhole(bytes) ? [] : [{ fault: this.#damaged(line, "it is no JSON object") }];
    }
    const { entries, problem } = parseLine(bytes);
    // What nothing ends is just being written.
    if (problem === undefined || !ended) return [{ entries, start }];
    return [{ entries, start }, { fault: this.#damaged(line, problem) }];
  }

  #damaged({ bytes, start }: ByteLine, reason: string): ClaudeError {
    const message = `Left out the line at byte ${start} of ${this.file}: ${reason}. Its beginning is kept in rawLine.`;
    return new DeserializationError(message, { rawLine: bytes.toString("utf8", 0, HEAD_BYTES), reason });
  }

  async *#chunks(): AsyncGenerator<Buffer, void> {
    for (let at = 0; ; ) {
      throwIfStopped(this.#stopped);
      const chunk = await this.#read(at, CHUNK_BYTES);
      if (chunk.length === 0) return;
      at += chunk.length;
      yield chunk;
    }
  }

  /** Less than asked for only at the end of the file. */
  async #read(at: number, length: number): Promise<Buffer> {
    const buffer = Buffer.allocUnsafeSlow(length);
    let filled = 0;
    while (filled < length) {
      const { bytesRead } = await onFile(
        this.file,
        this.#handle.read(buffer, filled, length - filled, at + filled),
      );
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    return buffer.subarray(0, filled);
  }
}

/** True for what is closed like an object, and for nothing at all. */
function looksWhole(bytes: Buffer): boolean {
  let last = bytes.length - 1;
  while (last >= 0 && isPadding(bytes[last])) last -= 1;
  return last < 0 || bytes[last] === CLOSE_BRACE;
}
