/** Hands control requests of the CLI to the host's handlers, and their answers back, off the message queue. */

import { InvalidArgumentError } from "../errors.js";
import type { ControlAnswer, ControlRequestMessage } from "../protocol/index.js";
import { refuseUnattended } from "./unattended.js";

/**
 * Answers one kind of request. The signal fires when the CLI withdraws it or the session ends. One that throws
 * refuses, in the way of the request's kind; undefined means that no answer is wanted any more.
 */
export type RequestHandler = (
  message: ControlRequestMessage,
  signal: AbortSignal,
) => Promise<ControlAnswer | undefined>;

export class HostRequests {
  readonly #handlers: ReadonlyMap<string, RequestHandler>;
  readonly #send: (answer: ControlAnswer) => Promise<void>;
  /** Handlers at work; the CLI may use a request id twice. */
  readonly #running = new Map<AbortController, string>();

  /** @param handlers one for each subtype that the host answers. */
  constructor(handlers: ReadonlyMap<string, RequestHandler>, send: (answer: ControlAnswer) => Promise<void>) {
    this.#handlers = handlers;
    this.#send = send;
  }

  /** A request has arrived. Settles when it is answered or withdrawn; never rejects. */
  async request(message: ControlRequestMessage): Promise<void> {
    const controller = new AbortController();
    this.#running.set(controller, message.request_id);
    const answer = await this.#ask(message, controller.signal);
    this.#running.delete(controller);
    // Nobody waits for an answer to a withdrawn request.
    if (answer !== undefined && !controller.signal.aborted) await this.#answer(message, answer);
  }

  /** True while a handler is at work. */
  get waiting(): boolean {
    return this.#running.size > 0;
  }

  /** The CLI has withdrawn a request. */
  cancel(requestId: string): void {
    for (const [controller, id] of this.#running) if (id === requestId) controller.abort();
  }

  /** The session has ended. */
  end(): void {
    for (const controller of this.#running.keys()) controller.abort();
  }

  async #ask(message: ControlRequestMessage, signal: AbortSignal): Promise<ControlAnswer | undefined> {
    try {
      const handler = this.#handlers.get(message.request.subtype);
      return handler === undefined ? refuseUnattended(message) : await handler(message, signal);
    } catch (error) {
      return refuseUnattended(
        message,
        `its handler failed: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  async #answer(message: ControlRequestMessage, answer: ControlAnswer): Promise<void> {
    try {
      await this.#send(answer);
    } catch (error) {
      // A session that has ended takes no answer. One that cannot be written must not leave the CLI waiting.
      if (!(error instanceof InvalidArgumentError)) return;
      await this.#send(
        refuseUnattended(message, `its handler gave no usable answer: ${error.message}`),
      ).catch(() => {});
    }
  }
}
