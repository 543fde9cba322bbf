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
}

export class Turns {
  readonly #options: TurnsOptions;
  readonly #queue = new TurnQueue();

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Waits for earlier turns and begins one; `what` names the call in errors. */
  async begin(
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
      const settled = leftEarly ? this.#discard() : Promise.resolve();
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

  /** Interrupts the running turn and reads to its result, so that the next one finds nothing of it. */
  async #discard(): Promise<void> {
    const { reader, limits } = this.#options;
    const deadline = new Deadline("Discarding a turn", { timeoutMs: limits.requestTimeoutMs });
    // Whether it worked shows in the frames.
    void this.#options.interrupt().catch(() => {});
    while (deadline.error === undefined && reader.over === undefined) {
      const next = reader.pollTurn();
      if (next === undefined) await reader.wait(deadline);
      else if (next.last) break;
    }
    deadline.clear();
  }
}
