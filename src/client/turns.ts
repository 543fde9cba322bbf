/** Runs turns one after the other: sends the prompt, hands out the stream, clears up after one that was left. */

import type { Limits } from "../options.js";
import type { ClaudeInput, ContentBlockInput } from "../protocol/index.js";
import { userMessage } from "../protocol/index.js";
import type { QueryOptions } from "./client-options.js";
import { Deadline } from "./deadline.js";
import type { MessageReader } from "./message-reader.js";
import { ResponseStream } from "./turn.js";
import { TurnQueue } from "./turn-queue.js";

/** What to ask: text, or content blocks (text, images, documents). */
export type Prompt = string | readonly ContentBlockInput[];

/** What turns need of their client. */
export interface TurnsOptions {
  readonly reader: MessageReader;
  readonly limits: Limits;
  /** Sends a user message that carries this uuid. */
  sendUser(input: ClaudeInput, uuid: string): Promise<void>;
  /** Interrupts the turn that runs. */
  interrupt(): Promise<unknown>;
  /** Takes back a message that the CLI has not started on; tells whether that worked. */
  takeBack(uuid: string): Promise<boolean>;
}

export class Turns {
  readonly #options: TurnsOptions;
  readonly #queue = new TurnQueue();
  /** The prompt that is on its way to the child. */
  #prompting: Promise<unknown> | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /**
   * Settles when no prompt is on its way: an interrupt that was asked for after a query must not reach the child
   * before it.
   */
  async prompted(): Promise<void> {
    await this.#prompting?.catch(() => {});
  }

  /** Waits for earlier turns and begins one; `what` names the call in errors. */
  begin(
    what: string,
    prompt: Prompt,
    sessionId: string | undefined,
    options: QueryOptions,
  ): Promise<ResponseStream> {
    const wasIdle = this.#queue.idle;
    const begun = this.#begin(what, prompt, sessionId, options);
    if (wasIdle) this.#prompting = begun;
    return begun;
  }

  async #begin(
    what: string,
    prompt: Prompt,
    sessionId: string | undefined,
    options: QueryOptions,
  ): Promise<ResponseStream> {
    const { reader } = this.#options;
    const message = userMessage(prompt, sessionId === undefined ? {} : { sessionId });
    const deadline = new Deadline(what, options);
    const leave = await this.#queue.enter(deadline);
    const uuid = reader.conversation.messageSent(undefined);
    reader.conversation.beginTurn(uuid);
    const turnOver = (leftEarly: boolean): void => {
      const settled = leftEarly ? this.#discard(uuid) : Promise.resolve();
      void settled.finally(() => {
        reader.endTurn();
        leave();
      });
    };
    try {
      await deadline.race(this.#options.sendUser({ ...message, uuid }, uuid));
    } catch (error) {
      deadline.clear();
      // When only the wait has ended, the line is still on its way, and its turn is left like any other.
      turnOver(deadline.error !== undefined);
      throw error;
    }
    return new ResponseStream({ reader, turnOver }, deadline);
  }

  /** Ends a turn that nobody reads any more, so that the next one finds nothing of it. */
  async #discard(uuid: string): Promise<void> {
    const { reader, limits, interrupt, takeBack } = this.#options;
    const { conversation } = reader;
    // While another message's turn runs, an interrupt would hit that one.
    if (!conversation.turnIsNext && (await takeBack(uuid))) {
      conversation.messageLost(uuid);
      return;
    }
    const deadline = new Deadline("Discarding a turn", { timeoutMs: limits.requestTimeoutMs });
    let interrupted = false;
    while (deadline.error === undefined && reader.over === undefined) {
      if (!interrupted && conversation.turnIsNext) {
        interrupted = true;
        // Whether it worked shows in the frames.
        void interrupt().catch(() => {});
      }
      const entry = reader.pollTurn();
      if (entry === undefined) await reader.wait(deadline);
      else if (entry === "cancelled" || entry.last) break;
    }
    deadline.clear();
    conversation.abandon(uuid);
  }
}
