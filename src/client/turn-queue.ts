/** One turn at a time: whoever comes later waits in order. */

import type { Deadline } from "./deadline.js";

export class TurnQueue {
  #tail: Promise<void> = Promise.resolve();

  /**
   * Waits for all earlier turns; the returned function lets the next one begin.
   * @throws the deadline's error when it comes first.
   */
  async enter(deadline: Deadline): Promise<() => void> {
    const before = this.#tail;
    let leave: () => void = () => {};
    const mine = new Promise<void>((resolve) => {
      leave = resolve;
    });
    this.#tail = before.then(() => mine);
    try {
      await deadline.race(before);
      if (deadline.error !== undefined) throw deadline.error;
      return leave;
    } catch (error) {
      leave();
      throw error;
    }
  }
}
