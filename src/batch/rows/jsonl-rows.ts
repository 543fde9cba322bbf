import type { ByteChunks } from "../../byte-lines.js";
import { promptOf } from "./jsonl-fields.js";
import type { ReadRow } from "./row.js";
import { textLines } from "./text-lines.js";

/** Each line is a JSON object: `{ "id": …, "prompt": … }`, with whatever differs from the batch. */
export async function* jsonlRows(chunks: ByteChunks): AsyncGenerator<ReadRow, void> {
  for await (const read of textLines(chunks)) {
    if ("reason" in read) {
      yield read;
      continue;
    }
    const { line, text } = read;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (error) {
      yield { line, reason: `it is not JSON: ${error instanceof Error ? error.message : String(error)}` };
      continue;
    }
    const prompt = promptOf(value, line);
    yield typeof prompt === "string" ? { line, reason: prompt } : { line, prompt };
  }
}
