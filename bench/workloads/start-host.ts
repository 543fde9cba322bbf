/** The host program that `start` measures. It loads nothing before it is needed: its own start counts. */

import { openConversation, type Talker } from "../real-cli/conversation.js";
import type { Stage } from "../real-cli/stage.js";
import { assistantText, isDelta, resultOf } from "../real-cli/wire-message.js";
import type { Measure } from "../scenario.js";

/**
 * From where to where:
 * - `cold`: from the start of the host process to the first assistant message;
 * - `second`: the same from the opening of a second conversation, when everything is loaded and warm;
 * - `ready`: from the prompt, when the CLI was started before and has booted;
 * - `interrupt`: from the call, in the middle of an answer, to the turn's result;
 * - `shutdown`: from the call, between turns, to the CLI's exit.
 */
export type Moment = "cold" | "second" | "ready" | "interrupt" | "shutdown";

/** What the host is told. */
export interface StartHostInput {
  readonly talker: Talker;
  readonly moment: Moment;
  readonly stage: Stage;
}

/** The model answers this with {@link ANSWER}. */
export const PROMPT = "say hello";
export const ANSWER = "Hello there, and welcome.";
/** The model answers this for minutes, in small pieces. */
export const ENDLESS_PROMPT = "talk for ever";

const PIECES_BEFORE_INTERRUPT = 10;

export const measure: Measure<StartHostInput> = async ({ talker, moment, stage }) => {
  const open = (options = {}) => openConversation(talker, stage, options);
  switch (moment) {
    case "cold": {
      const conversation = await open();
      // Its zero is the start of the process.
      const ms = await firstAnswerAt(conversation.ask(PROMPT));
      await conversation.close();
      return { ms };
    }
    case "second": {
      const first = await open();
      await firstAnswerAt(first.ask(PROMPT));
      await first.close();
      const began = performance.now();
      const conversation = await open();
      const ms = (await firstAnswerAt(conversation.ask(PROMPT))) - began;
      await conversation.close();
      return { ms };
    }
    case "ready": {
      const conversation = await open({ ready: true });
      const began = performance.now();
      const ms = (await firstAnswerAt(conversation.ask(PROMPT))) - began;
      await conversation.close();
      return { ms };
    }
    case "interrupt": {
      const conversation = await open({ partialMessages: true });
      const { began, ended } = await interruptAnswer(conversation);
      await conversation.close();
      return { ms: ended - began };
    }
    case "shutdown": {
      const conversation = await open();
      await firstAnswerAt(conversation.ask(PROMPT));
      const began = performance.now();
      await conversation.close();
      return { ms: performance.now() - began };
    }
  }
};

/** Reads a turn to its end and tells when its first assistant message came. */
async function firstAnswerAt(messages: AsyncIterable<unknown>): Promise<number> {
  let firstAt: number | undefined;
  let text = "";
  let subtype: unknown;
  for await (const message of messages) {
    const said = assistantText(message);
    if (said !== undefined) firstAt ??= performance.now();
    text += said ?? "";
    subtype = resultOf(message)?.subtype ?? subtype;
  }
  if (firstAt === undefined || text !== ANSWER || subtype !== "success")
    throw new Error(`The turn ended as ${subtype} with the answer ${JSON.stringify(text)}.`);
  return firstAt;
}

async function interruptAnswer(conversation: {
  ask(prompt: string): AsyncIterable<unknown>;
  interrupt(): Promise<void>;
}): Promise<{ began: number; ended: number }> {
  let pieces = 0;
  let began = 0;
  let interrupted: Promise<void> | undefined;
  let subtype: unknown;
  let ended = 0;
  for await (const message of conversation.ask(ENDLESS_PROMPT)) {
    if (isDelta(message)) pieces += 1;
    if (pieces === PIECES_BEFORE_INTERRUPT && interrupted === undefined) {
      began = performance.now();
      interrupted = conversation.interrupt();
    }
    ended = performance.now();
    subtype = resultOf(message)?.subtype ?? subtype;
  }
  await interrupted;
  if (interrupted === undefined || subtype !== "error_during_execution")
    throw new Error(`The turn was not interrupted: it ended as ${subtype} after ${pieces} pieces.`);
  return { began, ended };
}
