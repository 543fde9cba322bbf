/** The child's stderr: always drained, the last of it kept. */

/** Kept for a reader who may come later; beyond it the oldest text goes. */
const KEPT_CHARS = 256 * 1024;
/** Goes into errors as evidence. */
const TAIL_CHARS = 4 * 1024;

export class StderrLog {
  #unread = "";
  #tail = "";
  #ended = false;
  #wake: (() => void) | undefined;

  push(text: string): void {
    this.#tail = (this.#tail + text).slice(-TAIL_CHARS);
    this.#unread = (this.#unread + text).slice(-KEPT_CHARS);
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
    return this.#unread;
  }

  /** What came since the last read; waits for something to come, and is null once all has been read. */
  async read(): Promise<string | null> {
    while (this.#unread === "") {
      if (this.#ended) return null;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const text = this.#unread;
    this.#unread = "";
    return text;
  }
}
