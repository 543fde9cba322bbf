import type { MessageReply, ReplyBlock } from "./model-reply.js";

/** One server-sent event of a streamed answer. */
export interface StreamEvent {
  /** Milliseconds to wait before sending it. */
  readonly delayMs: number;
  /** The event as it goes over the wire, with its closing blank line. */
  readonly wire: string;
}

/** What an answer needs beside its content. */
export interface MessageIdentity {
  readonly messageId: string;
  readonly model: string;
  /** Used where the reply does not say its usage. */
  readonly inputTokens: number;
  /** Gives the id of the next tool call that has none of its own. */
  readonly nextToolUseId: () => string;
}

const DEFAULT_CHUNK_SIZE = 4_096;

/** The events of a streamed answer, exactly as the Messages API orders them. */
export function* messageEvents(reply: MessageReply, identity: MessageIdentity): Generator<StreamEvent> {
  const usage = usageOf(reply, identity);
  const opening = { content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } };
  yield event({ type: "message_start", message: { ...shellOf(identity), ...opening } }, reply.delayMs);
  for (const [index, block] of reply.blocks.entries()) yield* blockEvents(block, index, identity);
  yield event({
    type: "message_delta",
    delta: { stop_reason: reply.stopReason, stop_sequence: null },
    usage: { output_tokens: usage.output_tokens },
  });
  yield event({ type: "message_stop" });
}

/** The answer to a request with `stream: false`: one message object. */
export function messageObject(reply: MessageReply, identity: MessageIdentity) {
  return {
    ...shellOf(identity),
    content: reply.blocks.map((block) => blockObject(block, identity)),
    stop_reason: reply.stopReason,
    usage: usageOf(reply, identity),
  };
}

function shellOf({ messageId, model }: MessageIdentity) {
  return { id: messageId, type: "message", role: "assistant", model, stop_sequence: null };
}

function* blockEvents(block: ReplyBlock, index: number, identity: MessageIdentity): Generator<StreamEvent> {
  const delta = (fields: Record<string, string>, delayMs = 0) =>
    event({ type: "content_block_delta", index, delta: fields }, delayMs);
  const start = (content: Record<string, unknown>) =>
    event({ type: "content_block_start", index, content_block: content });
  switch (block.kind) {
    case "text":
      yield start({ type: "text", text: "" });
      for (const piece of pieces(block.text, block.chunkSize)) {
        yield delta({ type: "text_delta", text: piece }, block.delayMs);
      }
      break;
    case "thinking":
      yield start({ type: "thinking", thinking: "", signature: "" });
      for (const piece of pieces(block.thinking, block.chunkSize)) {
        yield delta({ type: "thinking_delta", thinking: piece }, block.delayMs);
      }
      yield delta({ type: "signature_delta", signature: block.signature });
      break;
    case "tool_use":
      yield start({ ...blockObject(block, identity), input: {} });
      for (const piece of pieces(JSON.stringify(block.input), block.chunkSize)) {
        yield delta({ type: "input_json_delta", partial_json: piece }, block.delayMs);
      }
      break;
  }
  yield event({ type: "content_block_stop", index });
}

function blockObject(block: ReplyBlock, identity: MessageIdentity): Record<string, unknown> {
  switch (block.kind) {
    case "text":
      return { type: "text", text: block.text };
    case "thinking":
      return { type: "thinking", thinking: block.thinking, signature: block.signature };
    case "tool_use":
      return {
        type: "tool_use",
        id: block.id ?? identity.nextToolUseId(),
        name: block.name,
        input: block.input,
      };
  }
}

function usageOf(reply: MessageReply, identity: MessageIdentity) {
  const characters = reply.blocks.reduce((sum, block) => sum + lengthOf(block), 0);
  return {
    input_tokens: identity.inputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: Math.max(1, Math.ceil(characters / 4)),
    ...reply.usage,
  };
}

function lengthOf(block: ReplyBlock): number {
  switch (block.kind) {
    case "text":
      return block.text.length;
    case "thinking":
      return block.thinking.length;
    case "tool_use":
      return JSON.stringify(block.input).length;
  }
}

function* pieces(value: string, size = DEFAULT_CHUNK_SIZE): Generator<string> {
  for (let start = 0; start < value.length; ) {
    let end = Math.min(start + Math.max(1, Math.floor(size)), value.length);
    if (end < value.length && isHighSurrogate(value.charCodeAt(end - 1))) end += 1;
    yield value.slice(start, end);
    start = end;
  }
}

function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function event(data: { type: string } & Record<string, unknown>, delayMs = 0): StreamEvent {
  return { delayMs, wire: `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n` };
}
