/** Writes lines to the child, one after the other, each within a time. */

import { type ConnectionClosedError, TimeoutError, WriteError } from "../src/errors.js";

/** What the writer needs of the session around it. */
export interface LineWriterOptions {
  /** Milliseconds that the child may take to read a line. */
  readonly timeoutMs: number;
  /** Hands a line to the child's pipe; settles when it has been taken. */
  write(line: string): Promise<void>;
  /** Settles when the child is gone, with the error for whatever still waits. */
  readonly closed: Promise<ConnectionClosedError>;
}

/** How long a broken pipe is given to turn out as the child's exit. */
const EXIT_SOON_MS = 1_000;

export class LineWriter {
  readonly #options: LineWriterOptions;
  /** Ends the writes that the child has not taken yet. */
  readonly #writing = new Set<(error: Error) => void>();
  #lastWrite: Promise<unknown> = Promise.resolve();
  #closed: ConnectionClosedError | undefined;

  constructor(options: LineWriterOptions) {
    this.#options = options;
    void options.closed.then((error) => {
      this.#closed = error;
      for (const giveUp of this.#writing) giveUp(error);
    });
  }

  /**
   * A child that has stopped reading must not hold a caller for ever; neither must one that is gone. Lines wait for
   * each other, so that those whose callers have given up can be taken back instead of piling up in the pipe.
   */
  async write(line: string): Promise<void> {
    if (this.#closed !== undefined) throw this.#closed;
    const timeoutMs = this.#options.timeoutMs;
    let giveUp: (error: Error) => void = () => {};
    // Emptied when the line is taken back: what waits behind it would keep it alive.
    let waiting: string | undefined = line;
    const stuck = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    const timer = setTimeout(() => {
      const unsent = waiting !== undefined;
      waiting = undefined;
      const fate = unsent ? "the line was taken back" : "the line stays queued";
      const message = `The child has not read its input for ${timeoutMs} ms; ${fate}.`;
      giveUp(new TimeoutError(message, { timeoutMs, ...(unsent && { unsent }) }));
    }, timeoutMs);
    this.#writing.add(giveUp);
    const written = this.#lastWrite.then(() => {
      const mine = waiting;
      waiting = undefined;
      return mine === undefined ? undefined : this.#options.write(mine);
    });
    this.#lastWrite = written.catch(() => {});
    try {
      await Promise.race([written, stuck]);
    } catch (error) {
      // A broken pipe is usually the child's end, which says more; it is told a moment later.
      throw error instanceof WriteError ? await this.#exitReason(error) : error;
    } finally {
      clearTimeout(timer);
      this.#writing.delete(giveUp);
    }
  }

  #exitReason(error: WriteError): Promise<Error> {
    const exitSoon = new Promise<Error>((resolve) => setTimeout(() => resolve(error), EXIT_SOON_MS));
    return Promise.race([this.#options.closed, exitSoon]);
  }
}
