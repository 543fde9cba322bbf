import type { ByteChunks } from "../../byte-lines.js";
import { BadInputError } from "../../errors.js";
import { NOT_UTF8 } from "./text-lines.js";

/**
 * UTF-8 bytes as text, cut anywhere, without a byte order mark and with LF alone at the ends of lines.
 * @throws BadInputError for bytes that are not UTF-8, with the line near which they are.
 */
export async function* decodedText(chunks: ByteChunks, file: string): AsyncGenerator<string, void> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let line = 1;
  // A carriage return at the end of a chunk: the line feed may be in the next.
  let held = "";
  for await (const chunk of chunks) {
    const text = held + decode(decoder, chunk, { file, line });
    held = text.endsWith("\r") ? "\r" : "";
    const piece = text.slice(0, text.length - held.length).replaceAll("\r\n", "\n");
    line += piece.split("\n").length - 1;
    if (piece !== "") yield piece;
  }
  const rest = held + decode(decoder, undefined, { file, line });
  if (rest !== "") yield rest;
}

function decode(
  decoder: InstanceType<typeof TextDecoder>,
  chunk: Buffer | undefined,
  at: { file: string; line: number },
): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    const { file, line } = at;
    throw new BadInputError(`${file}, at line ${line} or soon after: ${NOT_UTF8}.`, { file, rows: [] });
  }
}
