/** Answers of the model as the CLI writes them: events, and the finished blocks behind them. */

/** A content block. */
export type ScriptedBlock = Readonly<Record<string, unknown>> & { readonly type: string };

/** A text. */
export function textBlock(text: string): ScriptedBlock {
  return { type: "text", text };
}

/** A call of a tool. */
export function toolBlock(id: string, input: unknown): ScriptedBlock {
  return { type: "tool_use", id, name: "Bash", input };
}

/** A thought. */
export function thinkingBlock(thinking: string): ScriptedBlock {
  return { type: "thinking", thinking, signature: "c2ln" };
}

/** A `stream_event` of the main agent. */
export function event(fields: unknown): Record<string, unknown> {
  return { type: "stream_event", parent_tool_use_id: null, event: fields };
}

/** An `assistant` message. */
export function assistantFrame(
  id: string,
  content: unknown,
  parent: string | null = null,
  stopReason: string | null = null,
): Record<string, unknown> {
  const message = { id, role: "assistant", model: "m", content, stop_reason: stopReason };
  return { type: "assistant", parent_tool_use_id: parent, message };
}

/** An answer in pieces of so many characters; each block comes once more as a whole when it is finished. */
export function streamed(
  id: string,
  blocks: readonly ScriptedBlock[],
  size: number,
): Record<string, unknown>[] {
  const message = { id, role: "assistant", model: "m", content: [], stop_reason: null };
  return [
    event({ type: "message_start", message }),
    ...blocks.flatMap((block, index) => [
      ...blockEvents(block, index, size),
      assistantFrame(id, [block]),
      event({ type: "content_block_stop", index }),
    ]),
    event({ type: "message_delta", delta: { stop_reason: "end_turn" } }),
    event({ type: "message_stop" }),
  ];
}

/** The beginning of an answer that was cut off, with the end that the CLI makes up for it. */
export function cut(id: string, text: string): Record<string, unknown>[] {
  return [
    ...unended(id, text),
    event({ type: "content_block_stop", index: 0 }),
    event({ type: "message_stop" }),
  ];
}

/** The beginning of an answer of which nothing more comes. */
export function unended(id: string, text: string): Record<string, unknown>[] {
  return [event({ type: "message_start", message: { id } }), ...blockEvents(textBlock(text), 0, 3)];
}

function blockEvents(block: ScriptedBlock, index: number, size: number): Record<string, unknown>[] {
  const deltas = deltasOf(block, size);
  const { text, thinking, signature, input } = block;
  const start = {
    ...block,
    ...(text !== undefined && { text: "" }),
    ...(thinking !== undefined && { thinking: "" }),
    ...(signature !== undefined && { signature: "" }),
    ...(input !== undefined && { input: {} }),
  };
  return [
    event({ type: "content_block_start", index, content_block: start }),
    ...deltas.map((delta) => event({ type: "content_block_delta", index, delta })),
  ];
}

function deltasOf(block: ScriptedBlock, size: number): Record<string, unknown>[] {
  const { type, text, thinking, signature, input } = block;
  if (type === "text")
    return pieces(String(text), size).map((piece) => ({ type: "text_delta", text: piece }));
  if (type === "thinking") {
    return [
      ...pieces(String(thinking), size).map((piece) => ({ type: "thinking_delta", thinking: piece })),
      { type: "signature_delta", signature },
    ];
  }
  return pieces(JSON.stringify(input), size).map((piece) => ({
    type: "input_json_delta",
    partial_json: piece,
  }));
}

function pieces(text: string, size: number): string[] {
  const all: string[] = [];
  for (let at = 0; at < text.length; at += size) all.push(text.slice(at, at + size));
  return all;
}
