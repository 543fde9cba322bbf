/** What is told of a stored session; these records cross from the thread that reads transcripts. */

/** A stored session, as far as the beginning and the end of its transcript tell. Times are milliseconds since 1970. */
export interface SessionInfo {
  /** The id by which it is resumed. */
  readonly sessionId: string;
  /** What to show for it: its title, else the last prompt, a summary that the CLI wrote, or the first prompt. */
  readonly summary: string;
  /** When the transcript was last written to. */
  readonly lastModified: number;
  /** Size of the transcript in bytes, without those of subagents. */
  readonly fileSize: number;
  /** The title given by a user, else the one that the CLI has made up. */
  readonly customTitle?: string;
  /** The first prompt that a user typed, as one line of at most 200 characters. */
  readonly firstPrompt?: string;
  /** The git branch at its end. */
  readonly gitBranch?: string;
  /** The working directory in which it began. */
  readonly cwd?: string;
  /** See `tagSession`. */
  readonly tag?: string;
  /** When it began. */
  readonly createdAt?: number;
  /** True while it is archived, false once it no longer is, absent if it never was. */
  readonly archived?: boolean;
}

/** A message of a stored session. Names are those of the wire; `message` is what the API was sent or has answered. */
export interface SessionMessage {
  /** `system` only with `includeSystemMessages`. */
  readonly type: "user" | "assistant" | "system";
  readonly uuid: string;
  readonly session_id: string;
  /** Role and content of a user or assistant message. In large ones long parts are read at first touch. */
  readonly message?: unknown;
  /** The tool call that started the subagent whose message this is; null in the main conversation. */
  readonly parent_tool_use_id: string | null;
  /** The subagent that started this one; null unless subagents are nested. */
  readonly parent_agent_id: string | null;
  /** When it was written, in ISO 8601. */
  readonly timestamp?: string;
  /** True for the summary with which the conversation goes on after a compaction. */
  readonly isCompactSummary?: true;
  /** True for what no user typed and no model said. */
  readonly is_meta?: true;
  /** Where a user message came from, if not from the prompt. */
  readonly origin?: unknown;
  /** Of a system message, for example `compact_boundary`. */
  readonly subtype?: string;
  /** The text of a system message. */
  readonly content?: unknown;
}

/** A subagent of a stored session. */
export interface SubagentInfo {
  readonly agentId: string;
  /** The agent's definition, for example `general-purpose`. */
  readonly agentType?: string;
  /** What the call that started it says of it. */
  readonly description?: string;
  /** The tool call that started it. */
  readonly toolUseId?: string;
  /** The subagent that started it; absent if the main conversation did. */
  readonly parentAgentId?: string;
  /** When its transcript was last written to, in milliseconds since 1970. */
  readonly lastModified: number;
  /** Size of its transcript in bytes. */
  readonly fileSize: number;
}
