/** The part of a client that serves its CLI: who answers what the CLI asks, and what each side tells of itself. */

import type { WorkerNotice } from "../channel/control-contract.js";
import {
  type ControlAnswer,
  type ControlRequestMessage,
  type ControlResponseMessage,
  type ControlSuccess,
  encodeInput,
  type InitializePayload,
  isControlResponse,
} from "../protocol/index.js";
import { ControlRequests } from "./control/control-requests.js";
import type { WaitOptions } from "./deadline.js";
import { diagnostics } from "./diagnostics.js";
import { HostRequests } from "./host-requests.js";
import { openBatch } from "./inbox-entries.js";
import { Introduction } from "./introduction.js";
import { tell } from "./listener.js";
import type { OpenedSession } from "./open.js";
import { SessionClient } from "./session-client.js";

export abstract class HostClient extends SessionClient {
  /** @internal */
  protected readonly introduction: Introduction;
  /** @internal */
  protected readonly requests: ControlRequests;
  readonly #hostRequests: HostRequests;

  /** @internal */
  constructor(opened: OpenedSession) {
    super(opened);
    const { session, options } = opened;
    this.requests = new ControlRequests(this.calls);
    this.introduction = new Introduction(session, this.requests, options);
    this.#hostRequests = new HostRequests(options.host.handlers, (answer) => this.#answer(answer));
    options.host.connect(async (server_name, message) => {
      await this.calls.request("mcp_message", {}, { server_name, message });
    });
    session.onNotice((notice) => this.#notice(notice));
    void session.outcome.then(() => {
      this.#hostRequests.end();
      options.host.close();
    });
  }

  /**
   * Introduces the client to the CLI, and gives what the CLI tells of itself (commands, models, account, …).
   * Further calls give the same. For permission requests to arrive, the CLI must also run with
   * `--permission-prompt-tool=stdio`.
   * @throws ControlRequestError, TimeoutError, AbortError, ConnectionClosedError
   */
  async enableToolApproval(options: WaitOptions = {}): Promise<InitializePayload> {
    return this.introduction.ask(options);
  }

  /** True once {@link HostClient.enableToolApproval} has succeeded, or when somebody was given who decides. */
  isToolApprovalEnabled(): boolean {
    return this.introduction.answer !== undefined || this.options.host.decidesAboutTools;
  }

  /** Answers a control request that came as a message; `permission` makes such answers. */
  async sendControlResponse(response: ControlAnswer | ControlResponseMessage): Promise<void> {
    const answer: ControlAnswer = isControlResponse(response) ? response.response : response;
    const line = encodeInput({ type: "control_response", response: answer });
    await this.calls.write(line, answer.request_id);
  }

  /** Answers of handlers may be large: what can be written by the worker is. */
  #answer(answer: ControlAnswer): Promise<void> {
    const { subtype, request_id: id, response, ...more } = answer as ControlSuccess;
    const isPlain = subtype === "success" && response != null && Object.keys(more).length === 0;
    return isPlain ? this.calls.respond(id, response) : this.sendControlResponse(answer);
  }

  /** True while a handler of the host is at work on what the CLI has asked. @internal */
  protected get hostActs(): boolean {
    return this.#hostRequests.waiting;
  }

  /** Data waits for a consumer that sleeps. @internal */
  protected abstract dataWaits(): void;

  #notice(notice: WorkerNotice): void {
    const { lastPid: pid, unreadBytes: bytesUnread } = this.session.ledger;
    switch (notice.kind) {
      case "data":
        this.dataWaits();
        break;
      case "request":
        void this.#hostRequests.request(openBatch(notice.batch)[0] as ControlRequestMessage);
        break;
      case "request-cancelled":
        this.#hostRequests.cancel(notice.requestId);
        break;
      case "paused":
        if (diagnostics.pause.hasSubscribers)
          diagnostics.pause.publish({ pid, paused: notice.paused, bytesUnread });
        break;
      case "decision":
        if (diagnostics.decision.hasSubscribers)
          diagnostics.decision.publish({ pid, decision: notice.decision });
        tell("onDecision", this.options.onDecision, notice.decision);
        break;
    }
  }
}
