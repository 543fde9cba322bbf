import {
  type ClaudeOutput,
  isAssistant,
  isResult,
  isStreamEvent,
  type StreamEventMessage,
  textOf,
} from "../protocol/index.js";

/** The piece of the main agent's text that a message brings, if any. */
export function textPiece(message: ClaudeOutput): string | undefined {
  if (!isStreamEvent(message) || message.parent_tool_use_id != null) return undefined;
  const { event } = message;
  if (event.type !== "content_block_delta" || event.delta?.type !== "text_delta") return undefined;
  return event.delta.text;
}

/**
 * The main agent's answer as one growing text: its pieces as they arrive, or each finished block where no pieces
 * came. Every block ends its line, so that what stderr tells in between stands on lines of its own.
 */
export class AnswerText {
  #inBlock = false;
  #written = false;
  #atLineStart = true;

  /** What a message adds to the text. */
  take(message: ClaudeOutput): string {
    if (isStreamEvent(message)) return this.#event(message);
    if (isAssistant(message)) {
      // A failed call of the API is put into words as well; the result tells of it.
      const isAnswer = message.parent_tool_use_id == null && message.error == null;
      return isAnswer ? this.#block(textOf(message)) : "";
    }
    if (!isResult(message)) return "";
    // A local command such as /context says all it has to say in its result.
    const text =
      !this.#written && !message.is_error && typeof message.result === "string" ? message.result : "";
    return this.#add(text) + this.end();
  }

  /** The line feed that is missing after what has been written, if any. */
  end(): string {
    this.#inBlock = false;
    return this.#atLineStart ? "" : this.#add("\n");
  }

  #event(message: StreamEventMessage): string {
    const isMain = message.parent_tool_use_id == null;
    // The answer before it broke off, and the CLI asks again.
    if (isMain && message.event.type === "message_start") return this.end();
    const piece = textPiece(message);
    if (piece === undefined) return "";
    this.#inBlock = true;
    return this.#add(piece);
  }

  #block(text: string | undefined): string {
    if (text === undefined) return "";
    return (this.#inBlock ? "" : this.#add(text)) + this.end();
  }

  #add(text: string): string {
    if (text === "") return "";
    this.#written = true;
    this.#atLineStart = text.endsWith("\n");
    return text;
  }
}
