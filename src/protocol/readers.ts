/** What people want out of a message. All take anything, never throw on odd shapes, and copy no content. */
import type { ContentBlock } from "./content-blocks.js";
import type { ToolResultBlock, ToolUseBlock } from "./content-tools.js";
import { isAssistant, isControlRequest, isErrorResult, isUser } from "./guards.js";
import type { CanUseToolRequest, ToolPermissionRequest } from "./permission.js";
import { checkToolInput, currentToolName, type ToolInput, type ToolName } from "./tool-inputs.js";
import { tagOf } from "./wire-schema.js";

/** A tool call whose input is known to fit the tool of that name. */
export type ToolUse<Name extends ToolName> = ToolUseBlock & { readonly input: ToolInput<Name> };

/** The text blocks of an assistant message, joined as they are; undefined when it has none. */
export function textOf(message: unknown): string | undefined {
  return isAssistant(message) ? joined(message, "text", "text") : undefined;
}

/** The thinking blocks of an assistant message, joined as they are; undefined when it has none. */
export function thinkingOf(message: unknown): string | undefined {
  return isAssistant(message) ? joined(message, "thinking", "thinking") : undefined;
}

/** The tool calls of an assistant message, in order. Calls that the API runs itself are not among them. */
export function toolUses(message: unknown): ToolUseBlock[] {
  return isAssistant(message) ? blocksOf(message).filter(isToolUse) : [];
}

/** The tool results on a user message, in order. */
export function toolResults(message: unknown): ToolResultBlock[] {
  return isUser(message) ? blocksOf(message).filter(isToolResult) : [];
}

/**
 * The call of the tool of that name, with its input typed: from a `tool_use` block, or the first one of that
 * name in an assistant message. A former name of a tool (`Task` of `Agent`) stands for the tool as well.
 *
 * Undefined when there is none, and also when its input does not fit: code that decides about permissions
 * must take undefined as "not understood", never as "not called". `checkToolInput` tells what does not fit.
 */
export function asToolUse<Name extends ToolName>(source: unknown, name: Name): ToolUse<Name> | undefined {
  const wanted = currentToolName(name);
  const candidates = isToolUse(source) ? [source] : toolUses(source);
  const block = candidates.find((candidate) => currentToolName(candidate.name) === wanted);
  return block !== undefined && isToolUseOf(block, name) ? block : undefined;
}

/**
 * The `can_use_tool` request in a `control_request` message, with the id that its answer must carry.
 * Undefined for anything else, and for a request without a tool name or input; that one still waits for an
 * answer, if only an error. An input that becomes its value at first touch is not touched: it arrives unread, and
 * is taken at its word.
 */
export function toolPermissionRequest(message: unknown): ToolPermissionRequest | undefined {
  if (!isControlRequest(message)) return undefined;
  const id = tagOf(message, "request_id");
  const { request } = message;
  if (id === undefined || tagOf(request, "tool_name") === undefined) return undefined;
  if (request.subtype !== "can_use_tool") return undefined;
  // Neither the check nor the copy may read a property that is parsed when it is read.
  const fields = Object.getOwnPropertyDescriptors(request) as PropertyDescriptorMap;
  const { input } = fields;
  if (input === undefined) return undefined;
  if (input.get === undefined && (typeof input.value !== "object" || input.value === null)) return undefined;
  const flat: object = Object.defineProperties({}, fields);
  return Object.assign(flat as CanUseToolRequest, { request_id: id });
}

/** The `session_id` of a message; undefined for frames without one. Not to be taken for its `uuid`. */
export function sessionIdOf(message: unknown): string | undefined {
  return tagOf(message, "session_id");
}

/** Why a turn failed, in the CLI's words; empty for a turn that did not fail, and for anything else. */
export function errorsOf(result: unknown): string[] {
  if (!isErrorResult(result)) return [];
  const errors: readonly unknown[] = Array.isArray(result.errors) ? result.errors : [];
  const texts = errors.filter((error) => typeof error === "string");
  if (texts.length > 0) return texts;
  // A failed call of the API arrives as a success whose text is the error.
  return typeof result.result === "string" && result.result !== "" ? [result.result] : [];
}

function isToolUseOf<Name extends ToolName>(block: ToolUseBlock, name: Name): block is ToolUse<Name> {
  return checkToolInput(name, block.input).kind === "valid";
}

function isToolUse(block: unknown): block is ToolUseBlock {
  return (
    tagOf(block, "type") === "tool_use" &&
    tagOf(block, "id") !== undefined &&
    tagOf(block, "name") !== undefined
  );
}

function isToolResult(block: unknown): block is ToolResultBlock {
  return tagOf(block, "type") === "tool_result" && tagOf(block, "tool_use_id") !== undefined;
}

function contentOf(message: { readonly message: { readonly content: unknown } }): unknown {
  const inner: unknown = message.message;
  return typeof inner === "object" && inner !== null ? Reflect.get(inner, "content") : undefined;
}

function blocksOf(message: { readonly message: { readonly content: unknown } }): readonly unknown[] {
  const content = contentOf(message);
  return Array.isArray(content) ? content : [];
}

function joined(
  message: { readonly message: { readonly content: unknown } },
  type: ContentBlock["type"],
  field: string,
): string | undefined {
  const content = contentOf(message);
  if (typeof content === "string") return type === "text" ? content : undefined;
  let text: string | undefined;
  for (const block of blocksOf(message)) {
    if (tagOf(block, "type") !== type) continue;
    const piece = tagOf(block, field);
    if (piece !== undefined) text = (text ?? "") + piece;
  }
  return text;
}
