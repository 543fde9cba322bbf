/** Control requests of the CLI: answered in this thread, announced to main, or left to whoever reads messages. */

import { denial } from "../src/approvals/tool-approval.js";
import type { DecodedFrame } from "../src/codec/frame-decoder.js";
import {
  type ControlAnswer,
  type ControlRequestMessage,
  controlError,
  encodeInput,
} from "../src/protocol/index.js";
import { RecentIds } from "./recent-ids.js";

/** What answers requests in this thread. */
export interface LocalHandlers {
  /** Whether a request is its business. */
  takes(message: ControlRequestMessage): boolean;
  /** Never rejects; undefined leaves the request to others. */
  answer(message: ControlRequestMessage, signal: AbortSignal): Promise<ControlAnswer | undefined>;
}

/** What incoming requests need of the session around them. */
export interface IncomingRequestsOptions {
  /** Subtypes that main's handlers take. */
  readonly takes: readonly string[];
  readonly local?: LocalHandlers | undefined;
  write(line: string): Promise<void>;
  /** Hands a request to main, off the message queue. */
  announce(requestId: string, frame: DecodedFrame): void;
  announceCancel(requestId: string): void;
  /** Hands a request over as a message like any other. */
  deliver(frame: DecodedFrame): void;
}

export class IncomingRequests {
  readonly #options: IncomingRequestsOptions;
  readonly #takes: ReadonlySet<string>;
  /** Requests that main is to answer. */
  readonly #announced = new Set<string>();
  /** Requests that main has answered: a withdrawal that crossed the answer may still come. */
  readonly #answered = new RecentIds();
  /** Requests that are being answered here. */
  readonly #local = new Map<AbortController, string>();

  constructor(options: IncomingRequestsOptions) {
    this.#options = options;
    this.#takes = new Set(options.takes);
  }

  /** Takes a request; false leaves it to whoever reads messages. */
  take(frame: DecodedFrame): boolean {
    const message = frame.value as ControlRequestMessage;
    if (this.#options.local?.takes(message) !== true) return this.#announce(message, frame);
    void this.#answerHere(this.#options.local, message, frame);
    return true;
  }

  /** Takes the withdrawal of a request; false when it is none of ours. */
  cancel(id: string): boolean {
    // A request id may be used twice, so handlers may be at work on several of it, or on one that was answered.
    const local = [...this.#local].filter(([, running]) => running === id);
    for (const [controller] of local) controller.abort();
    if (local.length > 0) return true;
    if (!this.#announced.delete(id) && !this.#answered.delete(id)) return false;
    this.#options.announceCancel(id);
    return true;
  }

  /** Main has answered a request. */
  answered(id: string): void {
    if (this.#announced.delete(id)) this.#answered.add(id);
  }

  /** The child is gone: nobody waits for an answer any more. */
  end(): void {
    for (const controller of this.#local.keys()) controller.abort();
  }

  #announce(message: ControlRequestMessage, frame: DecodedFrame): boolean {
    if (!this.#takes.has(message.request.subtype)) return false;
    this.#announced.add(message.request_id);
    this.#options.announce(message.request_id, frame);
    return true;
  }

  async #answerHere(
    local: LocalHandlers,
    message: ControlRequestMessage,
    frame: DecodedFrame,
  ): Promise<void> {
    const controller = new AbortController();
    this.#local.set(controller, message.request_id);
    const answer = await local.answer(message, controller.signal);
    this.#local.delete(controller);
    if (controller.signal.aborted) return;
    if (answer === undefined) {
      if (!this.#announce(message, frame)) this.#options.deliver(frame);
      return;
    }
    // A child that takes no answer is past caring; its end is told elsewhere.
    await this.#options.write(encodeAnswer(message, answer)).catch(() => {});
  }
}

/** An answer that cannot be written must not leave the CLI waiting. */
function encodeAnswer(message: ControlRequestMessage, answer: ControlAnswer): string {
  try {
    return encodeInput({ type: "control_response", response: answer });
  } catch (error) {
    const why = `The handler in the worker thread gave no usable answer: ${(error as Error).message}`;
    const { request_id: id, request } = message;
    const refusal =
      request.subtype === "can_use_tool" ? denial(message, why) : controlError(id, why).response;
    return encodeInput({ type: "control_response", response: refusal });
  }
}
