/** Reads the stream of frames for whom they are meant: the turn that runs, or `receive()`. */

import { type ClaudeError, DeserializationError } from "../errors.js";
import {
  type ClaudeOutput,
  isResult,
  isSystem,
  type ResultMessage,
  type SlashCommand,
} from "../protocol/index.js";
import { Conversation, type FrameOwner } from "./conversation.js";
import type { Deadline } from "./deadline.js";
import { diagnostics } from "./diagnostics.js";
import { type Inbox, sleepIn } from "./inbox.js";
import { type InboxEntry, UnreadableLine } from "./inbox-entries.js";
import { tell } from "./listener.js";
import type { StallWatch } from "./stall-watch.js";
import { Totals } from "./totals.js";
import { TurnQueue } from "./turn-queue.js";

/** Told of a line that was refused while a turn ran; the turn goes on. */
export type FaultListener = (fault: ClaudeError) => void;

/** What a turn reads: a message, the last one if it is the result, or that there will be none. */
export type TurnEntry = { readonly message: ClaudeOutput; readonly last: boolean } | "cancelled";

/** Messages kept for a `receive()` that may never be called; beyond it the oldest go, and are counted. */
const MOST_UNCLAIMED = 10_000;

export class MessageReader {
  readonly conversation = new Conversation();
  /** What the results read so far have used. */
  readonly totals = new Totals();
  readonly #inbox: Inbox;
  readonly #onFault: FaultListener | undefined;
  readonly #stalls: StallWatch | undefined;
  /** What a turn came across that is not its own: for `receive()`. */
  readonly #unclaimed: ClaudeOutput[] = [];
  #dropped = 0;
  /** Calls of `receive()` are served in the order in which they were made. */
  readonly #receiveQueue = new TurnQueue();
  /** The call of `receive()` that waits for a turn to end. */
  readonly #receivers = new Set<() => void>();
  #sessionId: string | undefined;
  #commands: ClaudeOutput | undefined;
  #resumable: string | null | undefined;
  #sessionOver: ClaudeError | undefined;

  /** @param sessionId the session that was resumed, if one was */
  constructor(
    inbox: Inbox,
    { onFault }: { readonly onFault?: FaultListener },
    stalls?: StallWatch,
    sessionId?: string,
  ) {
    this.#inbox = inbox;
    this.#onFault = onFault;
    this.#stalls = stalls;
    this.#sessionId = sessionId;
    this.#resumable = sessionId;
  }

  /** The process that is read. */
  get pid(): number | undefined {
    return this.#inbox.pid;
  }

  /** The wire's session id as of the last message read; before the first one that of the resumed session. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /**
   * The session that another process could go on with: one in which a turn of the model has ended, as earlier there
   * may be no transcript. Null when a new one was begun, and has none yet; undefined when nothing is known.
   */
  get resumable(): string | null | undefined {
    return this.#resumable;
  }

