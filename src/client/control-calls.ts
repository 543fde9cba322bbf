/** Calls to the worker, each bounded by the caller's signal and deadline. */

import { randomUUID } from "node:crypto";
import { packAnswer } from "../channel/packed-answer.js";
import { ControlRequestError } from "../errors.js";
import { TESTED_CLI_VERSION } from "../launch/index.js";
import type { Limits } from "../options.js";
import type { SessionHandle } from "../pool/session-handle.js";
import { encodeInput, outgoingRequestSchemas } from "../protocol/index.js";
import { Deadline, type WaitOptions } from "./deadline.js";
import { diagnostics } from "./diagnostics.js";

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

  /**
   * Answers a request of the child's; what is large in the answer is written by the worker.
   * @throws InvalidArgumentError for what JSON cannot express
   */
  async respond(requestId: string, response: object): Promise<void> {
    return this.#session.respond(requestId, packAnswer(response));
  }

  /**
   * Sends a control request and gives the payload of its answer.
   * @throws InvalidArgumentError for fields that JSON cannot express
   */
  async request(
    subtype: string,
    options: WaitOptions,
    fields: Readonly<Record<string, unknown>> = {},
  ): Promise<unknown> {
    const requestId = `${subtype}-${randomUUID()}`;
    const line = encodeInput({
      type: "control_request",
      request_id: requestId,
      request: { ...fields, subtype },
    });
    const timeoutMs = options.timeoutMs ?? this.#limits.requestTimeoutMs;
    const reply = bounded(`The control request "${subtype}"`, { ...options, timeoutMs }, (deadline) => {
      deadline.onExpiry(
        () => void this.#session.call((control) => control.abandon(requestId)).catch(() => {}),
      );
      return this.#session
        .call((control) => control.request(requestId, subtype, line, timeoutMs))
        .catch((error: unknown) => {
          throw withAdvice(error);
        });
    });
    if (diagnostics.control.hasSubscribers) this.#publish(subtype, requestId, reply);
    return reply;
  }

  #publish(subtype: string, id: string, reply: Promise<unknown>): void {
    const began = performance.now();
    const event = { pid: this.#session.ledger.lastPid, id, subtype };
    diagnostics.control.publish({ ...event, kind: "sent" });
    const end = (fields: { error?: unknown }): void =>
      diagnostics.control.publish({
        ...event,
        kind: "ended",
        durationMs: performance.now() - began,
        ...fields,
      });
    reply.then(
      () => end({}),
      (error) => end({ error }),
    );
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

/** Says what to do about a request that the CLI does not know. */
function withAdvice(error: unknown): unknown {
  if (!(error instanceof ControlRequestError) || error.errorCode !== "unsupported_request") return error;
  const { subtype, errorCode } = error;
  const advice = ANSWERED.has(subtype)
    ? `Version ${TESTED_CLI_VERSION} answers it: update the CLI (cliVersion() tells which one runs).`
    : `Version ${TESTED_CLI_VERSION} does not answer it either: do without it, or look for a newer CLI.`;
  return new ControlRequestError(`${error.message}. ${advice}`, { subtype, errorCode });
}

/** What the tested version of the CLI answers; these three it knows in other ways of running alone. */
const ANSWERED: ReadonlySet<string> = new Set(
  Object.keys(outgoingRequestSchemas).filter(
    (subtype) => !["set_color", "list_directory", "start_shell_task"].includes(subtype),
  ),
);

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
