/** Reads turns for whoever wants them whole. */

import { type ClaudeOutput, type ControlAnswer, isControlRequest, textOf } from "../protocol/index.js";
import type { ResponseStream } from "./turn.js";
import { refuseUnattended } from "./unattended.js";

/** What `ping()` asks; {@link saysPong} reads the answer. */
export const PING = "Reply with the single word pong and nothing else.";

/** Collects a turn's messages; answers what would make the CLI wait for somebody who is not there. */
export async function collectUnattended(
  stream: ResponseStream,
  answer: (answer: ControlAnswer) => Promise<void>,
): Promise<ClaudeOutput[]> {
  const messages: ClaudeOutput[] = [];
  for await (const message of stream) {
    if (isControlRequest(message)) await answer(refuseUnattended(message));
    messages.push(message);
  }
  return messages;
}

/** Whether the model has said the word. */
export function saysPong(messages: readonly ClaudeOutput[]): boolean {
  return messages.some((message) => /\bpong\b/i.test(textOf(message) ?? ""));
}
