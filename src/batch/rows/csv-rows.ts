import { pipeline, Readable } from "node:stream";
import { CsvError, parse } from "csv-parse";
import type { ByteChunks } from "../../byte-lines.js";
import { BadInputError } from "../../errors.js";
import { decodedText } from "./decoded-text.js";
import { lineId, type ReadRow } from "./row.js";
import { parseTemplate, type Template } from "./template.js";

/** How the columns of a CSV file become prompts. */
export interface CsvOptions {
  /** The file, for messages. */
  readonly file: string;
  /** Text of every prompt, with places for columns. Default: the column `prompt`. */
  readonly template?: string;
  /** Column of the ids. Default: `id` or `custom_id` where there is one, else a row is named by its line. */
  readonly idColumn?: string;
}

/** A record is longer when a quote was never closed: it then takes in the rest of the file. */
const LONGEST_RECORD = 16 * 1024 * 1024;

interface Columns {
  readonly count: number;
  readonly template: Template;
  /** Where a column stands, by its name. */
  readonly at: ReadonlyMap<string, number>;
  readonly id: string | undefined;
}

/** What the parser gives with `info: true`. */
interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/**
 * Each record below the header is a prompt.
 * @throws BadInputError for a header without the columns that are needed, and for broken quotes: where the next
 * record would begin is not known then.
 * @throws InvalidArgumentError for a template that names no column.
 */
export async function* csvRows(chunks: ByteChunks, options: CsvOptions): AsyncGenerator<ReadRow, void> {
  const template = parseTemplate(options.template ?? "{{prompt}}");
  const parser = parse({
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    record_delimiter: "\n",
    max_record_size: LONGEST_RECORD,
  });
  // Ends or fails the parser with the text, and stops reading the text when the parser is left.
  pipeline(Readable.from(decodedText(chunks, options.file)), parser, () => {});
  const records: AsyncIterable<ParsedRecord> = parser;
  let columns: Columns | undefined;
  try {
    for await (const { record, info } of records) {
      const line = info.lines - lineFeeds(record);
      if (columns === undefined) columns = columnsOf(record, line, template, options);
      else yield rowOf(record, line, columns);
    }
  } catch (error) {
    throw error instanceof CsvError ? unreadable(error, options.file) : error;
  }
  if (columns === undefined)
    throw new BadInputError(`${options.file} is empty: it has no header.`, { file: options.file, rows: [] });
}

function columnsOf(
  header: readonly string[],
  line: number,
  template: Template,
  options: CsvOptions,
): Columns {
  const { file, idColumn } = options;
  const names = header.map((name) => name.trim());
  const refuse = (reason: string) =>
    new BadInputError(`${file}:${line}: ${reason} ${columnsTold(names)}`, { file, rows: [] });
  const missing = template.columns.filter((column) => !names.includes(column));
  if (missing.length > 0) {
    const wanted = missing.map((column) => JSON.stringify(column)).join(", ");
    throw refuse(
      options.template === undefined
        ? "There is neither a column prompt nor a template."
        : `The template names columns that are missing: ${wanted}.`,
    );
  }
  const twice = template.columns.find((column) => names.indexOf(column) !== names.lastIndexOf(column));
  if (twice !== undefined) throw refuse(`There are two columns ${JSON.stringify(twice)}.`);
  if (idColumn !== undefined && !names.includes(idColumn)) {
    throw refuse(`There is no column ${JSON.stringify(idColumn)} for the ids.`);
  }
  const id = idColumn ?? ["id", "custom_id"].find((name) => names.includes(name));
  return { count: names.length, template, at: new Map(names.map((name, index) => [name, index])), id };
}

/** Spreadsheets write semicolons where the comma is for decimals. */
function columnsTold(names: readonly string[]): string {
  const [only = ""] = names;
  const other = names.length === 1 ? /[;\t|]/.exec(only)?.[0] : undefined;
  if (other === undefined) return `The columns are: ${names.join(", ")}.`;
  return `Its header is one column, ${JSON.stringify(only)}: fields must be separated by commas, not by ${JSON.stringify(other)}.`;
}

function rowOf(record: readonly string[], line: number, { count, template, at, id }: Columns): ReadRow {
  if (record.length !== count) {
    return { line, reason: `it has ${record.length} fields where the header has ${count}` };
  }
  const value = (column: string): string => record[at.get(column) ?? -1] ?? "";
  const name = id === undefined ? lineId(line) : value(id);
  if (name === "") return { line, reason: `its column ${JSON.stringify(id)} for the id is empty` };
  if (template.columns.every((column) => value(column).trim() === "")) {
    return { line, reason: "it has no prompt: every column that the template names is empty" };
  }
  return { line, prompt: { id: name, prompt: template.fill(value) } };
}

/** Line feeds within the fields: the parser tells on which line a record ends, not where it begins. */
function lineFeeds(record: readonly string[]): number {
  let count = 0;
  for (const field of record) {
    for (let at = field.indexOf("\n"); at >= 0; at = field.indexOf("\n", at + 1)) count += 1;
  }
  return count;
}

const ADVICE: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: 'a quote within a field; write it twice, and put the field in quotes: "5"" nails"',
  CSV_INVALID_CLOSING_QUOTE:
    'text behind a closing quote; a quote within a field is written twice: "5"" nails"',
  CSV_QUOTE_NOT_CLOSED: "the end of the file within a quote that is never closed",
  CSV_MAX_RECORD_SIZE: `more than ${LONGEST_RECORD / 1024 / 1024} MiB in one record; is a quote not closed?`,
};

function unreadable(error: CsvError, file: string): BadInputError {
  const line = typeof error.lines === "number" ? error.lines : 1;
  // The line is where it was noticed: after a quote that is not closed, far behind the cause.
  const record = typeof error.records === "number" ? ` (in record ${error.records} below the header)` : "";
  const reason = `${ADVICE[error.code] ?? error.message}${record}`;
  const message = `${file}:${line}: ${reason}. What follows cannot be told apart, so nothing of the file can be set aside.`;
  return new BadInputError(message, { file, rows: [] });
}
