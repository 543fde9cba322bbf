/** A message while it is being written: what `--include-partial-messages` turns it into. */

import type { Dice } from "./dice.js";
import type { Envelope, Frame } from "./envelope.js";
import { base64, code, prose } from "./writing.js";

/** Characters per delta: with its envelope a frame then has 0.5 KB on average. */
const LEAST_PIECE = 20;
const MOST_PIECE = 240;
const MOST_DELTAS = 40;

/** A content block, and how it arrives in pieces. */
interface WrittenBlock {
  readonly empty: Readonly<Record<string, unknown>>;
  readonly deltas: readonly Readonly<Record<string, unknown>>[];
  readonly finished: Readonly<Record<string, unknown>>;
}

/** The frames of one message: thinking, text and a tool call, each in deltas and then as a whole. */
export function* messageStorm(envelope: Envelope): Generator<Frame> {
  const { dice } = envelope;
  envelope.nextMessage();
  yield envelope.streamEvent({ type: "message_start", message: envelope.emptyMessage() });
  const blocks = [thinkingBlock(dice), textBlock(dice), toolBlock(dice, envelope.toolUseId())];
  for (const [index, { empty, deltas, finished }] of blocks.entries()) {
    yield envelope.streamEvent({ type: "content_block_start", index, content_block: empty });
    for (const delta of deltas) yield envelope.streamEvent({ type: "content_block_delta", index, delta });
    yield envelope.assistant(finished);
    yield envelope.streamEvent({ type: "content_block_stop", index });
  }
  const delta = { stop_reason: "tool_use", stop_sequence: null };
  yield envelope.streamEvent({ type: "message_delta", delta, usage: { output_tokens: dice.whole(50, 900) } });
  yield envelope.streamEvent({ type: "message_stop" });
  const stdout = code(dice, dice.whole(40, 400));
  yield envelope.toolResult(stdout, { stdout, stderr: "", interrupted: false, isImage: false });
}

function thinkingBlock(dice: Dice): WrittenBlock {
  const pieces = piecesOf(dice, prose);
  const signature = base64(dice, 256);
  return {
    empty: { type: "thinking", thinking: "", signature: "" },
    deltas: [
      ...pieces.map((thinking) => ({ type: "thinking_delta", thinking })),
      { type: "signature_delta", signature },
    ],
    finished: { type: "thinking", thinking: pieces.join(""), signature },
  };
}

function textBlock(dice: Dice): WrittenBlock {
  const pieces = piecesOf(dice, dice.pick([prose, code]));
  return {
    empty: { type: "text", text: "" },
    deltas: pieces.map((text) => ({ type: "text_delta", text })),
    finished: { type: "text", text: pieces.join("") },
  };
}

function toolBlock(dice: Dice, id: string): WrittenBlock {
  const input = { file_path: "/home/user/project/src/größe.ts", content: piecesOf(dice, code).join("") };
  const json = JSON.stringify(input);
  const deltas: { type: string; partial_json: string }[] = [];
  for (let at = 0; at < json.length; ) {
    const end = at + dice.whole(LEAST_PIECE, MOST_PIECE);
    deltas.push({ type: "input_json_delta", partial_json: json.slice(at, end) });
    at = end;
  }
  return {
    empty: { type: "tool_use", id, name: "Write", input: {} },
    deltas,
    finished: { type: "tool_use", id, name: "Write", input },
  };
}

function piecesOf(dice: Dice, write: (dice: Dice, length: number) => string): string[] {
  return Array.from({ length: dice.whole(1, MOST_DELTAS) }, () =>
    write(dice, dice.whole(LEAST_PIECE, MOST_PIECE)),
  );
}
