/** Sends user messages, and keeps the conversation's record of them true. */

import { TimeoutError } from "../errors.js";
import { type ClaudeInput, encodeInput } from "../protocol/index.js";
import type { ControlCalls } from "./control-calls.js";
import type { Conversation } from "./conversation.js";
import type { Introduction } from "./introduction.js";

export class UserMessages {
  readonly #calls: ControlCalls;
  readonly #conversation: Conversation;
  readonly #introduction: Introduction;

  constructor(calls: ControlCalls, conversation: Conversation, introduction: Introduction) {
    this.#calls = calls;
    this.#conversation = conversation;
    this.#introduction = introduction;
  }

  /** Sends a message that belongs to no query, with its own uuid or a new one. */
  async sendByHand(input: ClaudeInput): Promise<void> {
    const given = (input as { uuid?: unknown }).uuid;
    const uuid = this.#conversation.messageSent(typeof given === "string" ? given : undefined);
    await this.send({ ...input, uuid } as ClaudeInput, uuid);
  }

  /** Sends a message that carries this uuid. */
  async send(input: ClaudeInput, uuid: string): Promise<void> {
    this.#introduction.prompted();
    try {
      await this.#calls.write(encodeInput(input));
    } catch (error) {
      // A line that the child has not read in time, but has been given, may yet be answered.
      const sent = error instanceof TimeoutError && error.unsent !== true;
      if (!sent) this.#conversation.messageUnsent(uuid);
      throw error;
    }
  }
}
