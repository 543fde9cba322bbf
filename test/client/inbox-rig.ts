import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { FrameBatch } from "../../src/channel/envelope.js";
import { SessionLedger } from "../../src/channel/session-ledger.js";
import { Inbox } from "../../src/client/inbox.js";
import { WorkerCrashedError } from "../../src/errors.js";
import type { SessionHandle, SessionOutcome } from "../../src/pool/session-handle.js";

export const END = { exitCode: 7, signal: null, stderrTail: "", stderrUnread: "" };

/** An inbox on a session that does what the test says, as its worker would. */
export class InboxRig {
  readonly ledger = new SessionLedger();
  readonly inbox: Inbox;
  credits = 0;
  readonly #main: MessagePort;
  readonly #worker: MessagePort;
  #settle: (outcome: SessionOutcome) => void = () => {};

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#main = port1;
    this.#worker = port2;
    const session = {
      dataPort: port1,
      ledger: this.ledger,
      outcome: new Promise<SessionOutcome>((resolve) => {
        this.#settle = resolve;
      }),
      credit: () => {
        this.credits += 1;
      },
    };
    this.inbox = new Inbox(session as unknown as SessionHandle);
  }

  /** A batch of messages, and the doorbell if the reader sleeps. */
  post(messages: readonly unknown[], extra: Partial<FrameBatch> = {}): void {
    const batch: FrameBatch = {
      text: JSON.stringify(messages),
      weight: 100,
      large: [],
      refused: [],
      ...extra,
    };
    this.ledger.posted(batch.weight);
    this.#worker.postMessage(
      batch,
      batch.large.map(({ bytes }) => bytes),
    );
    if (this.ledger.takeDoorbell()) this.inbox.wake();
  }

  /** The last batch, and then the end of the task, as the worker tells them. */
  end(messages: readonly unknown[] = []): void {
    this.post(messages, { end: END });
    this.#worker.close();
    this.#settle({ end: END });
  }

  crash(): void {
    this.#settle({ crash: new WorkerCrashedError("the thread died") });
  }

  close(): void {
    this.#worker.close();
    this.#main.close();
  }
}
