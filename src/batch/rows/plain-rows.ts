import type { ByteChunks } from "../../byte-lines.js";
import { lineId, type ReadRow } from "./row.js";
import { textLines } from "./text-lines.js";

/** Each line that is not blank is a prompt. */
export async function* plainRows(chunks: ByteChunks): AsyncGenerator<ReadRow, void> {
  for await (const line of textLines(chunks)) {
    if ("reason" in line) yield line;
    else yield { line: line.line, prompt: { id: lineId(line.line), prompt: line.text } };
  }
}
