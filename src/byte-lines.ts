/** Lines of a stream of bytes, cut without knowing what is in them. */

/** Bytes as they come from a file or a pipe. */
export type ByteChunks = AsyncIterable<Buffer>;

/** A line without its line feed. */
export interface ByteLine {
  /** Empty for a line that was too long to be kept. */
  readonly bytes: Buffer;
  /** Where it begins, in bytes from the start. */
  readonly start: number;
  /** Its length in bytes, also of one that was not kept. */
  readonly length: number;
  /** Whether a line feed ends it; only the last line may lack one. */
  readonly ended: boolean;
  readonly tooLong: boolean;
}

/** A line that is longer could hardly become one string, and is a file without line feeds rather than a prompt. */
export const LONGEST_LINE_BYTES = 256 * 1024 * 1024;

const LINE_FEED = 0x0a;

/**
 * Cuts bytes into lines, all lines of a chunk at once. Holds one line at most; of one that is too long only its
 * length is kept.
 */
export async function* byteLines(
  chunks: ByteChunks,
  longest = LONGEST_LINE_BYTES,
): AsyncGenerator<ByteLine[], void> {
  let pieces: Buffer[] = [];
  let length = 0;
  let start = 0;
  const finish = (ended: boolean): ByteLine => {
    const tooLong = length > longest;
    const [only] = pieces;
    const bytes = pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces);
    const line = { bytes: tooLong ? Buffer.alloc(0) : bytes, start, length, ended, tooLong };
    start += length + 1;
    pieces = [];
    length = 0;
    return line;
  };
  const keep = (piece: Buffer): void => {
    length += piece.length;
    if (length > longest) pieces = [];
    else pieces.push(piece);
  };
  for await (const chunk of chunks) {
    const lines: ByteLine[] = [];
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      keep(chunk.subarray(from, at));
      lines.push(finish(true));
      from = at + 1;
    }
    if (from < chunk.length) keep(chunk.subarray(from));
    if (lines.length > 0) yield lines;
  }
  if (length > 0) yield [finish(false)];
}
