import type { ClaudeOutput, ResultMessage, Usage } from "../protocol/index.js";

/**
 * How a prompt ended: with an answer, with an error, or because the batch stopped before it could end. An aborted
 * prompt may have run in part.
 */
export type BatchStatus = "succeeded" | "failed" | "aborted";

/**
 * Why a prompt failed:
 * - `rate_limit` (429), `overloaded` (529), `server` (other 5xx), `network` (no or half an answer of the API);
 * - `timeout`: its deadline passed; `stalled`: no frame came for `stallMs`;
 * - `crashed`: the process or its thread died; `poison`: and so at each attempt;
 * - `launch`: no process could be started;
 * - `auth` (401, 403) and `refused` (any other error that the API or the CLI calls final);
 * - `limit`: `--max-turns` or a budget of the CLI's own was used up; `schema`: no answer in the JSON Schema;
 * - `invalid`: the prompt is none, its options cannot work, or its id was used before: it was never run;
 * - `budget`: the batch's budget was used up; `aborted`: the batch was stopped.
 */
export type BatchErrorKind =
  | "rate_limit"
  | "overloaded"
  | "server"
  | "network"
  | "timeout"
  | "stalled"
  | "crashed"
  | "poison"
  | "launch"
  | "auth"
  | "refused"
  | "limit"
  | "schema"
  | "invalid"
  | "budget"
  | "aborted";

/** A failure as plain data, so that it can be written as JSON. */
export interface BatchError {
  readonly kind: BatchErrorKind;
  /**
   * The stable `code` of the error class behind it, such as `CONNECTION_CLOSED` or `TIMEOUT`; `RESULT_ERROR` when
   * the CLI itself ended the turn with an error.
   */
  readonly code: string;
  readonly message: string;
  /** True when the same prompt may well succeed at another time. */
  readonly retryable: boolean;
}

/** Milliseconds, waits and attempts added up. */
export interface BatchTimings {
  /** From the moment the prompt was read from the input, less `runMs`: waits for a process, for retries, for limits. */
  readonly queuedMs: number;
  /** In which a process was at work on it. */
  readonly runMs: number;
}

/** What became of one prompt. Each prompt that was read from the input has exactly one. */
export interface BatchOutcome {
  readonly id: string;
  /** Position in the input, counted from 0. */
  readonly index: number;
  readonly status: BatchStatus;
  /** The answer's last text, empty without one; of a failed prompt whatever the CLI gave as its text. */
  readonly text: string;
  /** The value that was asked for by a JSON Schema. */
  readonly structuredOutput?: unknown;
  /** The `result` frame of the last attempt that had one. */
  readonly result?: ResultMessage;
  /** Present unless the prompt succeeded. */
  readonly error?: BatchError;
  /** The CLI's session of the last attempt. */
  readonly sessionId?: string;
  /** Tokens of the last attempt. */
  readonly usage?: Usage;
  /** US dollars of all attempts, as the CLI reckons them. */
  readonly costUsd: number;
  /** How often it was given to a process; 0 for a prompt that never ran. */
  readonly attempts: number;
  readonly timings: BatchTimings;
  /** What the prompt brought. */
  readonly metadata?: unknown;
  /** All messages of the last attempt; only with `transcript: true`. */
  readonly transcript?: readonly ClaudeOutput[];
}
