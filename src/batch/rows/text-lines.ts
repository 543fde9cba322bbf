import { isUtf8 } from "node:buffer";
import { type ByteChunks, byteLines, LONGEST_LINE_BYTES } from "../../byte-lines.js";
import type { BadRow } from "../../errors.js";
import { utf8Text } from "../../utf8-text.js";

/** A line of text with its number, from 1. */
export interface TextLine {
  readonly line: number;
  readonly text: string;
}

const BYTE_ORDER_MARK = "\ufeff";
const MiB = 1024 * 1024;

/** What a file says that was saved in another encoding, as spreadsheets do; a wrong letter must not be paid for. */
export const NOT_UTF8 = "it is not UTF-8; save the file in that encoding";

/** Lines of a UTF-8 text, ended by LF or CRLF; blank ones are passed over. A byte order mark is no part of it. */
export async function* textLines(chunks: ByteChunks): AsyncGenerator<TextLine | BadRow, void> {
  let line = 0;
  for await (const lines of byteLines(chunks)) {
    for (const { bytes, tooLong } of lines) {
      line += 1;
      if (tooLong) yield { line, reason: `it is longer than ${LONGEST_LINE_BYTES / MiB} MiB` };
      else if (!isUtf8(bytes)) yield { line, reason: NOT_UTF8 };
      else {
        const text = withoutMarks(utf8Text(bytes), line);
        if (text.trim() !== "") yield { line, text };
      }
    }
  }
}

function withoutMarks(text: string, line: number): string {
  const from = line === 1 && text.startsWith(BYTE_ORDER_MARK) ? 1 : 0;
  return text.slice(from, text.endsWith("\r") ? -1 : undefined);
}
