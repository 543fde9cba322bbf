/** Options of the functions on stored sessions, and what they mean to the thread. */

import { homedir } from "node:os";
import { join, resolve } from "node:path";
import type { Page, SessionPlace, SessionTarget } from "../channel/transcript-contract.js";
import { type ClaudeError, InvalidArgumentError } from "../errors.js";
import { DEFAULT_LIMITS, resolveLimits } from "../options.js";

/** Where sessions are stored, and how long a call may take. */
export interface SessionOptions {
  /** The project's working directory, symbolic links allowed. Default: all projects are searched. */
  readonly dir?: string;
  /** The CLI's folder. Default: `CLAUDE_CONFIG_DIR` of this process, else `~/.claude`. */
  readonly configDir?: string;
  /** Ends the call with an `AbortError`; a change that has been made stays. */
  readonly signal?: AbortSignal;
}

/** Options of lists. */
export interface PageOptions {
  /** Most items to give. Default: all. */
  readonly limit?: number;
  /** Items to leave out before them. Default 0. */
  readonly offset?: number;
}

/** Options of `listSessions`. */
export interface ListSessionsOptions extends SessionOptions, PageOptions {
  /** With a `dir` inside a git repository: sessions of all its worktrees as well. Default true. */
  readonly includeWorktrees?: boolean;
  /** Sessions begun by programs rather than in a terminal. Default true. */
  readonly includeProgrammatic?: boolean;
}

/** Options of calls that read whole transcripts. */
export interface TranscriptOptions extends SessionOptions {
  /** Longest line that is read, in bytes; a longer one is reported and left out. Default 256 MiB, at most 511 MiB. */
  readonly maxLineBytes?: number;
}

/** Options of `getSubagentMessages`. */
export interface GetSubagentMessagesOptions extends TranscriptOptions, PageOptions {
  /**
   * Hears of each line that is damaged (`DeserializationError`) or too long (`FrameTooLargeError`), and so left out.
   * A last line that is just being written is no fault.
   */
  readonly onFault?: (fault: ClaudeError) => void;
}

/** Options of `getSessionMessages`. */
export interface GetSessionMessagesOptions extends GetSubagentMessagesOptions {
  /** System messages as well, such as the boundary of a compaction. Default false. */
  readonly includeSystemMessages?: boolean;
}

/** Options of `forkSession`. */
export interface ForkSessionOptions extends TranscriptOptions {
  /** The last message to copy, by its `uuid`. Default: all. */
  readonly upToMessageId?: string;
  /** The fork's title. Default: the session's own, with " (fork)" behind it. */
  readonly title?: string;
}

/** Options of `deleteSession`. */
export interface DeleteSessionOptions extends SessionOptions {
  /** Deletes also what a running CLI has open, which then goes on without it. Default false. */
  readonly force?: boolean;
}

/** Ids are UUIDs, and become names of files: nothing else may. */
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const AGENT_ID = /^[\w-]{1,128}$/;

/** @throws InvalidArgumentError when the id is no UUID. */
export function target(sessionId: string, options: SessionOptions): SessionTarget {
  return { place: place(options), sessionId: uuid("The session id", sessionId) };
}

/** @throws InvalidArgumentError when the value is no UUID. */
export function uuid(what: string, value: string): string {
  if (typeof value === "string" && UUID.test(value)) return value;
  throw new InvalidArgumentError(`${what} must be a UUID, got ${JSON.stringify(value)}.`);
}

/** @throws InvalidArgumentError when it could be no subagent's id. */
export function agent(id: string): string {
  if (typeof id === "string" && AGENT_ID.test(id)) return id;
  throw new InvalidArgumentError(
    `The agent id must be as listSubagents() gives it, got ${JSON.stringify(id)}.`,
  );
}

/** Made absolute here, where the process's own directory and environment are those of the caller. */
export function place({ configDir, dir }: SessionOptions): SessionPlace {
  const config = configDir ?? (process.env.CLAUDE_CONFIG_DIR || join(homedir(), ".claude"));
  return { configDir: resolve(config), dir: dir === undefined ? undefined : resolve(dir) };
}

/** @throws InvalidArgumentError when a number is negative or no whole one. */
export function page({ limit, offset = 0 }: PageOptions): Page {
  return {
    limit: limit === undefined ? Number.POSITIVE_INFINITY : count("limit", limit),
    offset: count("offset", offset),
  };
}

/** @throws InvalidArgumentError when it is out of bounds. */
export function longestLine({ maxLineBytes = DEFAULT_LIMITS.maxFrameBytes }: TranscriptOptions): number {
  return resolveLimits({ maxFrameBytes: maxLineBytes }).maxFrameBytes;
}

function count(name: string, value: number): number {
  if (Number.isSafeInteger(value) && value >= 0) return value;
  throw new InvalidArgumentError(`${name} must be a whole number of at least 0, got ${value}.`);
}
