/**
 * The CLI's flags as data: what each one is called, what it takes, and which builder method sets it.
 *
 * Checked against `claude --help` of CLI 2.1.330 by a test, so that a new or changed flag shows. `hidden` flags
 * are absent from the help; they were tried one by one on that version.
 */

/**
 * What follows a flag: nothing (`boolean`), one value (`value`), perhaps a value (`optional`), any number of
 * values (`list`).
 */
export type FlagKind = "boolean" | "value" | "optional" | "list";

/** One flag of the CLI. */
export interface Flag {
  readonly kind: FlagKind;
  /** Further spellings, with their dashes. */
  readonly aliases?: readonly string[];
  /** True when `claude --help` does not mention the flag. */
  readonly hidden?: true;
  /** Lists only. Absent: the flag is repeated for each item; `","`: one flag, its items joined by commas. */
  readonly join?: ",";
  /** The method of `ClaudeCliBuilder` that sets the flag. */
  readonly method?: string;
  /** Why no launch can set the flag itself. A flag has either this or `method`. */
  readonly reserved?: string;
}

const ALWAYS = "every launch sets it: a session is driven over stream-json";
const NO_SESSION = "the CLI answers and exits, no session starts";
const NOT_HEADLESS = "the CLI refuses it together with --print and --output-format=stream-json";

/** Every flag of the CLI by its name without dashes, in the order in which they are emitted. */
export const FLAGS = {
  print: { kind: "boolean", aliases: ["-p"], reserved: ALWAYS },
  verbose: { kind: "boolean", reserved: ALWAYS },
  "output-format": { kind: "value", reserved: ALWAYS },
  "input-format": { kind: "value", reserved: ALWAYS },
  help: { kind: "boolean", aliases: ["-h"], reserved: NO_SESSION },
  version: { kind: "boolean", aliases: ["-v"], reserved: NO_SESSION },
  bg: { kind: "boolean", aliases: ["--background"], reserved: NOT_HEADLESS },
  cloud: { kind: "optional", reserved: NOT_HEADLESS },
  desktop: { kind: "boolean", reserved: NOT_HEADLESS },
  environment: { kind: "value", reserved: NOT_HEADLESS },
  tmux: { kind: "boolean", reserved: NOT_HEADLESS },

  "session-id": { kind: "value", method: "sessionId" },
  continue: { kind: "boolean", aliases: ["-c"], method: "continueConversation" },
  // Optional to the CLI, but a bare --resume opens a picker, which --print refuses.
  resume: { kind: "optional", aliases: ["-r"], method: "resume" },
  "resume-session-at": { kind: "value", hidden: true, method: "resumeSessionAt" },
  "resume-drops-turn": { kind: "value", hidden: true, method: "resumeDropsTurn" },
  "fork-session": { kind: "boolean", method: "forkSession" },
  "from-pr": { kind: "optional", method: "fromPr" },
  teleport: { kind: "optional", method: "teleport" },
  name: { kind: "value", aliases: ["-n"], method: "name" },
  worktree: { kind: "optional", aliases: ["-w"], method: "worktree" },
  "no-session-persistence": { kind: "boolean", method: "noSessionPersistence" },
  "session-mirror": { kind: "boolean", hidden: true, method: "sessionMirror" },

  model: { kind: "value", method: "model" },
  "fallback-model": { kind: "value", method: "fallbackModel" },
  effort: { kind: "value", method: "effort" },
  thinking: { kind: "value", hidden: true, method: "thinking" },
  "thinking-display": { kind: "value", hidden: true, method: "thinkingDisplay" },
  "max-thinking-tokens": { kind: "value", hidden: true, method: "maxThinkingTokens" },
  "max-turns": { kind: "value", hidden: true, method: "maxTurns" },
  "max-budget-usd": { kind: "value", method: "maxBudgetUsd" },
  "task-budget": { kind: "value", hidden: true, method: "taskBudget" },
  autocompact: { kind: "value", method: "autocompact" },
  betas: { kind: "list", method: "betas" },
  agent: { kind: "value", method: "agent" },
  agents: { kind: "value", method: "agents" },
  "json-schema": { kind: "value", method: "jsonSchema" },

  "system-prompt": { kind: "value", method: "systemPrompt" },
  "system-prompt-file": { kind: "value", hidden: true, method: "systemPromptFile" },
  "append-system-prompt": { kind: "value", method: "appendSystemPrompt" },
  "append-system-prompt-file": { kind: "value", hidden: true, method: "appendSystemPromptFile" },
  "system-prompt-snapshot": { kind: "value", method: "systemPromptSnapshot" },
  "exclude-dynamic-system-prompt-sections": {
    kind: "boolean",
    method: "excludeDynamicSystemPromptSections",
  },

  tools: { kind: "list", join: ",", method: "tools" },
  "allowed-tools": { kind: "list", aliases: ["--allowedTools"], method: "allowedTools" },
  "disallowed-tools": { kind: "list", aliases: ["--disallowedTools"], method: "disallowedTools" },
  "permission-mode": { kind: "value", method: "permissionMode" },
  "permission-prompts": { kind: "value", method: "permissionPrompts" },
  "permission-prompt-tool": { kind: "value", hidden: true, method: "permissionPromptTool" },
  "dangerously-skip-permissions": { kind: "boolean", method: "dangerouslySkipPermissions" },
  "allow-dangerously-skip-permissions": { kind: "boolean", method: "allowDangerouslySkipPermissions" },
  restricted: { kind: "boolean", method: "restricted" },
  "add-dir": { kind: "list", method: "addDirectories" },

  "mcp-config": { kind: "list", method: "mcpConfig" },
  "strict-mcp-config": { kind: "boolean", method: "strictMcpConfig" },
  "plugin-dir": { kind: "list", method: "pluginDir" },
  "plugin-dir-no-mcp": { kind: "list", hidden: true, method: "pluginDirNoMcp" },
  "plugin-url": { kind: "list", method: "pluginUrl" },
  "disable-slash-commands": { kind: "boolean", method: "disableSlashCommands" },
  settings: { kind: "value", method: "settings" },
  "setting-sources": { kind: "value", method: "settingSources" },
  "managed-settings": { kind: "value", hidden: true, method: "managedSettings" },
  "project-config-root": { kind: "value", hidden: true, method: "projectConfigRoot" },
  bare: { kind: "boolean", method: "bare" },
  "safe-mode": { kind: "boolean", method: "safeMode" },
  file: { kind: "list", method: "file" },
  brief: { kind: "boolean", method: "brief" },
  ide: { kind: "boolean", method: "ide" },
  chrome: { kind: "boolean", method: "chrome" },
  "no-chrome": { kind: "boolean", method: "chrome" },
  "ax-screen-reader": { kind: "boolean", method: "axScreenReader" },
  "remote-control": { kind: "optional", method: "remoteControl" },
  "remote-control-session-name-prefix": { kind: "value", method: "remoteControlSessionNamePrefix" },

  "include-partial-messages": { kind: "boolean", method: "includePartialMessages" },
  "include-hook-events": { kind: "boolean", method: "includeHookEvents" },
  "forward-subagent-text": { kind: "boolean", method: "forwardSubagentText" },
  "replay-user-messages": { kind: "boolean", method: "replayUserMessages" },
  "prompt-suggestions": { kind: "optional", method: "promptSuggestions" },
  debug: { kind: "optional", aliases: ["-d"], method: "debug" },
  "debug-file": { kind: "value", method: "debugFile" },
} as const satisfies Record<string, Flag>;

