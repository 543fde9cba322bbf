import type { ClaudeCliBuilder } from "../launch/index.js";
import type { ClaudeFlag } from "./option-values.js";

/** Options about the launch of the CLI, which commands share, as they come from the command line. */
export interface LaunchFlags {
  readonly model?: string;
  readonly permissionMode?: string;
  readonly allowedTools?: readonly string[];
  readonly appendSystemPrompt?: string;
  readonly cwd?: string;
  readonly claude?: string;
  readonly claudeArg?: readonly ClaudeFlag[];
}

/**
 * A builder with what the flags say, on top of another.
 * @throws InvalidArgumentError for values that cannot work.
 */
export function withLaunchFlags(builder: ClaudeCliBuilder, flags: LaunchFlags): ClaudeCliBuilder {
  let launch = builder;
  if (flags.claude !== undefined) launch = launch.command(flags.claude);
  if (flags.cwd !== undefined) launch = launch.workingDirectory(flags.cwd);
  if (flags.model !== undefined) launch = launch.model(flags.model);
  if (flags.permissionMode !== undefined) launch = launch.permissionMode(flags.permissionMode);
  if (flags.allowedTools !== undefined) launch = launch.allowedTools(flags.allowedTools);
  if (flags.appendSystemPrompt !== undefined) launch = launch.appendSystemPrompt(flags.appendSystemPrompt);
  for (const { flag, value } of flags.claudeArg ?? []) launch = launch.arg(flag, value);
  return launch;
}
