/** Room for a fixed number of sessions; whoever finds none waits in order. */

/** Lets a session in, and knows who waits. */
export class Places {
  readonly #total: number;
  #taken = 0;
  readonly #waiting = new Set<() => void>();

  constructor(total: number) {
    this.#total = total;
  }

  get taken(): number {
    return this.#taken;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  /** Settles when a place is taken for the caller, who must give it back by {@link Places.leave}. */
  enter(): { readonly entered: Promise<void>; readonly giveUp: () => void } {
    if (this.#taken < this.#total) {
      this.#taken += 1;
      return { entered: Promise.resolve(), giveUp: () => this.leave() };
    }
    let letIn: () => void = () => {};
    let inside = false;
    const entered = new Promise<void>((resolve) => {
      letIn = () => {
        inside = true;
        resolve();
      };
    });
    this.#waiting.add(letIn);
    const giveUp = (): void => {
      if (inside) this.leave();
      else this.#waiting.delete(letIn);
    };
    return { entered, giveUp };
  }

  /** Gives a place back: to whoever has waited longest. */
  leave(): void {
    const [next] = this.#waiting;
    if (next === undefined) {
      this.#taken -= 1;
    } else {
      this.#waiting.delete(next);
      next();
    }
  }
}
