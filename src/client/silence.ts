/** How long a child has written nothing. */

export class Silence {
  readonly #bytesWritten: () => number;
  #bytes: number;
  #since = performance.now();

  /** @param bytesWritten counts up while the child writes, also while this thread is blocked. */
  constructor(bytesWritten: () => number) {
    this.#bytesWritten = bytesWritten;
    this.#bytes = bytesWritten();
  }

  /** Milliseconds since a call of this first saw what is still the last byte. */
  lasted(): number {
    const bytes = this.#bytesWritten();
    if (bytes !== this.#bytes) this.restart();
    this.#bytes = bytes;
    return performance.now() - this.#since;
  }

  /** What has been until now does not count. */
  restart(): void {
    this.#since = performance.now();
  }
}
