import { BadInputError, isClaudeError } from "../errors.js";
import { visible } from "./visible-text.js";

/** With this variable set to anything, errors come with their stack and cause. */
export const DEBUG_VARIABLE = "CLAUDE_OFFTHREAD_DEBUG";

const HINTS: Readonly<Record<string, string>> = {
  BINARY_NOT_FOUND:
    "On the command line its file is named by --claude <path>; `claude-offthread doctor` shows what is found.",
  SPAWN_FAILED: "`claude-offthread doctor` shows what is found and whether it runs.",
  CONNECTION_CLOSED: "`claude-offthread doctor` checks the installation.",
  BAD_INPUT: "--skip-bad sets rows aside that cannot be run; --dry-run only checks.",
  INVALID_ARGUMENT: "See `claude-offthread --help`.",
};

/** The lines for stderr that tell of an error: `error [CODE]: message`, and what to do about it. */
export function failureReport(error: unknown, env: NodeJS.ProcessEnv = process.env): string {
  const code = isClaudeError(error) ? error.code : "UNEXPECTED";
  const message = error instanceof Error ? error.message : String(error);
  const debug = env[DEBUG_VARIABLE] !== undefined && env[DEBUG_VARIABLE] !== "";
  const hint = hintFor(error, code, debug);
  return [
    `error [${code}]: ${visible(message)}`,
    ...(hint === undefined ? [] : [`  hint: ${hint}`]),
    ...(debug ? [stackOf(error)] : []),
    "",
  ].join("\n");
}

function hintFor(error: unknown, code: string, debug: boolean): string | undefined {
  // Of a file that cannot be read at all no row can be set aside.
  if (error instanceof BadInputError && error.rows.length === 0) return undefined;
  if (isClaudeError(error) || debug) return HINTS[code];
  return HINTS[code] ?? `Set ${DEBUG_VARIABLE}=1 to see where it happened.`;
}

function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return "";
  const cause =
    error.cause === undefined ? "" : `\n  caused by ${stackOf(error.cause) || String(error.cause)}`;
  return `${error.stack ?? error.message}${cause}`;
}
