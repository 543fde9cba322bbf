import { ClaudeCliBuilder } from "../index.js";
import type { ClaudeFlag } from "./option-values.js";

/** Options of `claude-offthread query`, as they come from its command line. */
export interface QueryFlags {
  readonly model?: string;
  readonly resume?: string;
  readonly continue?: boolean;
  readonly permissionMode?: string;
  readonly allowedTools?: readonly string[];
  readonly appendSystemPrompt?: string;
  readonly cwd?: string;
  readonly claude?: string;
  readonly claudeArg?: readonly ClaudeFlag[];
  /** Milliseconds for the whole command. */
  readonly timeout?: number;
  readonly json?: boolean;
  readonly includePartialMessages?: boolean;
  readonly quiet?: boolean;
}

/**
 * How the CLI is started for a query.
 * @throws InvalidArgumentError for values that cannot work.
 */
export function queryLaunch(flags: QueryFlags): ClaudeCliBuilder {
  const partial = flags.json !== true || flags.includePartialMessages === true;
  let builder = new ClaudeCliBuilder().includePartialMessages(partial);
  if (flags.claude !== undefined) builder = builder.command(flags.claude);
  if (flags.cwd !== undefined) builder = builder.workingDirectory(flags.cwd);
  if (flags.model !== undefined) builder = builder.model(flags.model);
  if (flags.resume !== undefined) builder = builder.resume(flags.resume);
  if (flags.continue === true) builder = builder.continueConversation();
  if (flags.permissionMode !== undefined) builder = builder.permissionMode(flags.permissionMode);
  if (flags.allowedTools !== undefined) builder = builder.allowedTools(flags.allowedTools);
  if (flags.appendSystemPrompt !== undefined) builder = builder.appendSystemPrompt(flags.appendSystemPrompt);
  for (const { flag, value } of flags.claudeArg ?? []) builder = builder.arg(flag, value);
  return builder;
}
