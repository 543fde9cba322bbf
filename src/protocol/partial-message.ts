/** The message that the main agent is writing, as it grows. */

import type { ContentBlock } from "./content-blocks.js";
import type { ClaudeOutput } from "./messages.js";
import { tagOf } from "./wire-schema.js";

/** A tool call of which only the beginning of its input is there. */
export interface PartialToolUse {
  readonly type: "tool_use" | "server_tool_use" | "mcp_tool_use";
  readonly id: string;
  readonly name: string;
  /** What has come of the input: the beginning of a JSON text. The finished block has `input` instead. */
  readonly partial_json: string;
}

/** An answer of the model, as far as it has come. Never changed in place: the next state is another object. */
export interface PartialMessage {
  /** The API's id of the answer, as on the `assistant` messages that repeat it. */
  readonly id: string;
  readonly model: string;
  /** Blocks in their order; the last ones may be growing still. */
  readonly content: readonly (ContentBlock | PartialToolUse)[];
  readonly stop_reason: string | undefined;
  /** True for the last state of an answer that came to its end. */
  readonly finished: boolean;
}

type Block = Readonly<Record<string, unknown>>;

/** Deltas whose text is appended: the field of the delta, and that of the block. */
const GROWING: Readonly<Record<string, readonly [from: string, to: string]>> = {
  text_delta: ["text", "text"],
  thinking_delta: ["thinking", "thinking"],
  input_json_delta: ["partial_json", "partial_json"],
};

/**
 * Puts the events of an answer together. Fed with the messages of a turn in their order, it gives the new state of
 * the answer for each that changes it. An answer that is begun anew, as after an overload, has another `id`; one that
 * comes without events, because partial messages are off, grows by whole blocks. A delta costs the same whatever has
 * come before it.
 */
export class PartialMessages {
  #id = "";
  #model = "";
  #stopReason: string | undefined;
  #finished = false;
  #streamed = false;
  /** By the API's index, which may have gaps. */
  #blocks: (Block | undefined)[] = [];
  /** Places of blocks that have not come as part of an `assistant` message yet. */
  #unconfirmed: number[] = [];

  /** The new state of the answer; undefined for a message that does not change it. */
  add(message: ClaudeOutput): PartialMessage | undefined {
    if (tagOf(message, "parent_tool_use_id") !== undefined) return undefined;
    let changed = false;
    if (message.type === "stream_event") changed = this.#event(field(message, "event"));
    else if (message.type === "assistant") changed = this.#repeated(field(message, "message"));
    return changed ? this.#state() : undefined;
  }

  #state(): PartialMessage {
    return {
      id: this.#id,
      model: this.#model,
      content: this.#blocks.filter((block) => block !== undefined) as unknown as ContentBlock[],
      stop_reason: this.#stopReason,
      finished: this.#finished,
    };
  }

  #event(event: unknown): boolean {
    const index = field(event, "index");
    switch (tagOf(event, "type")) {
      case "message_start":
        this.#begin(field(event, "message"), true);
        return true;
      case "content_block_start":
        return typeof index === "number" && this.#start(index, field(event, "content_block"));
      case "content_block_delta":
        return typeof index === "number" && this.#grow(index, field(event, "delta"));
      case "content_block_stop":
        return typeof index === "number" && this.#stop(index);
      case "message_delta":
        this.#stopReason = tagOf(field(event, "delta"), "stop_reason") ?? this.#stopReason;
        return true;
      case "message_stop":
        // The CLI (2.1.330) makes one up for an answer that was cut off, without a reason.
        this.#finished = this.#stopReason !== undefined;
        return this.#finished;
      default:
        return false;
    }
  }

  #begin(message: unknown, streamed: boolean): void {
    this.#id = tagOf(message, "id") ?? "";
    this.#model = tagOf(message, "model") ?? "";
    this.#stopReason = tagOf(message, "stop_reason");
    this.#finished = false;
    this.#streamed = streamed;
    this.#blocks = [];
    this.#unconfirmed = [];
  }

  #start(index: number, block: unknown): boolean {
    if (!isBlock(block) || !Number.isInteger(index) || index < 0 || index > MOST_BLOCKS) return false;
    const { input, ...rest } = block;
    // The API announces a call with an empty input, whatever it will be.
    const empty = isBlock(input) && Object.keys(input).length === 0;
    this.#blocks[index] = empty ? { ...rest, partial_json: "" } : block;
    this.#unconfirmed.push(index);
    return true;
  }

  #grow(index: number, delta: unknown): boolean {
    const block = this.#blocks[index];
    const type = tagOf(delta, "type") ?? "";
    if (block === undefined || !this.#unconfirmed.includes(index)) return false;
    const [from, to] = GROWING[type] ?? [];
    if (from !== undefined && to !== undefined) {
      const text = tagOf(delta, from);
      if (text === undefined || text === "") return false;
      this.#blocks[index] = { ...block, [to]: (tagOf(block, to) ?? "") + text };
    } else if (type === "citations_delta") {
      const { citations } = block;
      const before: readonly unknown[] = Array.isArray(citations) ? citations : [];
      this.#blocks[index] = { ...block, citations: [...before, field(delta, "citation")] };
    } else if (isBlock(delta) && (type === "signature_delta" || type === "compaction_delta")) {
      const { type: _, ...fields } = delta;
      this.#blocks[index] = { ...block, ...fields };
    } else return false;
    return true;
  }

  #stop(index: number): boolean {
    const block = this.#blocks[index];
    if (block === undefined || typeof block.partial_json !== "string") return false;
    const { partial_json, ...rest } = block;
    try {
      this.#blocks[index] = {
        ...rest,
        input: partial_json === "" ? {} : (JSON.parse(partial_json) as unknown),
      };
      return true;
    } catch {
      // The text stays: it is all that there is.
      return false;
    }
  }

  /** Finished blocks, as the CLI gives them: they are what counts, and take the place of what was put together. */
  #repeated(message: unknown): boolean {
    const id = tagOf(message, "id") ?? "";
    if (id !== this.#id) this.#begin(message, false);
    const content = field(message, "content");
    const blocks: readonly unknown[] =
      typeof content === "string" ? [{ type: "text", text: content }] : list(content);
    for (const block of blocks) {
      if (!isBlock(block)) continue;
      const place = this.#unconfirmed.findIndex((index) => this.#blocks[index]?.type === block.type);
      const [index] = place < 0 ? [this.#blocks.length] : this.#unconfirmed.splice(place, 1);
      this.#blocks[index ?? this.#blocks.length] = block;
    }
    this.#stopReason = tagOf(message, "stop_reason") ?? this.#stopReason;
    // Of an answer without events only the last part tells why it ended.
    if (!this.#streamed) this.#finished = this.#stopReason !== undefined;
    return true;
  }
}

/** No answer has so many; an index beyond it is not believed. */
const MOST_BLOCKS = 10_000;

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
