/** What the main agent says, as pieces of text in their order: each of them once, however often frames repeat it. */

import type { ClaudeOutput } from "./messages.js";
import { tagOf } from "./wire-schema.js";

/** A text block that is being streamed. */
interface OpenBlock {
  readonly index: number;
  text: string;
  /** How much of the text has been handed out, by this block or by the one that it repeats. */
  said: number;
  /** Whether its text goes on from what was said before without a break. */
  joined: boolean;
  /** What a cut-off answer had said in its place; undefined once the two differ. */
  repeats: string | undefined;
  complete: boolean;
}

/** What separates two blocks between which something else has happened. */
const BREAK = "\n\n";

/**
 * Fed with the messages of a turn in their order, tells for each what it adds to the text. With partial messages that
 * is a piece of a block, and nothing when the finished block comes again; without them a whole block. An answer that
 * is cut off and given anew, as after an overload, is told from where it differs.
 */
export class SpokenText {
  /** Blocks of the answer that is being streamed. */
  #blocks: OpenBlock[] = [];
  /** What a cut-off answer has said, block by block. */
  #cutOff: string[] = [];
  #stopped = true;
  /** Id of the answer of which the last frame was. */
  #answer: string | undefined;
  /** The last piece; undefined while nothing has been said. */
  #last: string | undefined;
  /** Something else has come since: the next block begins a paragraph. */
  #broken = false;

  /** What the message adds, in pieces; mostly none or one. */
  add(message: ClaudeOutput): string[] {
    const pieces: string[] = [];
    if (message.type === "result") this.#result(message, pieces);
    else if (tagOf(message, "parent_tool_use_id") !== undefined) return pieces;
    else if (message.type === "stream_event") this.#event(field(message, "event"), pieces);
    else if (message.type === "assistant") this.#finished(field(message, "message"), pieces);
    else if (message.type === "user") this.#over();
    return pieces;
  }

  #event(event: unknown, pieces: string[]): void {
    switch (tagOf(event, "type")) {
      case "message_start":
        this.#begin(tagOf(field(event, "message"), "id"));
        break;
      case "content_block_start":
        this.#beginBlock(field(event, "index"), field(event, "content_block"));
        break;
      case "content_block_delta":
        this.#grow(field(event, "index"), field(event, "delta"));
        break;
      case "content_block_stop":
        this.#complete(field(event, "index"));
        break;
      case "message_delta":
        // The end of a cut-off answer is made up by the CLI (2.1.330): it has stops, but not this.
        this.#stopped = true;
        break;
      case "message_stop":
        for (const block of this.#blocks) block.complete = true;
        break;
    }
    this.#speak(pieces);
    if (this.#stopped) this.#cutOff = [];
  }

  #begin(answer: string | undefined): void {
    this.#leave();
    this.#answer = answer;
    this.#stopped = false;
    this.#broken = true;
  }

  /** Another answer follows: another attempt, if this one has no end. */
  #leave(): void {
    this.#cutOff = this.#stopped ? [] : this.#blocks.map(({ text, said }) => text.slice(0, said));
    this.#blocks = [];
  }

  #beginBlock(index: unknown, block: unknown): void {
    if (typeof index !== "number") return;
    if (tagOf(block, "type") !== "text") {
      this.#broken = true;
      return;
    }
    const repeats = this.#cutOff.shift();
    const joined = !this.#broken;
    this.#broken = false;
    const text = tagOf(block, "text") ?? "";
    this.#blocks.push({ index, text: "", said: 0, joined, repeats, complete: false });
    this.#append(this.#blocks.at(-1), text);
  }

  #grow(index: unknown, delta: unknown): void {
    const text = tagOf(delta, "type") === "text_delta" ? tagOf(delta, "text") : undefined;
    if (text !== undefined) this.#append(this.#open(index), text);
  }

  #append(block: OpenBlock | undefined, text: string): void {
    if (block === undefined) return;
    const { repeats } = block;
    // The new part alone is compared: the cost does not grow with what has come before.
    const common = repeats?.slice(block.text.length, block.text.length + text.length);
    if (common !== undefined && !text.startsWith(common)) block.repeats = undefined;
    block.text += text;
  }

  #complete(index: unknown): void {
    const block = this.#open(index);
    if (block !== undefined) block.complete = true;
  }

  #open(index: unknown): OpenBlock | undefined {
    return this.#blocks.find((block) => block.index === index && !block.complete);
  }

  /** Hands out what has come, block after block: a later one waits until the earlier ones are finished. */
  #speak(pieces: string[]): void {
    for (const block of this.#blocks) {
      const heard = block.repeats?.length ?? 0;
      if (block.said < heard && block.text.length >= heard) {
        block.said = heard;
        block.joined = true;
      }
      if (block.text.length > Math.max(block.said, heard)) {
        this.#say(block.text.slice(block.said), block.joined || block.said > 0, pieces);
        block.said = block.text.length;
      }
      if (!block.complete) return;
    }
  }

  /** A finished block, or several: what was streamed of them has been said already. */
  #finished(message: unknown, pieces: string[]): void {
    const answer = tagOf(message, "id");
    if (answer !== this.#answer) {
      // Also when a stream was given up for an answer in one piece.
      this.#leave();
      this.#answer = answer;
      this.#stopped = true;
      this.#broken = true;
    }
    const content = field(message, "content");
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
    for (const block of Array.isArray(blocks) ? (blocks as unknown[]) : []) {
      const text = tagOf(block, "type") === "text" ? (tagOf(block, "text") ?? "") : undefined;
      if (text !== undefined) this.#finishedText(text, pieces);
      // A streamed block has made the break when it began.
      else if (this.#stopped) this.#broken = true;
    }
  }

  #finishedText(text: string, pieces: string[]): void {
    if (text === "") return;
    const block =
      this.#blocks.find((streamed) => streamed.text === text) ??
      this.#blocks.find((streamed) => !streamed.complete && text.startsWith(streamed.text));
    if (block !== undefined) {
      this.#append(block, text.slice(block.text.length));
      block.complete = true;
      this.#speak(pieces);
      return;
    }
    const said = this.#cutOff.shift() ?? "";
    const repeated = text.startsWith(said) ? said : "";
    this.#say(text.slice(repeated.length), repeated !== "" || !this.#broken, pieces);
    this.#broken = false;
  }

  /** Tool results: the answer before them is complete, and the next one is another. */
  #over(): void {
    this.#broken = true;
    // What comes while an answer is being streamed is not its end: a tool that ran early, a message sent by hand.
    if (!this.#stopped) return;
    this.#blocks = [];
    this.#cutOff = [];
  }

  /** A turn without a word of the model, such as a local command, has its text in the result. */
  #result(message: ClaudeOutput, pieces: string[]): void {
    const text = tagOf(message, "result");
    if (this.#last === undefined && text !== undefined) this.#say(text, true, pieces);
  }

  #say(text: string, joined: boolean, pieces: string[]): void {
    if (text === "") return;
    const missing = joined || this.#last === undefined ? "" : BREAK.slice(trailingBreaks(this.#last));
    const piece = missing + text;
    this.#last = piece;
    pieces.push(piece);
  }
}

function trailingBreaks(text: string): number {
  if (text.endsWith(BREAK)) return BREAK.length;
  return text.endsWith("\n") ? 1 : 0;
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