/** Name of a known flag, without dashes. */
export type FlagName = keyof typeof FLAGS;

/** Names of the known flags of one kind. */
export type FlagOf<Kind extends FlagKind> = {
  [Name in FlagName]: (typeof FLAGS)[Name]["kind"] extends Kind ? Name : never;
}[FlagName];

/** The flags that every launch starts with, and why the rest of the package works: it speaks stream-json. */
export const FIXED_ARGS: readonly string[] = [
  "--print",
  "--verbose",
  "--output-format=stream-json",
  "--input-format=stream-json",
];

/** True for the name of a known flag (without dashes). */
export function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(FLAGS, name);
}

/** The entry of a known flag, widened to the common shape. */
export function flagOf(name: FlagName): Flag {
  return FLAGS[name];
}

/** All known flags, in the order in which they are emitted. */
export function flagNames(): FlagName[] {
  return Object.keys(FLAGS).filter(isFlagName);
}

const CANONICAL: ReadonlyMap<string, FlagName> = new Map(
  flagNames().flatMap((name) =>
    [`--${name}`, ...(flagOf(name).aliases ?? [])].map((spelling) => [spelling, name]),
  ),
);

/** The known flag with this spelling (with dashes; any alias), or undefined. */
export function flagSpelled(spelling: string): FlagName | undefined {
  return CANONICAL.get(spelling);
}
