/** One prompt on its way through the batch. */

import type { ClaudeOutput, ResultMessage } from "../protocol/index.js";
import type { BatchError, BatchOutcome, BatchStatus } from "./batch-outcome.js";
import type { InputEntry } from "./input-reader.js";

/** How one attempt ended. */
export interface AttemptEnd {
  readonly result?: ResultMessage;
  /** Absent when the prompt was answered. */
  readonly error?: BatchError;
  readonly messages: readonly ClaudeOutput[];
  readonly costUsd: number;
  readonly runMs: number;
  /** When the limit that refused it ends, in milliseconds since 1970, where the API has told. */
  readonly resetAt?: number;
}

export class Job {
  readonly entry: InputEntry;
  readonly #takenAt = performance.now();
  attempts = 0;
  /** Attempts that ended with the process. */
  crashes = 0;
  /** Attempts refused by a limit that told its end: they do not count against the retries. */
  freeAttempts = 0;
  #runMs = 0;
  #costUsd = 0;
  #last: AttemptEnd | undefined;

  constructor(entry: InputEntry) {
    this.entry = entry;
  }

  /** How the latest attempt ended. */
  get last(): AttemptEnd | undefined {
    return this.#last;
  }

  ended(attempt: AttemptEnd): void {
    this.#last = attempt;
    this.#runMs += attempt.runMs;
    this.#costUsd += attempt.costUsd;
    if (attempt.error?.kind === "crashed") this.crashes += 1;
  }

  /** What became of it; `error` as given, also where the latest attempt had another. */
  outcome(status: BatchStatus, error: BatchError | undefined, withTranscript: boolean): BatchOutcome {
    const { id, index, prompt } = this.entry;
    const { result, messages = [] } = this.#last ?? {};
    const { structured_output } = (result ?? {}) as { structured_output?: unknown };
    return {
      id,
      index,
      status,
      text: typeof result?.result === "string" ? result.result : "",
      ...(structured_output !== undefined && { structuredOutput: structured_output }),
      ...(result && { result }),
      ...(error && { error }),
      ...(result?.session_id != null && { sessionId: result.session_id }),
      ...(result?.usage != null && { usage: result.usage }),
      costUsd: this.#costUsd,
      attempts: this.attempts,
      timings: { queuedMs: performance.now() - this.#takenAt - this.#runMs, runMs: this.#runMs },
      ...(prompt.metadata !== undefined && { metadata: prompt.metadata }),
      ...(withTranscript && { transcript: messages }),
    };
  }
}
