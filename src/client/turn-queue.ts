/** One at a time: whoever comes later waits in order. */

import type { Deadline } from "./deadline.js";

export class TurnQueue {
  #tail: Promise<void> = Promise.resolve();
  #inside = 0;

  /** True when nobody is in and nobody waits. */
  get idle(): boolean {
    return this.#inside === 0;
  }

  /**
   * Waits for all who came earlier; the returned function lets the next one in.
   * @throws the deadline's error when it comes first.
   */
  async enter(deadline: Deadline): Promise<() => void> {
    const before = this.#tail;
    const wasIdle = this.idle;
    let next: () => void = () => {};
    this.#tail = new Promise<void>((resolve) => {
      next = resolve;
    });
    this.#inside += 1;
    let left = false;
    const leave = (): void => {
      if (left) return;
      left = true;
      this.#inside -= 1;
      next();
    };
    if (wasIdle && deadline.error === undefined) return leave;
    try {
      await deadline.race(before);
      if (deadline.error !== undefined) throw deadline.error;
      return leave;
    } catch (error) {
      this.#inside -= 1;
      // Whoever comes behind still waits for those before.
      void before.then(next);
      throw error;
    }
  }
}
