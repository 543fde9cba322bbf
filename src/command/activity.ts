/** What happens beside the answer, a line each. */

import {
  type ClaudeOutput,
  errorsOf,
  isAssistant,
  isSystem,
  type ResultMessage,
  toolUses,
} from "../protocol/index.js";
import { visible, visibleLine } from "./visible-text.js";

const LINE_LENGTH = 100;

/** The field of a tool's input that says the most, by name, in this order. */
const TELLING = ["command", "file_path", "pattern", "url", "query", "description", "prompt"];

/** Lines about tools that are called and calls of the API that must be repeated; none for most messages. */
export function activityOf(message: ClaudeOutput): string[] {
  if (isSystem(message, "api_retry")) {
    const status = message.error_status ?? "no answer";
    return [`retry   ${message.attempt} of ${message.max_retries}: the API failed (${status})`];
  }
  if (!isAssistant(message)) return [];
  const depth = message.parent_tool_use_id == null ? "" : "  ";
  return toolUses(message).map(({ name, input }) => `tool    ${depth}${toolLine(name, input)}`);
}

/** A tool call on one line: `Bash  git status`. */
export function toolLine(name: string, input: unknown): string {
  const shown = visibleLine(tellingPart(input), LINE_LENGTH);
  return `${visibleLine(name, LINE_LENGTH)}${shown === "" ? "" : `  ${shown}`}`;
}

/** A tool's whole input, for somebody who must decide about it: nothing is cut. */
export function wholeInput(input: unknown): string {
  if (typeof input !== "object" || input === null) return visible(JSON.stringify(input));
  return Object.entries(input)
    .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value, null, 2)}`)
    .map((entry) => visible(entry).replaceAll("\n", "\n  "))
    .join("\n");
}

/** How a turn came out, as the first word of its summary. */
export type Outcome = "done" | "failed" | "stopped";

/** The line that ends a turn: `done    2 turns, 1.4 s, 5,158 tokens in and 25 out, $0.0211, session …`. */
export function summaryOf(outcome: Outcome, result: ResultMessage): string {
  const { num_turns, duration_ms, usage, total_cost_usd, session_id } = result;
  const parts = [
    ...(num_turns == null ? [] : [`${num_turns} ${num_turns === 1 ? "turn" : "turns"}`]),
    ...(duration_ms == null ? [] : [`${(duration_ms / 1000).toFixed(1)} s`]),
    ...(usage == null ? [] : [`${count(tokensIn(usage))} tokens in and ${count(usage.output_tokens)} out`]),
    ...(total_cost_usd == null ? [] : [`$${total_cost_usd.toFixed(4)}`]),
    ...(session_id == null ? [] : [`session ${visibleLine(session_id, LINE_LENGTH)}`]),
  ];
  return outcome.padEnd(8) + parts.join(", ");
}

/** Why a turn failed, for stderr. */
export function failureOf(result: ResultMessage): string {
  const errors = errorsOf(result).map(visible).join("\n");
  const why = result.subtype === "success" ? "" : ` (${visible(result.subtype)})`;
  return `error [TURN_FAILED]: ${errors === "" ? "The turn ended without an answer." : errors}${why}`;
}

function tellingPart(input: unknown): string {
  if (typeof input !== "object" || input === null) return "";
  for (const name of TELLING) {
    const value: unknown = Reflect.get(input, name);
    if (typeof value === "string" && value !== "") return value;
  }
  return Object.keys(input).length === 0 ? "" : JSON.stringify(input);
}

interface TokenCounts {
  readonly input_tokens?: number | null | undefined;
  readonly cache_read_input_tokens?: number | null | undefined;
  readonly cache_creation_input_tokens?: number | null | undefined;
}

function tokensIn(usage: TokenCounts): number {
  const { input_tokens, cache_read_input_tokens, cache_creation_input_tokens } = usage;
  return (input_tokens ?? 0) + (cache_read_input_tokens ?? 0) + (cache_creation_input_tokens ?? 0);
}

function count(tokens: number | null | undefined): string {
  return (tokens ?? 0).toLocaleString("en-US");
}
