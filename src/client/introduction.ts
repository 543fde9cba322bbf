/** How a client introduces itself to the CLI. Of what it says there much counts only before the first prompt. */

import type { ControlCalls } from "./control-calls.js";
import { asRecord } from "./control-calls.js";
import type { WaitOptions } from "./deadline.js";

export class Introduction {
  readonly #calls: ControlCalls;
  #answer: Record<string, unknown> | undefined;
  #begun = false;

  constructor(calls: ControlCalls) {
    this.#calls = calls;
  }

  /** True while the CLI has heard nothing yet that settles what its session is like. */
  get possible(): boolean {
    return !this.#begun;
  }

  /** True once the CLI has answered. */
  get done(): boolean {
    return this.#answer !== undefined;
  }

  /** A prompt goes out. */
  prompted(): void {
    this.#begun = true;
  }

  /** Sends `initialize`, and gives what the CLI tells of itself; further calls give the same. */
  async initialize(
    options: WaitOptions,
    fields: Record<string, unknown> = {},
  ): Promise<Record<string, unknown>> {
    if (this.#answer !== undefined) return this.#answer;
    this.#begun = true;
    const answer = asRecord(await this.#calls.request("initialize", options, fields));
    this.#answer ??= answer;
    return this.#answer;
  }
}
