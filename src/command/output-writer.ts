import type { Writable } from "node:stream";

/**
 * The command's stdout. A reader that goes away (`| head -1`) is an end, not a failure: it fires {@link gone}, and
 * later writes are dropped.
 */
export class OutputWriter {
  readonly #stream: Writable;
  readonly #gone = new AbortController();
  #failure: Error | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") this.#failure ??= error;
      this.#gone.abort(error);
    });
  }

  /** Fires when nothing more can be written. */
  get gone(): AbortSignal {
    return this.#gone.signal;
  }

  /** Why, when it is not that the reader went away: a full disk, for example. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Writes, and waits while the reader is behind. */
  async write(text: string): Promise<void> {
    if (text === "" || this.gone.aborted || this.#stream.write(text)) return;
    await new Promise<void>((resolve) => {
      const done = (): void => {
        this.#stream.removeListener("drain", done);
        this.gone.removeEventListener("abort", done);
        resolve();
      };
      this.#stream.once("drain", done);
      this.gone.addEventListener("abort", done, { once: true });
    });
  }
}
