import { createReadStream } from "node:fs";
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { OutputError } from "../errors.js";
import { scanJournal } from "./journal-scan.js";
import { outputFailure } from "./output-failure.js";
import type { RecordedPrompt } from "./record.js";

/** Power may fail; what has ended since the last sync is then asked again. */
const SYNC_EVERY_MS = 1_000;

/**
 * The file of results: a line per outcome, appended.
 *
 * Each line is written before the next outcome is taken, by which it survives the end of this process, SIGKILL
 * included. It is synced to the disk once a second and at the end: only a power failure or a crash of the system can
 * cost outcomes, those of the last second. A sync per line would slow a slow disk down by more than that is worth.
 */
export class Journal {
  /** Bytes of an unfinished line that were cut off when the file was opened. */
  readonly repairedBytes: number;
  readonly #file: string;
  readonly #handle: FileHandle;
  #bytes: number;
  #syncTimer: NodeJS.Timeout | undefined;
  #syncing: Promise<void> = Promise.resolve();
  #failure: OutputError | undefined;

  private constructor(file: string, handle: FileHandle, end: { bytes: number; repairedBytes: number }) {
    this.#file = file;
    this.#handle = handle;
    this.#bytes = end.bytes;
    this.repairedBytes = end.repairedBytes;
  }

  /**
   * Opens a file of results, or begins it; tells of what it records, and cuts off an unfinished last line.
   * @throws OutputError when it cannot be written, or holds something else.
   */
  static async open(file: string, onRecord: (record: RecordedPrompt) => void): Promise<Journal> {
    let handle: FileHandle | undefined;
    try {
      handle = await open(file, "a+");
      if (!(await handle.stat()).isFile()) throw new OutputError(`${file} is no regular file.`, { file });
      const chunks = handle.createReadStream({ start: 0, autoClose: false });
      const { goodBytes, tornBytes, unended } = await scanJournal(chunks, file, onRecord);
      // Also blank lines behind the last good one.
      if ((await handle.stat()).size > goodBytes) await handle.truncate(goodBytes);
      const journal = new Journal(file, handle, { bytes: goodBytes, repairedBytes: tornBytes });
      if (unended) await journal.#write("\n");
      await syncFolder(dirname(file));
      return journal;
    } catch (error) {
      await handle?.close();
      throw outputFailure(file, error);
    }
  }

  /**
   * Writes a line, and ends it. When that fails the file is left as it was before.
   * @throws OutputError also when an earlier line could not be synced, or the file was removed.
   */
  async append(line: string): Promise<void> {
    if (this.#failure !== undefined) throw this.#failure;
    await this.#write(`${line}\n`);
    this.#syncTimer ??= setTimeout(() => {
      this.#syncTimer = undefined;
      this.#syncing = this.#sync();
    }, SYNC_EVERY_MS).unref();
  }

  /** Syncs and closes; a file that stayed empty is removed. @throws OutputError when that fails. */
  async close(): Promise<void> {
    clearTimeout(this.#syncTimer);
    await this.#syncing;
    if (this.#failure === undefined) await this.#sync();
    await this.#handle.close();
    if (this.#bytes === 0) await rm(this.#file, { force: true });
    if (this.#failure !== undefined) throw this.#failure;
  }

  async #write(text: string): Promise<void> {
    let rest = Buffer.from(text);
    const whole = this.#bytes + rest.length;
    try {
      while (rest.length > 0) {
        const { bytesWritten } = await this.#handle.write(rest);
        rest = rest.subarray(bytesWritten);
      }
      this.#bytes = whole;
    } catch (error) {
      // Frees space even on a full disk. If it fails too, the next run cuts the line off.
      await this.#handle.truncate(this.#bytes).catch(() => {});
      this.#failure = outputFailure(this.#file, error);
      throw this.#failure;
    }
  }

  async #sync(): Promise<void> {
    try {
      await this.#handle.datasync();
      if ((await this.#handle.stat()).nlink === 0) {
        throw new OutputError(`${this.#file} was removed while the batch ran; its outcomes are lost.`, {
          file: this.#file,
        });
      }
    } catch (error) {
      this.#failure ??= outputFailure(this.#file, error);
    }
  }
}

/**
 * Reads what a file of results records, and changes nothing; a file that does not exist records nothing.
 * @throws OutputError when it holds something else, or cannot be read.
 */
export async function readJournal(file: string, onRecord: (record: RecordedPrompt) => void): Promise<void> {
  try {
    await scanJournal(createReadStream(file), file, onRecord);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    throw outputFailure(file, error);
  }
}

/** Makes the name of a new file as durable as its content. */
async function syncFolder(folder: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(folder, "r");
    await handle.sync();
  } catch {
    // Some systems do not open folders; they need no sync either.
  } finally {
    await handle?.close();
  }
}