  /** The commands of the last `commands_changed` that was read. */
  get commands(): readonly SlashCommand[] | undefined {
    return isSystem(this.#commands, "commands_changed") ? this.#commands.commands : undefined;
  }

  /** Messages that wait for `receive()` because a turn came across them, and those dropped of them. */
  get unclaimed(): { readonly waiting: number; readonly dropped: number } {
    return { waiting: this.#unclaimed.length, dropped: this.#dropped };
  }

  /** What the running turn reads next, if it is there. */
  pollTurn(): TurnEntry | undefined {
    for (;;) {
      const entry = this.#inbox.poll();
      if (entry === undefined) return undefined;
      if (entry instanceof UnreadableLine) {
        tell("onFault", this.#onFault, entry.error);
        continue;
      }
      switch (this.#owner(entry)) {
        case "turn":
          return { message: entry, last: false };
        case "turn-end":
          return { message: entry, last: true };
        case "turn-cancelled":
          return "cancelled";
        case "other":
          this.#park(entry);
          break;
        case "noise":
          break;
      }
    }
  }

  /** Waits until something may be there to read; settles also when the session or the deadline is over. */
  wait(deadline: Deadline): Promise<void> {
    return this.#inbox.wait(deadline);
  }

  /** Why nothing will come any more; undefined while something may. See {@link Inbox.closeIfDrained}. */
  closeIfDrained(): ClaudeError | undefined {
    return this.#inbox.closeIfDrained();
  }

  /** The turn is over: frames are `receive()`'s again. */
  endTurn(): void {
    this.conversation.endTurn();
    this.#wakeReceiver();
  }

  /** The session has ended: what is left belongs to a turn that nobody may ever read. */
  sessionOver(error: ClaudeError): void {
    this.#sessionOver = error;
    this.#wakeReceiver();
  }

  /**
   * The next message outside of turns, for `receive()`. While a turn runs, frames are the turn's.
   * @throws DeserializationError, FrameTooLargeError, the session's end, the deadline's error
   */
  async receive(deadline: Deadline): Promise<ClaudeOutput> {
    const entry = await this.#receive(deadline);
    if (entry instanceof UnreadableLine) throw entry.error;
    return entry;
  }

  /** Like {@link receive}, for any JSON value that the child writes as a line. */
  async receiveRaw(deadline: Deadline): Promise<unknown> {
    const entry = await this.#receive(deadline);
    if (!(entry instanceof UnreadableLine)) return entry;
    if (!(entry.error instanceof DeserializationError)) throw entry.error;
    try {
      return JSON.parse(entry.error.rawLine) as unknown;
    } catch {
      throw entry.error;
    }
  }

  /** Never raced against the deadline: an entry that has been taken must reach its caller. */
  async #receive(deadline: Deadline): Promise<InboxEntry> {
    const leave = await this.#receiveQueue.enter(deadline);
    try {
      for (;;) {
        if (deadline.error !== undefined) throw deadline.error;
        const entry = this.#unclaimed.shift() ?? this.#pollOutsideTurns();
        if (entry !== undefined) return entry;
        if (this.conversation.turnRuns && this.#sessionOver !== undefined) throw this.#sessionOver;
        if (this.conversation.turnRuns) {
          await sleepIn(this.#receivers, deadline);
          continue;
        }
        const end = this.closeIfDrained();
        if (end !== undefined) throw end;
        await this.wait(deadline);
      }
    } finally {
      leave();
    }
  }

  #pollOutsideTurns(): InboxEntry | undefined {
    while (!this.conversation.turnRuns) {
      const entry = this.#inbox.poll();
      if (entry === undefined || entry instanceof UnreadableLine || this.#owner(entry) !== "noise")
        return entry;
    }
    return undefined;
  }

  #owner(message: ClaudeOutput): FrameOwner {
    const id: unknown = (message as { session_id?: unknown }).session_id;
    if (typeof id === "string" && id !== "") this.#sessionId = id;
    if (isSystem(message, "commands_changed")) this.#commands = message;
    if (isResult(message)) this.#count(message);
    this.#stalls?.see(message);
    if (diagnostics.frame.hasSubscribers) diagnostics.frame.publish({ pid: this.pid, message });
    return this.conversation.owner(message);
  }

  #count(result: ResultMessage): void {
    this.totals.add(result);
    const ran = typeof result.num_turns === "number" && result.num_turns > 0;
    if (ran) this.#resumable = this.#sessionId;
    else if (this.#resumable !== undefined && this.#resumable !== this.#sessionId) this.#resumable = null;
  }

  #park(message: ClaudeOutput): void {
    this.#unclaimed.push(message);
    if (this.#unclaimed.length > MOST_UNCLAIMED) {
      this.#unclaimed.shift();
      this.#dropped += 1;
    }
    this.#wakeReceiver();
  }

  #wakeReceiver(): void {
    for (const wakeUp of [...this.#receivers]) wakeUp();
  }
}
