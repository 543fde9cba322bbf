/** Calls to the worker, each bounded by the caller's signal and deadline. */

import { randomUUID } from "node:crypto";
import { AbortError, ControlRequestError } from "../errors.js";
import type { Limits } from "../options.js";
import type { SessionHandle } from "../pool/session-handle.js";
import { Deadline, type WaitOptions } from "./deadline.js";

export class ControlCalls {
  readonly #session: SessionHandle;
  readonly #limits: Limits;

  constructor(session: SessionHandle, limits: Limits) {
    this.#session = session;
    this.#limits = limits;
  }

  /** Writes one encoded line to the child; `answeredId` is the request of the child's that it answers. */
  write(line: string, answeredId?: string): Promise<void> {
    return this.#session.call((control) => control.write(line, answeredId));
  }

  /** Sends a control request and gives the payload of its answer. */
  request(subtype: string, options: WaitOptions, fields: Record<string, unknown> = {}): Promise<unknown> {
    const requestId = `${subtype}-${randomUUID()}`;
    const timeoutMs = options.timeoutMs ?? this.#limits.requestTimeoutMs;
    return bounded(`The control request "${subtype}"`, { ...options, timeoutMs }, (deadline) => {
      deadline.onExpiry(
        () => void this.#session.call((control) => control.abandon(requestId)).catch(() => {}),
      );
      return this.#session.call((control) => control.request(requestId, { ...fields, subtype }, timeoutMs));
    });
  }

  /** Whether the CLI answers at all in time. */
  async answers({ signal, timeoutMs = 5_000 }: WaitOptions): Promise<boolean> {
    try {
      await this.request("get_binary_version", { timeoutMs, ...(signal && { signal }) });
      return true;
    } catch (error) {
      if (error instanceof AbortError) throw error;
      // A refusal is an answer too: older versions do not know the question.
      return error instanceof ControlRequestError;
    }
  }

  /** The child's stderr, piece by piece, until its end. */
  async *stderr(): AsyncGenerator<string> {
    for (;;) {
      const text = await this.#session.call((control) => control.readStderr()).catch(() => undefined);
      if (text === null) return;
      if (text === undefined) break;
      yield text;
    }
    // The session is over; what was left unread came with its end.
    const outcome = await this.#session.outcome;
    if ("end" in outcome && outcome.end.stderrUnread !== "") yield outcome.end.stderrUnread;
  }
}

/** Runs a wait under a deadline, which is cleared when it is over; the deadline ends it at once. */
export function bounded<T>(
  what: string,
  options: WaitOptions,
  run: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  return withDeadline(what, options, (deadline) => deadline.race(run(deadline)));
}

/** Hands a wait its deadline, to be heeded by itself: a race could lose what the wait has taken. */
export async function withDeadline<T>(
  what: string,
  options: WaitOptions,
  run: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  const deadline = new Deadline(what, options);
  try {
    if (deadline.error !== undefined) throw deadline.error;
    return await run(deadline);
  } finally {
    deadline.clear();
  }
}

/** A payload's fields; none for one that has none. */
export function asRecord(payload: unknown): Record<string, unknown> {
  return typeof payload === "object" && payload !== null ? (payload as Record<string, unknown>) : {};
}
