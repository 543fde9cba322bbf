/** Ids of which something may still be heard. A CLI that never mentions them again must not make this grow for ever. */

const MOST = 1_024;

export class RecentIds {
  readonly #ids = new Set<string>();

  add(id: string): void {
    this.#ids.add(id);
    const [oldest] = this.#ids;
    if (this.#ids.size > MOST && oldest !== undefined) this.#ids.delete(oldest);
  }

  /** True when the id was there. */
  delete(id: string): boolean {
    return this.#ids.delete(id);
  }
}
