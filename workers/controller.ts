/**
 * The worker's end of the control plane. Control frames never queue behind data: an answer goes to the call
 * that waits for it, a permission request to its handler, whether or not anybody reads messages.
 */

import type { SessionControl } from "../src/channel/control-contract.js";
import { type Answer, answer } from "../src/channel/fault.js";
import {
  AbortError,
  type ConnectionClosedError,
  ControlRequestError,
  TimeoutError,
  WriteError,
} from "../src/errors.js";
import type { ShutdownOptions } from "../src/options.js";
import type { DecodedFrame } from "./frame-decoder.js";

/** What the controller needs of the session around it. */
export interface ControllerSession {
  readonly pid: number | undefined;
  readonly requestTimeoutMs: number;
  /** Whether permission requests are handed over as notices. */
  readonly approvals: boolean;
  write(line: string): Promise<void>;
  readStderr(): Promise<string | null>;
  /** Hands a permission request over, off the message queue. */
  announce(requestId: string, frame: DecodedFrame): void;
  announceCancel(requestId: string): void;
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
  /** Permission requests of the CLI that wait for their answer. */
  readonly #announced = new Set<string>();
  /**
   * Requests of either side that are over: an answer to one that was given up, or the withdrawal of one that was
   * answered, may still come and is nobody's message.
   */
  readonly #forgotten = new Set<string>();
  /** Ends the writes that the child has not taken yet. */
  readonly #writing = new Set<(error: Error) => void>();
  #lastWrite: Promise<unknown> = Promise.resolve();
  #closed: ConnectionClosedError | undefined;

  constructor(session: ControllerSession) {
    this.#session = session;
    void session.closed.then((error) => {
      this.#closed = error;
      for (const request of this.#pending.values()) request.settle({ error });
      for (const giveUp of this.#writing) giveUp(error);
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
        return this.#takeRequest(frame);
      case "control_cancel_request":
        return this.#takeCancel(frame.value.request_id as string);
    }
  }

  #takeResponse(frame: DecodedFrame): boolean {
    const response = frame.value.response as ResponseBody;
    const request = this.#pending.get(response.request_id);
    if (request === undefined) return this.#forgotten.delete(response.request_id);
    if (response.subtype === "success") request.settle({ value: response.response });
    else request.settle({ error: refusal(request.subtype, response) });
    return true;
  }

  #takeRequest(frame: DecodedFrame): boolean {
    const { subtype } = frame.value.request as { subtype: string };
    if (!this.#session.approvals || subtype !== "can_use_tool") return false;
    const id = frame.value.request_id as string;
    this.#announced.add(id);
    this.#session.announce(id, frame);
    return true;
  }

  #takeCancel(id: string): boolean {
    // A request id may be used twice, so a handler may be at work on one that was answered.
    if (!this.#announced.delete(id) && !this.#forgotten.delete(id)) return false;
    this.#session.announceCancel(id);
    return true;
  }

  // The calls of the contract.

  opened(): Promise<Answer<{ pid: number | undefined }>> {
    return answer(() => ({ pid: this.#session.pid }));
  }

  write(line: string, answeredId?: string): Promise<Answer<void>> {
    return answer(async () => {
      await this.#write(line);
      if (answeredId !== undefined && this.#announced.delete(answeredId)) this.#forget(answeredId);
    });
  }

  request(requestId: string, subtype: string, line: string, timeoutMs: number): Promise<Answer<unknown>> {
    return answer(async () => {
      const reply = this.#awaitReply(requestId, subtype, timeoutMs);
      const failure = this.#write(line).then(
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
    this.#forget(requestId);
    return this.#write(`${JSON.stringify({ type: "control_cancel_request", request_id: requestId })}\n`);
  }

  #forget(requestId: string): void {
    this.#forgotten.add(requestId);
    const [oldest] = this.#forgotten;
    if (this.#forgotten.size > MOST_FORGOTTEN && oldest !== undefined) this.#forgotten.delete(oldest);
  }

  /**
   * A child that has stopped reading must not hold a caller for ever; neither must one that is gone. Lines wait for
   * each other, so that those whose callers have given up can be taken back instead of piling up in the pipe.
   */
  async #write(line: string): Promise<void> {
    if (this.#closed !== undefined) throw this.#closed;
    const timeoutMs = this.#session.requestTimeoutMs;
    let giveUp: (error: Error) => void = () => {};
    // Emptied when the line is taken back: what waits behind it would keep it alive.
    let waiting: string | undefined = line;
    const stuck = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    const timer = setTimeout(() => {
      const unsent = waiting !== undefined;
      waiting = undefined;
      const fate = unsent ? "the line was taken back" : "the line stays queued";
      const message = `The child has not read its input for ${timeoutMs} ms; ${fate}.`;
      giveUp(new TimeoutError(message, { timeoutMs, ...(unsent && { unsent }) }));
    }, timeoutMs);
    this.#writing.add(giveUp);
    const written = this.#lastWrite.then(() => {
      const mine = waiting;
      waiting = undefined;
      return mine === undefined ? undefined : this.#session.write(mine);
    });
    this.#lastWrite = written.catch(() => {});
    try {
      await Promise.race([written, stuck]);
    } catch (error) {
      // A broken pipe is usually the child's end, which says more; it is told a moment later.
      throw error instanceof WriteError ? await this.#exitReason(error) : error;
    } finally {
      clearTimeout(timer);
      this.#writing.delete(giveUp);
    }
  }

  #exitReason(error: WriteError): Promise<Error> {
    const exitSoon = new Promise<Error>((resolve) => setTimeout(() => resolve(error), EXIT_SOON_MS));
    return Promise.race([this.#session.closed, exitSoon]);
  }
}

/** A CLI that never answers must not make this grow for ever. */
const MOST_FORGOTTEN = 1_024;

/** How long a broken pipe is given to turn out as the child's exit. */
const EXIT_SOON_MS = 1_000;

function refusal(subtype: string, response: ResponseBody): ControlRequestError {
  const reason = typeof response.error === "string" ? response.error : JSON.stringify(response.error ?? null);
  const errorCode = typeof response.error_code === "string" ? response.error_code : undefined;
  return new ControlRequestError(`The CLI refused the control request "${subtype}": ${reason}`, {
    subtype,
    errorCode,
  });
}
