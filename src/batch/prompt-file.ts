import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { ByteChunks } from "../byte-lines.js";
import { BadInputError } from "../errors.js";

/** Large enough that reading costs little, small enough that nothing of a large file stays in memory. */
const CHUNK_BYTES = 256 * 1024;

/** Where prompts are read from. */
export interface PromptFile {
  /** As it was named, for messages. */
  readonly name: string;
  /** Whether it can be read more than once, and so be checked as a whole before anything is spent. */
  readonly rereadable: boolean;
  /** Its bytes, from the start. */
  chunks(): ByteChunks;
}

/**
 * A file by its path. A pipe or a device can be read once only.
 * @throws BadInputError when it cannot be read.
 */
export async function openPromptFile(path: string): Promise<PromptFile> {
  try {
    const stats = await stat(path);
    if (stats.isDirectory()) throw new BadInputError(`${path} is a folder.`, { file: path, rows: [] });
    return { name: path, rereadable: stats.isFile(), chunks: () => fileChunks(path) };
  } catch (error) {
    throw unreadable(path, error);
  }
}

/** What comes on a stream, such as stdin. */
export function streamedPrompts(name: string, stream: Readable): PromptFile {
  return { name, rereadable: false, chunks: () => stream };
}

async function* fileChunks(path: string): AsyncGenerator<Buffer, void> {
  try {
    yield* createReadStream(path, { highWaterMark: CHUNK_BYTES });
  } catch (error) {
    throw unreadable(path, error);
  }
}

function unreadable(path: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("code" in error) || error instanceof BadInputError) return error;
  const why = error.code === "ENOENT" ? "does not exist" : `cannot be read (${String(error.code)})`;
  return new BadInputError(`${path} ${why}.`, { file: path, rows: [] });
}
