/** Reading the sessions that the CLI has stored; all work is done in a thread of its own. */

import type { SessionInfo, SessionMessage, SubagentInfo } from "../channel/session-records.js";
import {
  agent,
  type GetSessionMessagesOptions,
  type GetSubagentMessagesOptions,
  type ListSessionsOptions,
  longestLine,
  page,
  place,
  type SessionOptions,
  target,
} from "./session-options.js";
import { askTranscripts, streamTranscripts } from "./transcript-call.js";

/**
 * The stored sessions, the one last written to first. They are read as the loop goes on; leaving it stops that.
 * Transcripts without any prompt or title, and those that cannot be read, are left out.
 * @throws InvalidArgumentError, and in the loop AbortError, SessionFileError, WorkerCrashedError.
 */
export function listSessions(options: ListSessionsOptions = {}): AsyncGenerator<SessionInfo, void, void> {
  const call = {
    kind: "list-sessions",
    place: place(options),
    page: page(options),
    worktrees: options.includeWorktrees ?? true,
    programmatic: options.includeProgrammatic ?? true,
  } as const;
  return listed(streamTranscripts<SessionInfo>(call, { what: "listSessions()", signal: options.signal }));
}

/**
 * What the beginning and the end of a session's transcript tell; undefined when there is none, or nothing to show.
 * @throws InvalidArgumentError, AbortError, SessionFileError, WorkerCrashedError.
 */
export async function getSessionInfo(
  sessionId: string,
  options: SessionOptions = {},
): Promise<SessionInfo | undefined> {
  const call = { kind: "info", ...target(sessionId, options) } as const;
  return askTranscripts(call, { what: "getSessionInfo()", signal: options.signal });
}

/**
 * The conversation that a resumed session would go on with, in its order: the branch written to last, from its
 * beginning or from the last compaction on. The transcript is read twice, first for the links between its lines and
 * then for the messages as they are asked for; so memory holds a few hundred bytes for each line, and few messages.
 * @throws InvalidArgumentError, and in the loop SessionNotFoundError, SessionFileError, AbortError,
 * WorkerCrashedError.
 */
export function getSessionMessages(
  sessionId: string,
  options: GetSessionMessagesOptions = {},
): AsyncGenerator<SessionMessage, void, void> {
  return messages("getSessionMessages()", sessionId, undefined, options);
}

/**
 * The subagents of a session, nested ones included, in the order of their ids; none when the session has none.
 * @throws InvalidArgumentError, and in the loop SessionNotFoundError, SessionFileError, AbortError,
 * WorkerCrashedError.
 */
export function listSubagents(
  sessionId: string,
  options: SessionOptions = {},
): AsyncGenerator<SubagentInfo, void, void> {
  const call = { kind: "list-subagents", ...target(sessionId, options) } as const;
  return listed(streamTranscripts<SubagentInfo>(call, { what: "listSubagents()", signal: options.signal }));
}

/**
 * The conversation of a subagent; as {@link getSessionMessages}.
 * @throws the same errors; SessionNotFoundError also when the session has no such subagent.
 */
export function getSubagentMessages(
  sessionId: string,
  agentId: string,
  options: GetSubagentMessagesOptions = {},
): AsyncGenerator<SessionMessage, void, void> {
  return messages("getSubagentMessages()", sessionId, agent(agentId), options);
}

function messages(
  what: string,
  sessionId: string,
  agentId: string | undefined,
  options: GetSessionMessagesOptions,
): AsyncGenerator<SessionMessage, void, void> {
  const call = {
    kind: "messages",
    ...target(sessionId, options),
    agentId,
    page: page(options),
    system: options.includeSystemMessages ?? false,
    longestLine: longestLine(options),
  } as const;
  const { signal, onFault } = options;
  return listed(streamTranscripts<SessionMessage>(call, { what, signal, onFault }));
}

/** A list ends with nothing to say. */
function listed<T>(items: AsyncGenerator<T, unknown, void>): AsyncGenerator<T, void, void> {
  return items as AsyncGenerator<T, void, void>;
}
