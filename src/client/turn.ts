/** One turn: a prompt that was sent, and the frames that answer it, up to its result. */

import { InvalidStateError } from "../errors.js";
import {
  type ClaudeOutput,
  isResult,
  type PartialMessage,
  PartialMessages,
  type ResultMessage,
  SpokenText,
  textOf,
} from "../protocol/index.js";
import type { Deadline } from "./deadline.js";
import type { MessageReader } from "./message-reader.js";

/** What a turn needs of its client. */
export interface TurnOwner {
  readonly reader: MessageReader;
  /**
   * The turn is over: its result was read, the session ended, or it was left early; then what is left of it must
   * be interrupted and thrown away before the next one may begin.
   */
  turnOver(leftEarly: boolean, result: ResultMessage | undefined): void;
}

const DONE: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * The messages of one turn, read as they arrive; the last one is the result. Iterate it, or call
 * {@link ResponseStream.collect}, {@link ResponseStream.result} or {@link ResponseStream.text}.
 *
 * Leaving early (`break`, `return()`, abort, timeout) interrupts the turn and throws the rest of it away. Until a
 * stream is read to its end or left, later queries of the same client wait.
 */
export class ResponseStream implements AsyncIterableIterator<ClaudeOutput> {
  readonly #owner: TurnOwner;
  readonly #deadline: Deadline;
  #finished = false;
  #result: ResultMessage | undefined;

  /** @internal Clients make these. */
  constructor(owner: TurnOwner, deadline: Deadline) {
    this.#owner = owner;
    this.#deadline = deadline;
    deadline.onExpiry(() => this.#leave());
  }

  /**
   * The next message; done after the result.
   * @throws ConnectionClosedError, WorkerCrashedError, AbortError, TimeoutError, and InvalidStateError when the
   * CLI has dropped the prompt; the turn is over then.
   */
  next(): Promise<IteratorResult<ClaudeOutput, undefined>> {
    try {
      const ready = this.#poll();
      return ready === undefined ? this.#waitForNext() : Promise.resolve(ready);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** Leaves the turn; what `break` in a `for await` calls. */
  return(): Promise<IteratorResult<ClaudeOutput, undefined>> {
    this.#leave();
    return Promise.resolve(DONE);
  }

  /** The remaining messages, the result included. */
  async collect(): Promise<ClaudeOutput[]> {
    const messages: ClaudeOutput[] = [];
    for await (const message of this) messages.push(message);
    return messages;
  }

  /**
   * Reads to the end and gives the result message, whatever its subtype.
   * @throws InvalidStateError when the stream was left before its result.
   */
  async result(): Promise<ResultMessage> {
    for await (const _ of this);
    if (this.#result === undefined) throw new InvalidStateError("The turn was left before its result.");
    return this.#result;
  }

  /**
   * Reads to the end and gives the text of what was still unread: the main agent's text blocks one after the
   * other, or the result's own text where there are none, as after a local command.
   */
  async text(): Promise<string> {
    let text = "";
    for await (const message of this) {
      if (message.type === "assistant" && message.parent_tool_use_id == null) text += textOf(message) ?? "";
    }
    if (text !== "" || this.#result === undefined) return text;
    const { result } = this.#result as { result?: unknown };
    return typeof result === "string" ? result : "";
  }

  /**
   * The main agent's text, piece by piece as it is said: with the builder's `includePartialMessages()` as the model
   * writes it, else block by block. No text comes twice. A block begins with an empty line if something else, such
   * as a tool call, came before it. Reads the stream, and leaves it when it is left.
   */
  async *textDeltas(): AsyncGenerator<string, undefined, undefined> {
    const spoken = new SpokenText();
    for await (const message of this) yield* spoken.add(message);
  }

  /**
   * The main agent's answers as they grow: a new state for every event with the builder's
   * `includePartialMessages()`, else for every block. The last state of an answer has the content of its `assistant`
   * messages. Reads the stream, and leaves it when it is left.
   */
  async *snapshots(): AsyncGenerator<PartialMessage, undefined, undefined> {
    const growing = new PartialMessages();
    for await (const message of this) {
      const state = growing.add(message);
      if (state !== undefined) yield state;
    }
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leave();
  }

  #poll(): IteratorResult<ClaudeOutput, undefined> | undefined {
    if (this.#finished) return this.#deadline.error === undefined ? DONE : undefined;
    const next = this.#owner.reader.pollTurn();
    if (next === undefined) return undefined;
    if (next === "cancelled") {
      this.#finish(false);
      throw new InvalidStateError("The CLI has dropped the prompt before answering it; ask again.");
    }
    if (next.last) this.#end(next.message);
    return { done: false, value: next.message };
  }

  async #waitForNext(): Promise<IteratorResult<ClaudeOutput, undefined>> {
    for (;;) {
      if (this.#deadline.error !== undefined) throw this.#deadline.error;
      const ready = this.#poll();
      if (ready !== undefined) return ready;
      const end = this.#owner.reader.closeIfDrained();
      if (end !== undefined) {
        this.#finish(false);
        throw end;
      }
      await this.#owner.reader.wait(this.#deadline);
    }
  }

  #end(message: ClaudeOutput): void {
    if (isResult(message)) this.#result = message;
    this.#finish(false);
  }

  #leave(): void {
    if (!this.#finished) this.#finish(true);
  }

  #finish(leftEarly: boolean): void {
    this.#finished = true;
    this.#deadline.clear();
    this.#owner.turnOver(leftEarly, this.#result);
  }
}
