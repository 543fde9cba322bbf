/** Changing the sessions that the CLI has stored; all work is done in a thread of its own. */

import type { SessionNote, TranscriptCall } from "../channel/transcript-contract.js";
import { InvalidArgumentError } from "../errors.js";
import {
  type DeleteSessionOptions,
  type ForkSessionOptions,
  longestLine,
  type SessionOptions,
  target,
  uuid,
} from "./session-options.js";
import { askTranscripts } from "./transcript-call.js";

/**
 * Copies a session under a new id, by which it can be resumed: messages get new uuids, subagents and file history
 * are not copied. The fork appears under its name only when it is whole.
 * @returns the fork's id.
 * @throws InvalidArgumentError also when `upToMessageId` is not in the session or nothing would be left;
 * SessionNotFoundError, SessionFileError, DeserializationError or FrameTooLargeError (a line of the history cannot
 * be copied), AbortError, WorkerCrashedError.
 */
export async function forkSession(
  sessionId: string,
  options: ForkSessionOptions = {},
): Promise<{ sessionId: string }> {
  const { upToMessageId, title } = options;
  const call = {
    kind: "fork",
    ...target(sessionId, options),
    upToMessageId: upToMessageId === undefined ? undefined : uuid("upToMessageId", upToMessageId),
    title: title?.trim() || undefined,
    longestLine: longestLine(options),
  } as const;
  return askTranscripts(call, { what: "forkSession()", signal: options.signal });
}

/**
 * Gives a session a title. One line is added to its transcript, at once, so that a CLI may write to it meanwhile.
 * @throws InvalidArgumentError for an empty title; SessionNotFoundError, SessionFileError, AbortError,
 * WorkerCrashedError.
 */
export async function renameSession(
  sessionId: string,
  title: string,
  options: SessionOptions = {},
): Promise<void> {
  const customTitle = filled("title", title);
  await annotate("renameSession()", sessionId, { type: "custom-title", customTitle }, options);
}

/**
 * Gives a session a tag in place of the one it has; null takes it away. As {@link renameSession}.
 * @throws InvalidArgumentError for an empty tag, and the same errors.
 */
export async function tagSession(
  sessionId: string,
  tag: string | null,
  options: SessionOptions = {},
): Promise<void> {
  const note = { type: "tag", tag: tag === null ? "" : filled("tag", tag) } as const;
  await annotate("tagSession()", sessionId, note, options);
}

/**
 * Marks a session as archived. It stays where it is and is listed with `archived: true`; a prompt that is sent in it
 * later takes the mark away.
 * @throws InvalidArgumentError, SessionNotFoundError, SessionFileError, AbortError, WorkerCrashedError.
 */
export async function archiveSession(sessionId: string, options: SessionOptions = {}): Promise<void> {
  const call = { kind: "archive", ...target(sessionId, options), archived: true } as const;
  await change("archiveSession()", call, options);
}

/** Takes the mark of {@link archiveSession} away. @throws the same errors. */
export async function unarchiveSession(sessionId: string, options: SessionOptions = {}): Promise<void> {
  const call = { kind: "archive", ...target(sessionId, options), archived: false } as const;
  await change("unarchiveSession()", call, options);
}

/**
 * Deletes a session: its transcript and the folder with those of its subagents. A CLI that has it open goes on
 * writing, and may bring parts of it back: unless `force` is set, it is left alone while one on this machine says that
 * it has.
 * @throws InvalidStateError when it is open; InvalidArgumentError, SessionNotFoundError, SessionFileError,
 * AbortError, WorkerCrashedError.
 */
export async function deleteSession(sessionId: string, options: DeleteSessionOptions = {}): Promise<void> {
  const call = { kind: "delete", ...target(sessionId, options), force: options.force ?? false } as const;
  await change("deleteSession()", call, options);
}

async function annotate(
  what: string,
  sessionId: string,
  note: SessionNote,
  options: SessionOptions,
): Promise<void> {
  await change(what, { kind: "annotate", ...target(sessionId, options), note }, options);
}

async function change(what: string, call: TranscriptCall, { signal }: SessionOptions): Promise<void> {
  await askTranscripts(call, { what, signal });
}

function filled(name: string, value: string): string {
  const trimmed = typeof value === "string" ? value.trim() : "";
  if (trimmed === "") throw new InvalidArgumentError(`The ${name} must not be empty.`);
  return trimmed;
}
