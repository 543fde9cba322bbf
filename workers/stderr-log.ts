/** The child's stderr: always drained, so that it never blocks, and the last of it kept. */

/** Kept for a reader who may come later; beyond it the oldest text goes. */
const KEPT_CHARS = 256 * 1024;
/** Kept for a reader who has come and is behind. */
const KEPT_FOR_READER_CHARS = 64 * 1024 * 1024;
/** Goes into errors as evidence. */
const TAIL_CHARS = 4 * 1024;

export class StderrLog {
  #pieces: string[] = [];
  /** The first piece that is kept. Dropped ones are cleared away in bulk: `shift()` moves all that are left. */
  #first = 0;
  /** Characters kept. */
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
    return this.#pieces.slice(this.#first).join("");
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
    this.#first = 0;
    this.#length = 0;
    return text;
  }

  #trim(): void {
    let excess = this.#length - this.#limit;
    for (; excess >= this.#oldest.length; this.#first++) {
      excess -= this.#oldest.length;
      this.#keepOfOldest("");
    }
    this.#keepOfOldest(wholeStart(this.#oldest.slice(excess)));
    if (this.#first > this.#pieces.length / 2) {
      this.#pieces = this.#pieces.slice(this.#first);
      this.#first = 0;
    }
  }

  get #oldest(): string {
    return this.#pieces[this.#first] ?? "";
  }

  #keepOfOldest(rest: string): void {
    this.#length -= this.#oldest.length - rest.length;
    this.#pieces[this.#first] = rest;
  }
}

/** A text that was cut must not begin with the second half of a character. */
function wholeStart(text: string): string {
  return /^[\udc00-\udfff]/.test(text) ? text.slice(1) : text;
}
