import { type ByteChunks, type ByteLine, byteLines } from "../byte-lines.js";
import { OutputError } from "../errors.js";
import { utf8Text } from "../utf8-text.js";
import { mayBeTorn, parseRecord, type RecordedPrompt } from "./record.js";

/** What a file of results ends in. */
export interface JournalEnd {
  /** Bytes of whole lines; where the next one belongs. */
  readonly goodBytes: number;
  /** Bytes of an unfinished line behind them. */
  readonly tornBytes: number;
  /** Whether the last whole line lacks its line feed. */
  readonly unended: boolean;
}

/**
 * Reads a file of results, and tells of each recorded outcome in the order of the file; a later one supersedes an
 * earlier one of the same id.
 * @throws OutputError for a line that is none of results: the file is somebody else's, and stays as it is.
 */
export async function scanJournal(
  chunks: ByteChunks,
  file: string,
  onRecord: (record: RecordedPrompt) => void,
): Promise<JournalEnd> {
  let number = 0;
  let goodBytes = 0;
  let unended = false;
  let torn: { readonly line: ByteLine; readonly number: number } | undefined;
  for await (const lines of byteLines(chunks)) {
    for (const line of lines) {
      number += 1;
      if (torn !== undefined) throw foreign(file, torn.number);
      const record = parseRecord(utf8Text(line.bytes));
      if (record !== undefined) {
        onRecord(record);
        goodBytes = line.start + line.bytes.length + (line.ended ? 1 : 0);
        unended = !line.ended;
      } else if (line.bytes.length > 0 || line.tooLong) torn = { line, number };
    }
  }
  if (torn === undefined) return { goodBytes, tornBytes: 0, unended };
  const { line } = torn;
  const zeros = line.bytes.includes(0);
  if (line.tooLong || (line.ended && !zeros) || !mayBeTorn(line.bytes)) throw foreign(file, torn.number);
  return { goodBytes, tornBytes: line.bytes.length + (line.ended ? 1 : 0), unended };
}

function foreign(file: string, line: number): OutputError {
  return new OutputError(
    `${file}:${line} is no outcome of a batch, so nothing is written to that file. Choose another, or remove the line.`,
    { file },
  );
}
