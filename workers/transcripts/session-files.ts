/** Where the files of a session are. */

import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SessionTarget } from "../../src/channel/transcript-contract.js";
import { SessionFileError, SessionNotFoundError } from "../../src/errors.js";
import { isMissing, unlessMissing } from "./file-failure.js";
import { projectFolders } from "./project-folders.js";

/** A transcript that was found. */
export interface SessionFile {
  readonly sessionId: string;
  readonly transcript: string;
  /** Holds its subagents and its marks; need not exist. */
  readonly folder: string;
  readonly bytes: number;
  readonly modifiedMs: number;
}

const ENDING = ".jsonl";
const SESSION_FILE = /^([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})\.jsonl$/i;
/** How many files are asked for their state at a time. */
const AT_A_TIME = 16;

/**
 * The session's transcript, the one last written to when several projects have one; undefined when none has.
 * @throws SessionFileError when something stands in its place that is no file.
 */
export async function findSession({ place, sessionId }: SessionTarget): Promise<SessionFile | undefined> {
  const folders = await projectFolders(place, true);
  const found = await inParts(folders, (folder) => sessionFile(folder, sessionId));
  let latest: SessionFile | undefined;
  for (const file of found) if (latest === undefined || file.modifiedMs > latest.modifiedMs) latest = file;
  return latest;
}

/** As {@link findSession}. @throws SessionNotFoundError when there is none. */
export async function requireSession(target: SessionTarget): Promise<SessionFile> {
  const found = await findSession(target);
  if (found !== undefined) return found;
  const { sessionId, place } = target;
  const where = place.dir === undefined ? "any project" : `the project of ${place.dir}`;
  throw new SessionNotFoundError(
    `There is no session ${sessionId} in ${where} below ${place.configDir}. See listSessions(), dir and configDir.`,
    { sessionId },
  );
}

/** All transcripts in a project's folder; one that cannot be looked at is passed over. */
export async function sessionFiles(folder: string): Promise<SessionFile[]> {
  const names = (await unlessMissing(folder, readdir(folder))) ?? [];
  const ids = names.map((name) => SESSION_FILE.exec(name)?.[1]).filter((id) => id !== undefined);
  return inParts(ids, (id) => sessionFile(folder, id).catch(() => undefined));
}

async function sessionFile(folder: string, sessionId: string): Promise<SessionFile | undefined> {
  const transcript = join(folder, sessionId + ENDING);
  const state = await unlessMissing(transcript, stat(transcript));
  if (state === undefined) return undefined;
  if (!state.isFile()) {
    const message = `${transcript} should be a transcript and is no file. Move it away.`;
    throw new SessionFileError(message, {
      file: transcript,
      errno: state.isDirectory() ? "EISDIR" : undefined,
    });
  }
  const { size, mtime } = state;
  return {
    sessionId,
    transcript,
    folder: join(folder, sessionId),
    bytes: size,
    modifiedMs: mtime.getTime(),
  };
}

/** The results that there are, in order, of a few at a time. */
export async function inParts<In, Out>(
  all: readonly In[],
  work: (one: In) => Promise<Out | undefined>,
): Promise<Out[]> {
  const results: Out[] = [];
  for (let from = 0; from < all.length; from += AT_A_TIME) {
    const part = await Promise.all(all.slice(from, from + AT_A_TIME).map(work));
    for (const result of part) if (result !== undefined) results.push(result);
  }
  return results;
}

/** The error of a transcript that vanished after it was found. */
export function vanished({ sessionId, transcript }: SessionFile, error: unknown): unknown {
  if (!isMissing(error)) return error;
  return new SessionNotFoundError(`The session's transcript ${transcript} has just been removed.`, {
    sessionId,
  });
}
