import { ClaudeCliBuilder } from "../index.js";
import { type LaunchFlags, withLaunchFlags } from "./launch-flags.js";

/** Options of `claude-offthread query`, as they come from its command line. */
export interface QueryFlags extends LaunchFlags {
  readonly resume?: string;
  readonly continue?: boolean;
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
  let builder = withLaunchFlags(new ClaudeCliBuilder().includePartialMessages(partial), flags);
  if (flags.resume !== undefined) builder = builder.resume(flags.resume);
  if (flags.continue === true) builder = builder.continueConversation();
  return builder;
}
