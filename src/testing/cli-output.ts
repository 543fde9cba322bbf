import { closeSync } from "node:fs";
import { Socket } from "node:net";
import type { Writable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";

/** The stand-in's stdout: every write waits until the pipe has taken it. */
export class CliOutput {
  /** Cuts writes into chunks with a pause between them; undefined writes as it comes. */
  chunks: { readonly bytes: number; readonly pauseMs: number } | undefined;
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

  /** Resolves when everything written so far has been taken. */
  flushed(): Promise<void> {
    return this.#tail;
  }

  /** Closes the file descriptor, after everything written so far. */
  close(): Promise<void> {
    this.#tail = this.#tail.then(() => {
      if (this.#stream.destroyed) return;
      this.#stream.destroy();
      // libuv leaves the descriptors of stdin, stdout and stderr open.
      closeSync(1);
    });
    return this.#tail;
  }

  async #writeNow(bytes: Uint8Array): Promise<void> {
    if (this.#stream.destroyed) return;
    const { chunks } = this;
    if (chunks === undefined) return this.#push(bytes);
    for (let start = 0; start < bytes.length; start += chunks.bytes) {
      await this.#push(bytes.subarray(start, start + chunks.bytes));
      if (chunks.pauseMs > 0) await delay(chunks.pauseMs);
      // At least a turn of the loop, or the chunks would go out as one.
      else await new Promise((resolve) => setImmediate(resolve));
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
