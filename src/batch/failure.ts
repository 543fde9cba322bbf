/** From what went wrong to a {@link BatchError}: what it is called, and whether another attempt may help. */

import { isClaudeError } from "../errors.js";
import { isErrorResult, type ResultMessage } from "../protocol/index.js";
import type { BatchError, BatchErrorKind } from "./batch-outcome.js";

/** Kinds that another attempt may get past. */
const RETRYABLE: ReadonlySet<BatchErrorKind> = new Set([
  "rate_limit",
  "overloaded",
  "server",
  "network",
  "timeout",
  "stalled",
  "crashed",
  "launch",
  "budget",
  "aborted",
]);

/** An error as data. */
export function batchError(kind: BatchErrorKind, code: string, message: string): BatchError {
  return { kind, code, message, retryable: RETRYABLE.has(kind) };
}

/** Why the result is none to be content with; undefined for a good one. */
export function resultFailure(result: ResultMessage): BatchError | undefined {
  if (!isErrorResult(result)) return undefined;
  const said = typeof result.result === "string" && result.result !== "" ? [result.result] : [];
  const [message = `The turn ended with ${result.subtype}.`] = [...said, ...(result.errors ?? [])];
  return batchError(resultKind(result), "RESULT_ERROR", message);
}

function resultKind(result: ResultMessage): BatchErrorKind {
  switch (result.subtype) {
    case "error_max_turns":
    case "error_max_budget_usd":
      return "limit";
    case "error_max_structured_output_retries":
      return "schema";
    case "success":
      return apiKind(result.api_error_status ?? undefined, result);
    default:
      return "refused";
  }
}

function apiKind(
  status: number | undefined,
  { terminal_reason, api_error_type }: ResultMessage,
): BatchErrorKind {
  // Without a status the connection broke; any other end is a decision of the CLI's own.
  if (status === undefined) return terminal_reason === "api_error" ? "network" : "refused";
  if (status === 429) return "rate_limit";
  if (status === 529 || api_error_type === "overloaded_error") return "overloaded";
  if (status === 401 || status === 403) return "auth";
  if (status === 408 || status === 409 || status >= 500) return "server";
  return "refused";
}

/** Why no process could be started, or why one ended before it had said anything. */
export function launchFailure(error: unknown): BatchError {
  const failure = batchError("launch", codeOf(error), messageOf(error));
  return { ...failure, retryable: !FINAL_CODES.has(failure.code) };
}

/** Why a turn broke off; `hasSpoken` tells whether its process had ever said anything. */
export function turnFailure(error: unknown, hasSpoken: boolean): BatchError {
  return hasSpoken ? batchError("crashed", codeOf(error), messageOf(error)) : launchFailure(error);
}

/** Another start would fail in the same way. */
const FINAL_CODES: ReadonlySet<string> = new Set(["BINARY_NOT_FOUND", "INVALID_ARGUMENT"]);

function codeOf(error: unknown): string {
  return isClaudeError(error) ? error.code : "UNKNOWN";
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
