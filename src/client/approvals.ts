/** Hands permission requests to the user's handler, and its decisions to the CLI. */

import { InvalidArgumentError } from "../errors.js";
import {
  type ControlAnswer,
  type ControlRequestMessage,
  type PermissionResult,
  type ToolPermissionRequest,
  toolPermissionRequest,
} from "../protocol/index.js";
import { deny } from "./permission.js";

/**
 * Decides whether a tool may run. It is called as soon as the request arrives, whoever reads messages meanwhile.
 * The signal fires when the CLI withdraws the request or the session ends. A handler that throws denies.
 */
export type ToolApprovalHandler = (
  request: ToolPermissionRequest,
  context: { readonly signal: AbortSignal },
) => ToolApproval | Promise<ToolApproval>;

/** A decision: what the helpers of `permission` make, or the wire's own result. */
export type ToolApproval = ControlAnswer | PermissionResult;

export class Approvals {
  readonly #handler: ToolApprovalHandler;
  readonly #send: (answer: ControlAnswer) => Promise<void>;
  /** Handlers at work; the CLI may use a request id twice. */
  readonly #running = new Map<AbortController, string>();

  constructor(handler: ToolApprovalHandler, send: (answer: ControlAnswer) => Promise<void>) {
    this.#handler = handler;
    this.#send = send;
  }

  /** A request has arrived. Settles when it is answered or withdrawn; never rejects. */
  async request(message: ControlRequestMessage): Promise<void> {
    const { request_id: id } = message;
    const request = toolPermissionRequest(message);
    if (request === undefined) {
      const error = "A permission request needs a tool_name and an input.";
      return this.#send({ subtype: "error", request_id: id, error }).catch(() => {});
    }
    const controller = new AbortController();
    this.#running.set(controller, id);
    const answer = await this.#decide(request, controller.signal);
    this.#running.delete(controller);
    // Nobody waits for an answer to a withdrawn request.
    if (!controller.signal.aborted) await this.#answer(request, answer);
  }

  /** True while a handler decides. */
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

  async #answer(request: ToolPermissionRequest, answer: ControlAnswer): Promise<void> {
    try {
      await this.#send(answer);
    } catch (error) {
      // A session that has ended takes no answer. One that cannot be written must not leave the CLI waiting.
      if (!(error instanceof InvalidArgumentError)) return;
      const denial = deny(
        request,
        `The approval handler of the host gave no usable decision: ${error.message}`,
      );
      await this.#send(denial).catch(() => {});
    }
  }

  async #decide(request: ToolPermissionRequest, signal: AbortSignal): Promise<ControlAnswer> {
    try {
      const decision = await this.#handler(request, { signal });
      if (isAnswer(decision)) return { ...decision, request_id: request.request_id };
      if (isResult(decision))
        return { subtype: "success", request_id: request.request_id, response: decision };
      return deny(request, "The approval handler of the host gave no decision.");
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return deny(request, `The approval handler of the host failed: ${reason}`);
    }
  }
}

function isAnswer(decision: ToolApproval): decision is ControlAnswer {
  return typeof decision === "object" && decision !== null && "subtype" in decision;
}

function isResult(decision: ToolApproval): decision is PermissionResult {
  return typeof decision === "object" && decision !== null && "behavior" in decision;
}
