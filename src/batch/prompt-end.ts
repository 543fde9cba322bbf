/** Why a prompt has come to its end without an answer. */

import type { ClaudeCliBuilder } from "../launch/index.js";
import type { BatchError } from "./batch-outcome.js";
import { batchError } from "./failure.js";
import type { Job } from "./job.js";
import { type PromptLaunch, promptLaunch } from "./prompt-launch.js";

/** Why prompts that have not ended yet will not. */
export class Stopped extends Error {
  constructor(readonly kind: "aborted" | "budget") {
    super(kind);
  }
}

/** An attempt that may be followed by another. */
export class AttemptFailed extends Error {
  constructor(readonly failure: BatchError) {
    super(failure.message);
  }
}

/**
 * How to launch the CLI for a prompt.
 * @throws AttemptFailed for a prompt that cannot be run as it is
 */
export function launchOf({ entry }: Job, builder: ClaudeCliBuilder): PromptLaunch {
  if (entry.problem !== undefined) throw invalid(entry.problem);
  try {
    return promptLaunch(builder, entry.prompt);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
}

function invalid(message: string): AttemptFailed {
  return new AttemptFailed(batchError("invalid", "INVALID_ARGUMENT", message));
}

/** What a prompt is told that was stopped before it was answered. */
export function stopError({ kind }: Stopped, { last }: Job): BatchError {
  const why = kind === "budget" ? "The batch's budget is used up" : "The batch was stopped";
  const before = last?.error === undefined ? "" : ` Its last attempt failed: ${last.error.message}`;
  return batchError(
    kind,
    kind === "budget" ? "BUDGET" : "ABORTED",
    `${why}; the prompt was not answered.${before}`,
  );
}

/** A prompt of which every attempt has cost a process is not given another. */
export function setAside(error: BatchError, { attempts, crashes }: Job): BatchError {
  if (error.kind !== "crashed" || attempts < 2 || crashes < attempts) return error;
  const message = `Each of its ${attempts} attempts ended with the process: ${error.message}`;
  return batchError("poison", error.code, message);
}
