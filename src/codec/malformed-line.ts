import { DeserializationError } from "../errors.js";

/** The error for a line that is not a message. */
export function malformedLine(rawLine: string, reason: string): DeserializationError {
  const message = `The child wrote a line that is not a message: ${reason}. The raw line is kept in rawLine.`;
  return new DeserializationError(message, { rawLine, reason });
}
