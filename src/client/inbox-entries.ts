/** Opens the batches that the worker posts: messages, and lines that are none, in their order. */

import type { FrameBatch } from "../channel/envelope.js";
import { fromFault } from "../channel/fault.js";
import { installLeaves } from "../channel/lazy-leaf.js";
import { type DecodedFrame, decodeLine } from "../codec/frame-decoder.js";
import { malformedLine } from "../codec/malformed-line.js";
import { linesOf, readUnchecked } from "../codec/unchecked-lines.js";
import type { DeserializationError, FrameTooLargeError } from "../errors.js";
import type { ClaudeOutput } from "../protocol/index.js";

/** A line that is no message, or too long, in its place in the stream: why it cannot be read. */
export class UnreadableLine {
  constructor(readonly error: DeserializationError | FrameTooLargeError) {}
}

/** What stands next in the stream. */
export type InboxEntry = ClaudeOutput | UnreadableLine;

/**
 * The entries of a batch; what the worker has checked is taken at its word. `onMalformed` is called for each line that
 * it has not checked and that turns out to be no message.
 */
export function openBatch(batch: FrameBatch, onMalformed: () => void = () => {}): InboxEntry[] {
  if (batch.unchecked !== undefined) return openUnchecked(batch.text, batch.unchecked, onMalformed);
  const entries = JSON.parse(batch.text) as InboxEntry[];
  for (const frame of batch.large) {
    const message = entries[frame.index];
    if (message !== undefined) installLeaves(message, frame);
  }
  for (const line of batch.refused) {
    entries[line.index] = new UnreadableLine(
      fromFault(line.fault) as DeserializationError | FrameTooLargeError,
    );
  }
  return entries;
}

function openUnchecked(text: string, lines: number, onMalformed: () => void): InboxEntry[] {
  const messages = readUnchecked(text, lines) as ClaudeOutput[] | undefined;
  return messages ?? linesOf(text).flatMap((line) => openLine(line, onMalformed));
}

/** What the worker makes of a line that it does not pass on unchecked. */
function openLine(line: string, onMalformed: () => void): InboxEntry[] {
  const decoded = decodeLine(Buffer.from(line), false);
  const frames = "frames" in decoded ? decoded.frames : [];
  const problem = "problem" in decoded ? decoded.problem : hiddenControl(frames);
  if (problem === undefined) return frames.map(({ value }) => value as ClaudeOutput);
  onMalformed();
  return [new UnreadableLine(malformedLine(line, problem))];
}

/** A control frame is seen by the first letter of its type; one that hides behind another type is nobody's. */
function hiddenControl(frames: readonly DecodedFrame[]): string | undefined {
  const hidden = frames.find(({ route }) => route !== "message");
  return hidden && `a ${hidden.route} that begins like a message`;
}
