/** Reads the stream of frames for whom they are meant: the turn that runs, or `receive()`. */

import { type ClaudeError, DeserializationError } from "../errors.js";
import type { ClaudeOutput } from "../protocol/index.js";
import { Conversation } from "./conversation.js";
import type { Deadline } from "./deadline.js";
import { type Inbox, type InboxEntry, Refused, sleepIn } from "./inbox.js";

export interface MessageReaderOptions {
  /** A line was refused while a turn ran; the turn goes on. */
  readonly onFault: ((error: ClaudeError) => void) | undefined;
}

export class MessageReader {
  readonly conversation = new Conversation();
  readonly #inbox: Inbox;
  readonly #options: MessageReaderOptions;
  /** What a turn came across that is not its own: for `receive()`. */
  readonly #parked: InboxEntry[] = [];
  /** Calls of `receive()` that wait for a turn to end. */
  readonly #receivers = new Set<() => void>();
  #sessionId: string | undefined;

  constructor(inbox: Inbox, options: MessageReaderOptions) {
    this.#inbox = inbox;
    this.#options = options;
  }

  /** The wire's session id as of the last message read. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /** The next message of the running turn if one is there, and whether it is the last one. */
  pollTurn(): { readonly message: ClaudeOutput; readonly last: boolean } | undefined {
    for (;;) {
      const entry = this.#inbox.poll();
      if (entry === undefined) return undefined;
      if (entry instanceof Refused) {
        this.#options.onFault?.(entry.error);
        continue;
      }
      switch (this.#owner(entry)) {
        case "turn":
          return { message: entry, last: false };
        case "turn-end":
          return { message: entry, last: true };
        case "other":
          this.#parked.push(entry);
          this.#wakeReceivers();
          break;
        case "noise":
          break;
      }
    }
  }

  /**
   * The next message outside of turns, for `receive()`. While a turn runs, frames are the turn's.
   * @throws DeserializationError, FrameTooLargeError, the session's end, the deadline's error
   */
  async receive(deadline: Deadline): Promise<ClaudeOutput> {
    const entry = await this.#receive(deadline);
    if (entry instanceof Refused) throw entry.error;
    return entry;
  }

  /** Like {@link receive}, for any JSON value that the child writes as a line. */
  async receiveRaw(deadline: Deadline): Promise<unknown> {
    const entry = await this.#receive(deadline);
    if (!(entry instanceof Refused)) return entry;
    if (!(entry.error instanceof DeserializationError)) throw entry.error;
    try {
      return JSON.parse(entry.error.rawLine) as unknown;
    } catch {
      throw entry.error;
    }
  }

  /** Waits until something may be there to read; settles also when the session or the deadline is over. */
  wait(deadline: Deadline): Promise<void> {
    return this.#inbox.wait(deadline);
  }

  /** Why nothing will come any more. */
  get over(): ClaudeError | undefined {
    return this.#inbox.over;
  }

  /** The turn is over: frames are `receive()`'s again. */
  endTurn(): void {
    this.conversation.endTurn();
    this.#wakeReceivers();
  }

  #wakeReceivers(): void {
    for (const wakeUp of [...this.#receivers]) wakeUp();
  }

  async #receive(deadline: Deadline): Promise<InboxEntry> {
    for (;;) {
      if (deadline.error !== undefined) throw deadline.error;
      const parked = this.#parked.shift();
      if (parked !== undefined) return parked;
      if (this.conversation.turnRuns) {
        await sleepIn(this.#receivers, deadline);
        continue;
      }
      const entry = this.#inbox.poll();
      if (entry === undefined) {
        if (this.over !== undefined) throw this.over;
        await this.wait(deadline);
      } else if (entry instanceof Refused || this.#owner(entry) !== "noise") {
        return entry;
      }
    }
  }

  #owner(message: ClaudeOutput): ReturnType<Conversation["owner"]> {
    const id: unknown = (message as { session_id?: unknown }).session_id;
    if (typeof id === "string" && id !== "") this.#sessionId = id;
    return this.conversation.owner(message);
  }
}
