/** What the tests in this folder script the model with, and how they look at a turn. */

import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { TimeoutError } from "../../../src/errors.js";
import {
  type ClaudeOutput,
  isResult,
  isStreamEvent,
  type ResultMessage,
  textOf,
  toolResults,
} from "../../../src/protocol/index.js";
import {
  type ModelRequest,
  type ModelRule,
  promptOf,
  type TextBlock,
  type ToolUseBlock,
  text,
  toolUse,
} from "../../../src/testing/index.js";
import { PATIENCE_MS } from "../../support/real-cli.js";

/** Answers any prompt with the prompt itself, so that an answer shows whose it is. */
export const ECHO: ModelRule = { when: "", reply: (request) => `echo: ${promptOf(request)}` };

/** Runs until somebody ends it. (A lone `sleep` is refused by the CLI.) */
export const ENDLESS_COMMAND = "tail -f /dev/null";

/** A call of Bash. */
export function bash(command: string, more: Readonly<Record<string, unknown>> = {}): ToolUseBlock {
  return toolUse("Bash", { command, description: "a scripted command", ...more });
}

/** A text that streams for minutes. */
export function endlessText(): TextBlock {
  return text("word ".repeat(5_000), { chunkSize: 5, delayMs: 20 });
}

/** Frames of a turn with one answer: queued, started, init, assistant, result, completed (CLI 2.1.330). */
export const FRAMES_PER_TURN = 6;

/** A model that answers once it is let: makes "while the turn runs" certain without any timing. */
export class Gate {
  #open: () => void = () => {};
  readonly #opened = new Promise<void>((resolve) => {
    this.#open = resolve;
  });

  open(): void {
    this.#open();
  }

  /** A reply that waits for the gate. */
  holds(answer: string): (request: ModelRequest) => Promise<string> {
    return async () => {
      await this.#opened;
      return answer;
    };
  }
}

/** `type/subtype` of each message. */
export function kindsOf(messages: readonly unknown[]): string[] {
  return (messages as readonly { type?: unknown; subtype?: unknown }[]).map(({ type, subtype }) =>
    subtype === undefined ? String(type) : `${type}/${subtype}`,
  );
}

/** All texts of the model in the messages. */
export function textsOf(messages: readonly ClaudeOutput[]): string[] {
  return messages.flatMap((message) => textOf(message) ?? []);
}

/** The pieces of text in the messages' stream events. */
export function piecesOf(messages: readonly ClaudeOutput[]): string[] {
  return messages.filter(isStreamEvent).flatMap(({ event }) => {
    const { delta } = event as { delta?: { type?: string; text?: string } };
    return delta?.type === "text_delta" && delta.text !== undefined ? [delta.text] : [];
  });
}

/** The texts of all tool results in the messages. */
export function toolTextsOf(messages: readonly ClaudeOutput[]): string[] {
  return messages.flatMap((message) =>
    toolResults(message).map(({ content }) =>
      typeof content === "string" ? content : JSON.stringify(content),
    ),
  );
}

/** The one result among the messages, which must be the last of them. */
export function resultOf(messages: readonly ClaudeOutput[]): ResultMessage {
  const results = messages.filter(isResult);
  assert.is(results.length, 1, `expected one result among ${kindsOf(messages).join(" ")}`);
  const last = messages.at(-1);
  if (!isResult(last)) throw new Error(`the last message is no result: ${kindsOf(messages).join(" ")}`);
  return last;
}

/** The result's own text. */
export function answerOf(messages: readonly ClaudeOutput[]): string | undefined {
  const result = resultOf(messages);
  return result.subtype === "success" ? (result.result ?? undefined) : undefined;
}

/** Asks, and holds the turn to be exactly an undisturbed one: nothing of any other turn is in it. */
export async function assertUndisturbed(client: AsyncClient, prompt: string): Promise<void> {
  const messages = await client.query(prompt, { timeoutMs: PATIENCE_MS });
  const whole = kindsOf(messages).filter((kind) => kind === "system/init" || !/^(system|stream)/.test(kind));
  assert.equal(whole, ["system/init", "assistant", "result/success"]);
  if (messages.some(isStreamEvent)) assert.is(piecesOf(messages).join(""), `echo: ${prompt}`);
  assert.equal(textsOf(messages), [`echo: ${prompt}`]);
  assert.is(answerOf(messages), `echo: ${prompt}`);
}

/** Receives until a result has come. */
export async function receiveTurn(client: AsyncClient): Promise<ClaudeOutput[]> {
  const messages: ClaudeOutput[] = [];
  for (;;) {
    const message = await client.receive({ timeoutMs: PATIENCE_MS });
    messages.push(message);
    if (isResult(message)) return messages;
  }
}

/** Receives whatever is there already; the CLI must have come to rest. */
export async function receiveRest(client: AsyncClient): Promise<ClaudeOutput[]> {
  // An answer of the CLI is behind all that it wrote before.
  await client.isResponsive();
  const messages: ClaudeOutput[] = [];
  for (;;) {
    try {
      messages.push(await client.receive({ timeoutMs: 50 }));
    } catch (error) {
      if (error instanceof TimeoutError) return messages;
      throw error;
    }
  }
}
