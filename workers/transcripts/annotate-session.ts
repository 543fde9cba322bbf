/** Adds a line to a transcript that a CLI may be writing to. */

import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { SessionNote } from "../../src/channel/transcript-contract.js";
import { onFile } from "./file-failure.js";
import { type SessionFile, vanished } from "./session-files.js";

const NEWLINE = 0x0a;

/**
 * Appends the note by one write, which the system puts behind whatever is there. A line that was left unfinished is
 * ended first: it would swallow the note.
 */
export async function annotateSession(session: SessionFile, note: SessionNote): Promise<void> {
  const { transcript, sessionId } = session;
  const line = `${JSON.stringify({ ...note, sessionId })}\n`;
  // Not created when it is gone: a transcript of one title is no session.
  const handle = await onFile(transcript, openToAppend(session));
  try {
    const { size } = await handle.stat();
    const last = Buffer.alloc(1);
    if (size > 0) await handle.read(last, 0, 1, size - 1);
    await onFile(transcript, handle.write(size > 0 && last[0] !== NEWLINE ? `\n${line}` : line));
  } finally {
    await handle.close();
  }
}

async function openToAppend(session: SessionFile): Promise<FileHandle> {
  try {
    return await open(session.transcript, constants.O_RDWR | constants.O_APPEND);
  } catch (error) {
    throw vanished(session, error);
  }
}
