/**
 * The main thread's hold on one session in a pool thread. Every call on it ends: by its answer, by its deadline,
 * by the child's exit or by the worker's death, which Comlink alone would never tell.
 */

import type { MessagePort } from "node:worker_threads";
import { type Remote, releaseProxy, transfer, wrap } from "comlink";
import type { MainNotice, SessionControl, WorkerNotice } from "../channel/control-contract.js";
import { type Answer, fromFault } from "../channel/fault.js";
import type { packAnswer } from "../channel/packed-answer.js";
import { closedError, type SessionEnd } from "../channel/session-end.js";
import type { SessionLedger } from "../channel/session-ledger.js";
import type { ClaudeError, WorkerCrashedError } from "../errors.js";
import type { ShutdownOptions } from "../options.js";

/** How a session ended: the child's own end, or the loss of the thread that held it. */
export type SessionOutcome = { readonly end: SessionEnd } | { readonly crash: WorkerCrashedError };

/** What the pool knows when it opens a session. */
export interface SessionHandleParts {
  readonly ledger: SessionLedger;
  readonly dataPort: MessagePort;
  readonly controlPort: MessagePort;
  readonly noticePort: MessagePort;
  readonly outcome: Promise<SessionOutcome>;
  /** The close ladder's waits where a caller names none. */
  readonly shutdown: Required<ShutdownOptions>;
}

/** Opened by a pool; over once {@link SessionHandle.outcome} has settled. */
export class SessionHandle {
  readonly ledger: SessionLedger;
  /** Never started: the inbox pulls from it. */
  readonly dataPort: MessagePort;
  /** Settles once, when child and thread are through; never rejects. */
  readonly outcome: Promise<SessionOutcome>;
  readonly #control: Remote<SessionControl>;
  readonly #noticePort: MessagePort;
  readonly #shutdown: Required<ShutdownOptions>;
  readonly #waiting = new Set<(error: ClaudeError) => void>();
  #over: ClaudeError | undefined;
  #shutDown = false;

  constructor(parts: SessionHandleParts) {
    this.ledger = parts.ledger;
    this.dataPort = parts.dataPort;
    this.#noticePort = parts.noticePort;
    this.outcome = parts.outcome;
    this.#shutdown = parts.shutdown;
    // Node's MessagePort is an EventTarget, which is all that Comlink asks for; its type is the browser's.
    this.#control = wrap<SessionControl>(parts.controlPort as unknown as Parameters<typeof wrap>[0]);
    void parts.outcome.then((outcome) => this.#finish(outcome, parts.controlPort));
  }

  /** Why nothing can be asked of the session any more; undefined while it lives. */
  get over(): ClaudeError | undefined {
    return this.#over;
  }

  /** True once somebody has asked for the end: what is unread is dropped then. */
  get shutDown(): boolean {
    return this.#shutDown;
  }

  /** Listens to what the worker tells unasked. */
  onNotice(listener: (notice: WorkerNotice) => void): void {
    this.#noticePort.on("message", listener);
  }

  /** Tells the worker that its data has been read down to the level it asked for. */
  credit(): void {
    const notice: MainNotice = { kind: "credit" };
    this.#noticePort.postMessage(notice);
  }

  /**
   * Calls the worker.
   * @throws what the worker answers with, or why the session is over.
   */
  async call<T>(ask: (control: Remote<SessionControl>) => Promise<Answer<T>>): Promise<T> {
    if (this.#over !== undefined) throw this.#over;
    let giveUp: (error: ClaudeError) => void = () => {};
    const over = new Promise<never>((_, reject) => {
      giveUp = reject;
    });
    this.#waiting.add(giveUp);
    try {
      const reply = await Promise.race([ask(this.#control), over]);
      if ("fault" in reply) throw fromFault(reply.fault);
      return reply.value;
    } finally {
      this.#waiting.delete(giveUp);
    }
  }

  /** Answers a request of the child's; the buffers of the answer are this thread's no longer. */
  respond(requestId: string, { value, transfer: buffers }: ReturnType<typeof packAnswer>): Promise<void> {
    return this.call((control) => control.respond(requestId, transfer(value, buffers)));
  }

  /** Climbs the close ladder; settles when child and thread are through. */
  async shutdown(options: Required<ShutdownOptions> = this.#shutdown): Promise<SessionOutcome> {
    this.#shutDown = true;
    // Refused only when the session is over already, and then there is nothing left to do.
    await this.call((control) => control.shutdown(options)).catch(() => {});
    return this.outcome;
  }

  #finish(outcome: SessionOutcome, controlPort: MessagePort): void {
    this.#over = "crash" in outcome ? outcome.crash : closedError(outcome.end);
    const over = this.#over;
    // Answers that were given before the end lie in another port than the end: they are read in this turn.
    setImmediate(() => {
      for (const giveUp of this.#waiting) giveUp(over);
      this.#waiting.clear();
      this.#control[releaseProxy]();
      controlPort.close();
      this.#noticePort.close();
    });
  }
}
