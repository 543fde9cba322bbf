/** From an object to the line that goes to the CLI's stdin. */
import { InvalidArgumentError } from "../errors.js";
import type { ClaudeInput } from "./input.js";

/**
 * One line of JSON with its final newline, and no other newline in it.
 *
 * Everything is checked here because the CLI takes no chances: one line that is not JSON on its stdin ends
 * the whole process.
 *
 * @throws InvalidArgumentError when `input` is not a plain object with a string `type`, or holds what JSON
 *   cannot express: a bigint, a circle, a nesting too deep for the stack.
 */
export function encodeInput(input: ClaudeInput): string {
  if (!isEncodable(input)) {
    throw new InvalidArgumentError('Input must be a plain object with a string "type" of its own.');
  }
  // JSON.stringify escapes every newline inside a string, and writes none of its own.
  return `${stringify(input)}\n`;
}

/** An inherited `type`, or a `toJSON`, could make JSON.stringify write something else than what was checked. */
function isEncodable(input: unknown): input is object {
  if (typeof input !== "object" || input === null || Array.isArray(input)) return false;
  if (!Object.prototype.propertyIsEnumerable.call(input, "type")) return false;
  return typeof Reflect.get(input, "type") === "string" && typeof Reflect.get(input, "toJSON") !== "function";
}

function stringify(input: object): string {
  try {
    return JSON.stringify(input);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`Input cannot be written as JSON: ${reason}`, { cause });
  }
}
