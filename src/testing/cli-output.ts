import { Socket } from "node:net";
import type { Writable } from "node:stream";

/** The stand-in's stdout: every write waits until the pipe has taken it. */
export class CliOutput {
  /** Bytes per write; undefined writes as it comes. */
  chunkBytes: number | undefined;
  lineEnding = "\n";
  readonly #stream: Writable;
  #tail: Promise<void> = Promise.resolve();

  constructor(stream: Writable) {
    this.#stream = stream;
    // The host has gone, or has closed its end; nobody is left to talk to.
    stream.on("error", () => process.exit(1));
  }

  /** A line of JSON. */
  line(json: string): Promise<void> {
    return this.write(Buffer.from(json + this.lineEnding));
  }

  /** Bytes as they are. Writes never interleave. */
  write(bytes: Uint8Array): Promise<void> {
    this.#tail = this.#tail.then(() => this.#writeNow(bytes));
    return this.#tail;
  }

  /** Closes the file descriptor, after everything written so far. */
  close(): Promise<void> {
    this.#tail = this.#tail.then(() => {
      this.#stream.destroy();
    });
    return this.#tail;
  }

  async #writeNow(bytes: Uint8Array): Promise<void> {
    if (this.#stream.destroyed) return;
    const size = this.chunkBytes;
    if (size === undefined) return this.#push(bytes);
    for (let start = 0; start < bytes.length; start += size) {
      await this.#push(bytes.subarray(start, start + size));
      // A turn of the loop, without which the reader would find several chunks in one read.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #push(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve) => {
      this.#stream.write(bytes, () => resolve());
    });
  }
}

/** A stream on stdout that `destroy()` really closes; `process.stdout` never closes its descriptor. */
export function openStdout(): Writable {
  try {
    return new Socket({ fd: 1, readable: false, writable: true });
  } catch {
    // Not a pipe: the program was started by hand, with a terminal or a file.
    return process.stdout;
  }
}
