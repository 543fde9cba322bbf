import type { ByteChunks } from "../../byte-lines.js";
import { type CsvOptions, csvRows } from "./csv-rows.js";
import { jsonlRows } from "./jsonl-rows.js";
import { plainRows } from "./plain-rows.js";
import type { ReadRow } from "./row.js";

/** What a file of prompts can be: JSON objects by line, CSV with a header, or a prompt on each line. */
export const ROW_FORMATS = ["jsonl", "csv", "lines"] as const;

/** One of {@link ROW_FORMATS}. */
export type RowFormat = (typeof ROW_FORMATS)[number];

const BY_ENDING: Readonly<Record<string, RowFormat>> = {
  ".jsonl": "jsonl",
  ".ndjson": "jsonl",
  ".csv": "csv",
  ".txt": "lines",
};

/** The format that a file's ending tells, in small letters and with its dot; undefined for an unknown one. */
export function formatByEnding(ending: string): RowFormat | undefined {
  return BY_ENDING[ending];
}

/** The rows of an input; see the readers for what they throw. */
export function readRows(chunks: ByteChunks, format: RowFormat, options: CsvOptions): AsyncIterable<ReadRow> {
  if (format === "csv") return csvRows(chunks, options);
  return format === "jsonl" ? jsonlRows(chunks) : plainRows(chunks);
}
