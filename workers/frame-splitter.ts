/** Cuts a byte stream into lines. It knows nothing of JSON: a frame is what lies between two newlines. */

/** What a splitter tells, in the order of the stream. */
export interface FrameSink {
  /**
   * A line without its newline: a view on a read chunk, or, where it was cut by chunks, all of a buffer of its own,
   * which may then be transferred.
   */
  frame(bytes: Buffer): void;
  /**
   * Short lines that lie behind each other in a read chunk: one view on some or all of them, with the newlines between
   * them, and where each ends. Without this method they come one by one.
   */
  run?(bytes: Buffer, ends: readonly number[]): void;
  /** A line longer than the limit has ended; it was not held. */
  oversized(frameBytes: number, head: string): void;
}

const NEWLINE = 0x0a;
const HEAD_BYTES = 256;
/** Where a run is cut; only a single line may be longer. Text of twice as much gets pages of its own from V8. */
const MOST_RUN_BYTES = 32 * 1024;

/**
 * Collects chunks of an unfinished line in a list and joins them once: joining at every chunk makes a long line
 * quadratic (590 ms against 8 ms for 10 MB).
 */
export class FrameSplitter {
  readonly #maxFrameBytes: number;
  readonly #sink: FrameSink;
  readonly #shortBytes: number;
  #chunks: Buffer[] = [];
  #length = 0;
  /** Set while the current line is over the limit: its first bytes, all that is kept of it. */
  #skippedHead: Buffer | undefined;

  /** @param shortBytes lines of fewer bytes are short */
  constructor(maxFrameBytes: number, sink: FrameSink, shortBytes = 0) {
    this.#maxFrameBytes = maxFrameBytes;
    this.#sink = sink;
    this.#shortBytes = sink.run === undefined ? 0 : Math.min(shortBytes, maxFrameBytes);
  }

  push(chunk: Buffer): void {
    let start = 0;
    let runStart = 0;
    let ends: number[] = [];
    const endRun = (): void => {
      const last = ends[ends.length - 1];
      if (last === undefined) return;
      const run = chunk.subarray(runStart, runStart + last);
      if (ends.length === 1) this.#finish(run);
      else this.#sink.run?.(run, ends);
      ends = [];
    };
    for (;;) {
      const newline = chunk.indexOf(NEWLINE, start);
      if (newline === -1) break;
      if (newline - start < this.#shortBytes && this.#length === 0) {
        if (newline - runStart > MOST_RUN_BYTES) endRun();
        if (ends.length === 0) runStart = start;
        ends.push(newline - runStart);
      } else {
        endRun();
        this.#finish(chunk.subarray(start, newline));
      }
      start = newline + 1;
    }
    endRun();
    if (start < chunk.length) this.#collect(chunk.subarray(start));
  }

  /** The stream has ended: a last line without a newline counts as a line. */
  end(): void {
    if (this.#length > 0) this.#finish(Buffer.alloc(0));
  }

  #collect(part: Buffer): void {
    this.#length += part.length;
    if (this.#skippedHead !== undefined) return;
    this.#chunks.push(part);
    if (this.#length > this.#maxFrameBytes) {
      this.#skippedHead = Buffer.concat(
        this.#chunks.slice(0, HEAD_BYTES),
        Math.min(this.#length, HEAD_BYTES),
      );
      this.#chunks = [];
    }
  }

  #finish(last: Buffer): void {
    if (this.#length === 0 && last.length <= this.#maxFrameBytes) {
      if (last.length > 0) this.#sink.frame(last);
      return;
    }
    if (last.length > 0) this.#collect(last);
    const chunks = this.#chunks;
    const length = this.#length;
    const head = this.#skippedHead;
    this.#chunks = [];
    this.#length = 0;
    this.#skippedHead = undefined;
    if (head !== undefined) this.#sink.oversized(length, head.toString("utf8"));
    else this.#sink.frame(join(chunks, length));
  }
}

/** Like Buffer.concat, but never from the shared pool: the result's buffer can be transferred. */
function join(chunks: readonly Buffer[], length: number): Buffer {
  const joined = Buffer.allocUnsafeSlow(length);
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}
