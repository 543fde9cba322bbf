import { isClaudeError } from "../errors.js";

/** How the command ends; scripts may rely on these numbers. */
export const ExitCode = {
  /** The turn succeeded; nothing failed in the doctor; the tour came to its end. */
  success: 0,
  /** The turn ended in an error result, a check of the doctor failed, or something unexpected happened. */
  failed: 1,
  /** Unknown option, missing prompt, impossible value. */
  usage: 2,
  /** The `claude` executable was not found or could not be started. */
  notStarted: 3,
  /** The CLI, or the thread that runs it, ended in the middle of the work. */
  connectionLost: 4,
  /** The time was up; the same number as of timeout(1). */
  timeout: 124,
  /** Ctrl+C; what a shell reports for SIGINT. */
  interrupted: 130,
} as const;

/** One of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The table that every `--help` ends with. */
export const EXIT_CODES_HELP = `Exit codes:
  0    success
  1    the turn ended in an error result, or a check failed
  2    wrong usage
  3    claude was not found or could not be started
  4    the connection to claude was lost
  124  the time was up
  130  interrupted by Ctrl+C`;

const BY_ERROR: Readonly<Record<string, ExitCode>> = {
  INVALID_ARGUMENT: ExitCode.usage,
  BINARY_NOT_FOUND: ExitCode.notStarted,
  SPAWN_FAILED: ExitCode.notStarted,
  CONNECTION_CLOSED: ExitCode.connectionLost,
  WORKER_CRASHED: ExitCode.connectionLost,
  WRITE_FAILED: ExitCode.connectionLost,
  TIMEOUT: ExitCode.timeout,
  ABORTED: ExitCode.interrupted,
};

/** The exit code that says the most about an error. */
export function exitCodeOf(error: unknown): ExitCode {
  return (isClaudeError(error) ? BY_ERROR[error.code] : undefined) ?? ExitCode.failed;
}
