/** The child's stderr: always drained, so that it never blocks, and the last of it kept. */

/** Kept for a reader who may come later; beyond it the oldest text goes. */
const KEPT_CHARS = 256 * 1024;
/** Kept for a reader who has come and is behind. */
const KEPT_FOR_READER_CHARS = 64 * 1024 * 1024;
/** Goes into errors as evidence. */
const TAIL_CHARS = 4 * 1024;

export class StderrLog {
  #pieces: string[] = [];
  #length = 0;
  #tail = "";
  #ended = false;
  #limit = KEPT_CHARS;
  #wake: (() => void) | undefined;

  push(text: string): void {
    this.#tail = wholeStart((this.#tail + text).slice(-TAIL_CHARS));
    this.#pieces.push(text);
    this.#length += text.length;
    if (this.#length > this.#limit) this.#trim();
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#wake?.();
  }

  get tail(): string {
    return this.#tail;
  }

  get unread(): string {
    return this.#pieces.join("");
  }

  /** What came since the last read; waits for something to come, and is null once all has been read. */
  async read(): Promise<string | null> {
    this.#limit = KEPT_FOR_READER_CHARS;
    while (this.#length === 0) {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const text = this.unread;
    this.#pieces = [];
    this.#length = 0;
    return text;
  }

  #trim(): void {
    while (this.#length > this.#limit) this.#dropOldest();
    const [oldest = ""] = this.#pieces;
    this.#pieces[0] = wholeStart(oldest);
    this.#length -= oldest.length - wholeStart(oldest).length;
  }

  #dropOldest(): void {
    const excess = this.#length - this.#limit;
    const [oldest = ""] = this.#pieces;
    if (oldest.length <= excess) this.#pieces.shift();
    else this.#pieces[0] = oldest.slice(excess);
    this.#length -= Math.min(oldest.length, excess);
  }
}

/** A text that was cut must not begin with the second half of a character. */
function wholeStart(text: string): string {
  return /^[\udc00-\udfff]/.test(text) ? text.slice(1) : text;
}
