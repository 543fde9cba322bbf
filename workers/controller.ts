/**
 * The worker's end of the control plane. Control frames never queue behind data: an answer goes to the call
 * that waits for it, a request of the CLI to its handler, whether or not anybody reads messages.
 */

import type { SessionControl, WorkerHandlers } from "../src/channel/control-contract.js";
import { type Answer, answer } from "../src/channel/fault.js";
import { encodeAnswer, type PackedAnswer } from "../src/channel/packed-answer.js";
import type { DecodedFrame } from "../src/codec/frame-decoder.js";
import { AbortError, type ConnectionClosedError, ControlRequestError, TimeoutError } from "../src/errors.js";
import type { ShutdownOptions } from "../src/options.js";
import type { IncomingRequests } from "./incoming-requests.js";
import type { LineWriter } from "./line-writer.js";
import { RecentIds } from "./recent-ids.js";

/** What the controller needs of the session around it. */
export interface ControllerSession {
  readonly pid: number | undefined;
  /** Takes the CLI's own requests. */
  readonly incoming: Pick<IncomingRequests, "take" | "cancel" | "answered" | "end">;
  /** Settles once the user's module is loaded. */
  readonly handlers: Promise<WorkerHandlers>;
  readonly writer: Pick<LineWriter, "write">;
  readStderr(): Promise<string | null>;
  beginShutdown(options: Required<ShutdownOptions>): void;
  /** Settles when the child is gone, with the error for whatever still waits. */
  readonly closed: Promise<ConnectionClosedError>;
}

interface PendingRequest {
  readonly subtype: string;
  settle(outcome: { value: unknown } | { error: Error }): void;
}

/** The fields of a `control_response` that matter here; the frame check has seen to them. */
interface ResponseBody {
  readonly subtype: string;
  readonly request_id: string;
  readonly response?: unknown;
  readonly error?: unknown;
  readonly error_code?: unknown;
}

export class Controller implements SessionControl {
  readonly #session: ControllerSession;
  readonly #pending = new Map<string, PendingRequest>();
  /** Requests that were given up: an answer to one may still come and is nobody's message. */
  readonly #abandoned = new RecentIds();

  constructor(session: ControllerSession) {
    this.#session = session;
    void session.closed.then((error) => {
      for (const request of this.#pending.values()) request.settle({ error });
      session.incoming.end();
    });
  }

  /** Takes the frame if it belongs to the control plane; false leaves it to the consumer as a message. */
  take(frame: DecodedFrame): boolean {
    switch (frame.route) {
      case "message":
        return false;
      case "control_response":
        return this.#takeResponse(frame);
      case "control_request":
        return this.#session.incoming.take(frame);
      case "control_cancel_request":
        return this.#session.incoming.cancel(frame.value.request_id as string);
    }
  }

  #takeResponse(frame: DecodedFrame): boolean {
    const response = frame.value.response as ResponseBody;
    const request = this.#pending.get(response.request_id);
    if (request === undefined) return this.#abandoned.delete(response.request_id);
    if (response.subtype === "success") request.settle({ value: response.response });
    else request.settle({ error: refusal(request.subtype, response) });
    return true;
  }

  // The calls of the contract.

  opened(): Promise<Answer<{ pid: number | undefined }>> {
    return answer(() => ({ pid: this.#session.pid }));
  }

  prepared(): Promise<Answer<WorkerHandlers>> {
    return answer(() => this.#session.handlers);
  }

  write(line: string, answeredId?: string): Promise<Answer<void>> {
    return answer(async () => {
      await this.#session.writer.write(line);
      if (answeredId !== undefined) this.#session.incoming.answered(answeredId);
    });
  }

  respond(requestId: string, packed: PackedAnswer): Promise<Answer<void>> {
    return answer(async () => {
      const head = `{"type":"control_response","response":{"subtype":"success","request_id":`;
      const line = `${head}${JSON.stringify(requestId)},"response":${encodeAnswer(packed)}}}\n`;
      await this.#session.writer.write(line);
      this.#session.incoming.answered(requestId);
    });
  }

  request(requestId: string, subtype: string, line: string, timeoutMs: number): Promise<Answer<unknown>> {
    return answer(async () => {
      const reply = this.#awaitReply(requestId, subtype, timeoutMs);
      const failure = this.#session.writer.write(line).then(
        () => undefined,
        (error: Error) => error,
      );
      void failure.then((error) => error && this.#pending.get(requestId)?.settle({ error }));
      return await reply;
    });
  }

  abandon(requestId: string): Promise<Answer<void>> {
    return answer(async () => {
      const request = this.#pending.get(requestId);
      if (request === undefined) return;
      request.settle({ error: new AbortError(`The control request "${request.subtype}" was given up.`) });
      await this.#withdraw(requestId);
    });
  }

  readStderr(): Promise<Answer<string | null>> {
    return answer(() => this.#session.readStderr());
  }

  shutdown(options: Required<ShutdownOptions>): Promise<Answer<void>> {
    return answer(() => this.#session.beginShutdown(options));
  }

  #awaitReply(requestId: string, subtype: string, timeoutMs: number): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const message = `The CLI did not answer the control request "${subtype}" within ${timeoutMs} ms.`;
        this.#pending.get(requestId)?.settle({ error: new TimeoutError(message, { timeoutMs }) });
        this.#withdraw(requestId).catch(() => {});
      }, timeoutMs);
      this.#pending.set(requestId, {
        subtype,
        settle: (outcome) => {
          clearTimeout(timer);
          this.#pending.delete(requestId);
          if ("error" in outcome) reject(outcome.error);
          else resolve(outcome.value);
        },
      });
    });
  }

  /** Tells the CLI that nobody waits any more; its answer may be on its way already. */
  #withdraw(requestId: string): Promise<void> {
    this.#abandoned.add(requestId);
    const line = JSON.stringify({ type: "control_cancel_request", request_id: requestId });
    return this.#session.writer.write(`${line}\n`);
  }
}

function refusal(subtype: string, response: ResponseBody): ControlRequestError {
  const reason = typeof response.error === "string" ? response.error : JSON.stringify(response.error ?? null);
  const errorCode = typeof response.error_code === "string" ? response.error_code : undefined;
  return new ControlRequestError(`The CLI refused the control request "${subtype}": ${reason}`, {
    subtype,
    errorCode,
  });
}
