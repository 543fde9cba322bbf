/** Gives a prompt to a process once, and tells how that ended. */

import { type ClaudeOutput, isRateLimit, isSystem } from "../protocol/index.js";
import type { BatchSettings } from "./batch-settings.js";
import { resultFailure, turnFailure } from "./failure.js";
import type { AttemptEnd, Job } from "./job.js";
import type { LimitGate } from "./limit-gate.js";
import type { WarmProcess } from "./warm-process.js";
import { Watchdog } from "./watchdog.js";

/** What an attempt runs in. */
export interface AttemptContext {
  readonly settings: BatchSettings;
  readonly gate: LimitGate;
  /** Ends it at once. */
  readonly signal: AbortSignal;
}

/** Runs one attempt; never rejects. A process whose turn has no result is in no state to go on. */
export async function attempt(job: Job, warm: WarmProcess, context: AttemptContext): Promise<AttemptEnd> {
  const { settings, gate, signal } = context;
  const begun = performance.now();
  const messages: ClaudeOutput[] = [];
  let resetAt: number | undefined;
  const see = (message: ClaudeOutput): void => {
    if (settings.transcript) messages.push(message);
    tell(settings.onMessage, message, job);
    slowDown(gate, message);
    resetAt = resetOf(message) ?? resetAt;
  };
  const watchdog = new Watchdog({
    timeoutMs: job.entry.prompt.timeoutMs ?? settings.promptTimeoutMs,
    stallMs: settings.stallMs,
    bytesWritten: () => warm.bytesWritten,
    signal,
  });
  const turn = warm.ask(job.entry.prompt.prompt, see).then(
    (result) => ({ result, error: resultFailure(result) }),
    (error: unknown) => ({ result: undefined, error: turnFailure(error, warm.hasSpoken) }),
  );
  const broken = watchdog.barked.then((error) => ({ result: undefined, error }));
  const { result, error } = await Promise.race([turn, broken]);
  watchdog.callOff();
  return {
    ...(result && { result }),
    ...(error && { error }),
    // A turn that was left may still speak while it ends.
    messages: [...messages],
    costUsd: result === undefined ? 0 : warm.costOf(result),
    runMs: performance.now() - begun,
    ...(resetAt !== undefined && { resetAt }),
  };
}

/** A listener's own failure must not be taken for the prompt's. */
function tell(listener: BatchSettings["onMessage"], message: ClaudeOutput, job: Job): void {
  const { id, index } = job.entry;
  try {
    listener?.(message, { id, index, attempt: job.attempts });
  } catch (error) {
    process.emitWarning(`onMessage has thrown: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** The CLI repeats refused calls by itself; meanwhile nobody else needs to try. */
function slowDown(gate: LimitGate, message: ClaudeOutput): void {
  if (!isSystem(message, "api_retry")) return;
  const kind =
    message.error_status === 429 ? "rate_limit" : message.error_status === 529 ? "overloaded" : undefined;
  if (kind !== undefined) gate.retrying(kind, message.retry_delay_ms ?? 0);
}

/** The end of a limit that refuses work, in milliseconds since 1970. */
function resetOf(message: ClaudeOutput): number | undefined {
  if (!isRateLimit(message)) return undefined;
  const { status, resetsAt, isUsingOverage } = message.rate_limit_info;
  if (status !== "rejected" || isUsingOverage === true || typeof resetsAt !== "number") return undefined;
  const resetAt = resetsAt * 1_000;
  // One that has passed is no end to wait for.
  return resetAt > Date.now() ? resetAt : undefined;
}
