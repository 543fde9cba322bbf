/** The main thread's end of the data plane: pulls batches when somebody reads, and opens them. */

import { type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import type { FrameBatch } from "../channel/envelope.js";
import { closedError } from "../channel/session-end.js";
import type { ClaudeError } from "../errors.js";
import type { SessionHandle } from "../pool/session-handle.js";
import type { Deadline } from "./deadline.js";
import { type InboxEntry, openBatch } from "./inbox-entries.js";
import { budgetSpent, nextTurn } from "./loop-budget.js";

/** An open port is never collected by itself, and one whose last messages nobody reads is never closed. */
const neverDrained = new FinalizationRegistry<MessagePort>((port) => port.close());

export class Inbox {
  readonly #session: SessionHandle;
  /** Emptied as they are taken: an entry that its reader lets go must not be held by its neighbours. */
  #entries: (InboxEntry | undefined)[] = [];
  #next = 0;
  #weight = 0;
  #over: ClaudeError | undefined;
  readonly #sleepers = new Set<() => void>();

  constructor(session: SessionHandle) {
    this.#session = session;
    neverDrained.register(this, session.dataPort);
    void session.outcome.then((outcome) => {
      // What was posted before the end is in the port already, and is read before this is told.
      this.#over ??= "crash" in outcome ? outcome.crash : closedError(outcome.end);
      if (session.shutDown) session.dataPort.close();
      this.wake();
    });
  }

  /** The process that the entries are of. */
  get pid(): number | undefined {
    return this.#session.ledger.lastPid;
  }

  /** The next entry, or undefined when there is none now or the loop's share is used up: then {@link wait}. */
  poll(): InboxEntry | undefined {
    if (this.#next === this.#entries.length && !this.#load()) return undefined;
    if (budgetSpent()) return undefined;
    const entry = this.#entries[this.#next];
    this.#entries[this.#next++] = undefined;
    if (this.#next === this.#entries.length) this.#consumed();
    return entry;
  }

  /**
   * Why nothing will come any more; undefined while something may. To know it the port is read to its end, and
   * closed there.
   */
  closeIfDrained(): ClaudeError | undefined {
    if (this.#next < this.#entries.length || this.#load()) return undefined;
    if (this.#over !== undefined) this.#session.dataPort.close();
    return this.#over;
  }

  /** Settles when {@link poll} is worth another try, or the deadline has expired. */
  wait(deadline: Deadline): Promise<void> {
    if (budgetSpent()) return nextTurn();
    this.#session.ledger.fallAsleep();
    // Something may have been posted just before the worker could see that we sleep.
    if (this.#next < this.#entries.length || this.#load() || this.#over !== undefined)
      return Promise.resolve();
    return sleepIn(this.#sleepers, deadline);
  }

  /** The worker has rung. */
  wake(): void {
    for (const wakeUp of [...this.#sleepers]) wakeUp();
  }

  /** Opens the next batch that has anything in it. */
  #load(): boolean {
    for (;;) {
      const received = receiveMessageOnPort(this.#session.dataPort) as { message: FrameBatch } | undefined;
      if (received === undefined) return false;
      const batch = received.message;
      this.#entries = openBatch(batch, () => this.#session.ledger.count("malformed"));
      this.#next = 0;
      this.#weight = batch.weight;
      if (batch.end !== undefined) this.#over ??= closedError(batch.end);
      if (this.#entries.length > 0) return true;
      this.#consumed();
    }
  }

  #consumed(): void {
    if (this.#session.ledger.consumed(this.#weight)) this.#session.credit();
    this.#weight = 0;
  }
}

/** Sleeps until woken by name or by the deadline; either way nothing of it is left behind in the set. */
export function sleepIn(sleepers: Set<() => void>, deadline: Deadline): Promise<void> {
  return new Promise((resolve) => {
    let forget = (): void => {};
    const wakeUp = (): void => {
      sleepers.delete(wakeUp);
      forget();
      resolve();
    };
    sleepers.add(wakeUp);
    forget = deadline.onExpiry(wakeUp);
  });
}
