/** Introduces a client to its CLI: sends `initialize` with all that the options have for it, and keeps the answer. */

import type { WorkerHandlers } from "../channel/control-contract.js";
import type { SessionHandle } from "../pool/session-handle.js";
import type { ControlCalls } from "./control-calls.js";
import type { WaitOptions } from "./deadline.js";
import type { ResolvedOptions } from "./open.js";

export class Introduction {
  readonly #session: SessionHandle;
  readonly #calls: ControlCalls;
  readonly #options: ResolvedOptions;
  /** What a module in the worker thread wants to be told. */
  #worker: WorkerHandlers | undefined;
  #answer: Record<string, unknown> | undefined;

  constructor(session: SessionHandle, calls: ControlCalls, options: ResolvedOptions) {
    this.#session = session;
    this.#calls = calls;
    this.#options = options;
  }

  /** What the CLI has told of itself; undefined before it was asked. */
  get answer(): Record<string, unknown> | undefined {
    return this.#answer;
  }

  /**
   * Does what has to be done before the first prompt: waits for the user's module, and introduces the client if its
   * options ask for anything that travels with it.
   * @throws what the module or the CLI object to; the client is of no use then
   */
  async begin(options: WaitOptions): Promise<void> {
    const { host } = this.#options;
    if (host.needsWorker) this.#worker = await this.#session.call((control) => control.prepared());
    if (host.hasToIntroduce(this.#worker)) await this.ask(options);
  }

  /** Asks once; further calls get the same answer. */
  async ask(options: WaitOptions): Promise<Record<string, unknown>> {
    if (this.#answer !== undefined) return this.#answer;
    const payload = await this.#calls.request("initialize", options, await this.fields());
    this.#answer ??= asRecord(payload);
    return this.#answer;
  }

  /** The fields of `initialize`. */
  fields(): Promise<Record<string, unknown>> {
    return this.#options.host.fields(this.#worker);
  }
}

/** A payload as an object; one that is none says nothing. */
export function asRecord(payload: unknown): Record<string, unknown> {
  return typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : {};
}
