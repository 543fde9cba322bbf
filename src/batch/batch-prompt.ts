import type { Prompt } from "../client/turns.js";

/** One prompt of a batch, with what differs from the batch's builder. */
export interface BatchPrompt {
  /** Names the outcome; unique within the batch. Default: the prompt's position in the input, counted from 0. */
  readonly id?: string;
  /** Text, or content blocks. */
  readonly prompt: Prompt;
  /** Alias or full name of the model. */
  readonly model?: string;
  /** Replaces the system prompt; empty for none. */
  readonly systemPrompt?: string;
  /** Working directory of the CLI. */
  readonly cwd?: string;
  /** Tools and rules that need no approval, on top of the builder's. */
  readonly allowedTools?: readonly string[];
  /** A JSON Schema (object or JSON text) for the outcome's `structuredOutput`. */
  readonly jsonSchema?: string | object;
  /** Deadline of each attempt in milliseconds. Default: the batch's `promptTimeoutMs`. */
  readonly timeoutMs?: number;
  /** Anything of the caller's; the outcome carries it unchanged. */
  readonly metadata?: unknown;
}

/** What a batch reads: texts, or prompts with an id and options of their own. */
export type BatchInput = Iterable<string | BatchPrompt> | AsyncIterable<string | BatchPrompt>;
