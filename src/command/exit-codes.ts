import { isClaudeError } from "../errors.js";

/** How the command ends; scripts may rely on these numbers. */
export const ExitCode = {
  /** The turn, or every prompt of the batch, succeeded; nothing failed in the doctor; the tour came to its end. */
  success: 0,
  /** The turn, or a prompt of the batch, ended in an error; a check of the doctor failed; the unexpected happened. */
  failed: 1,
  /** Unknown option, missing prompt, impossible value, rows of a batch that cannot be run. */
  usage: 2,
  /** The `claude` executable was not found or could not be started. */
  notStarted: 3,
  /** The CLI, or the thread that runs it, ended in the middle of the work. */
  connectionLost: 4,
  /** The results of a batch cannot be written, or another run writes them. */
  output: 5,
  /** A limit that was given for the batch ended it before all prompts had run. */
  limit: 6,
  /** The time was up; the same number as of timeout(1). */
  timeout: 124,
  /** Ctrl+C; what a shell reports for SIGINT. */
  interrupted: 130,
  /** SIGTERM stopped the batch; what a shell reports for it. */
  terminated: 143,
} as const;

/** One of {@link ExitCode}. */
export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** The table that every `--help` ends with. */
export const EXIT_CODES_HELP = `Exit codes:
  0    success
  1    the turn, or a prompt of the batch, ended in an error, or a check failed
  2    wrong usage, or bad rows in the input of a batch
  3    claude was not found or could not be started
  4    the connection to claude was lost
  5    the results of the batch cannot be written, or another run writes them
  6    --max-budget-usd or --max-prompts ended the batch before all prompts had run
  124  the time was up
  130  interrupted by Ctrl+C
  143  the batch was stopped by SIGTERM`;

const BY_ERROR: Readonly<Record<string, ExitCode>> = {
  INVALID_ARGUMENT: ExitCode.usage,
  BAD_INPUT: ExitCode.usage,
  BINARY_NOT_FOUND: ExitCode.notStarted,
  SPAWN_FAILED: ExitCode.notStarted,
  CONNECTION_CLOSED: ExitCode.connectionLost,
  WORKER_CRASHED: ExitCode.connectionLost,
  WRITE_FAILED: ExitCode.connectionLost,
  OUTPUT_FAILED: ExitCode.output,
  OUTPUT_LOCKED: ExitCode.output,
  TIMEOUT: ExitCode.timeout,
  ABORTED: ExitCode.interrupted,
};

/** The exit code that says the most about an error. */
export function exitCodeOf(error: unknown): ExitCode {
  return (isClaudeError(error) ? BY_ERROR[error.code] : undefined) ?? ExitCode.failed;
}
