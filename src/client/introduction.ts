/** Introduces a client to its CLI: sends `initialize` with all that the options have for it, and keeps the answer. */

import type { WorkerHandlers } from "../channel/control-contract.js";
import type { SessionHandle } from "../pool/session-handle.js";
import type { InitializePayload } from "../protocol/index.js";
import type { ControlRequests } from "./control/control-requests.js";
import { bounded } from "./control-calls.js";
import type { WaitOptions } from "./deadline.js";
import type { ResolvedOptions } from "./open.js";

export class Introduction {
  readonly #session: SessionHandle;
  readonly #requests: ControlRequests;
  readonly #options: ResolvedOptions;
  /** What a module in the worker thread wants to be told. */
  #worker: WorkerHandlers | undefined;
  #answer: InitializePayload | undefined;
  #begun = false;

  constructor(session: SessionHandle, requests: ControlRequests, options: ResolvedOptions) {
    this.#session = session;
    this.#requests = requests;
    this.#options = options;
  }

  /** True while the CLI has heard nothing yet that settles what its session is like. */
  get possible(): boolean {
    return !this.#begun;
  }

  /** A prompt goes out. */
  prompted(): void {
    this.#begun = true;
  }

  /** What the CLI has told of itself; undefined before it was asked. */
  get answer(): InitializePayload | undefined {
    return this.#answer;
  }

  /**
   * Does what has to be done before the first prompt: waits for the user's module, and introduces the client if its
   * options ask for anything that travels with it.
   * @throws what the module or the CLI object to; the client is of no use then
   */
  async begin(options: WaitOptions): Promise<void> {
    const { host } = this.#options;
    if (host.needsWorker) {
      this.#worker = await bounded("Preparing the policy and the worker module", options, () =>
        this.#session.call((control) => control.prepared()),
      );
    }
    if (host.hasToIntroduce(this.#worker)) await this.ask(options);
  }

  /**
   * Asks once; further calls get the same answer. Where no server of this process has to be asked first, the request
   * is on its way when this returns, so that it cannot be overtaken by a prompt.
   */
  async ask(options: WaitOptions, more: Record<string, unknown> = {}): Promise<InitializePayload> {
    if (this.#answer !== undefined) return this.#answer;
    this.#begun = true;
    const { host } = this.#options;
    const servers = host.hasServers ? await host.serverFields() : {};
    const fields = { ...host.fields(this.#worker), ...servers, ...more };
    // A model or command of an odd shape must not cost the session: what is read of it is checked then.
    const payload = await this.#requests.sendUnchecked("initialize", fields, options);
    this.#answer ??= payload as InitializePayload;
    return this.#answer;
  }
}
