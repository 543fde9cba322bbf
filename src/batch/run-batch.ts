/** Many prompts through a few CLI processes. */

import { InvalidArgumentError } from "../errors.js";
import { Batch } from "./batch.js";
import type { BatchOptions } from "./batch-options.js";
import type { BatchOutcome } from "./batch-outcome.js";
import type { BatchInput } from "./batch-prompt.js";
import { resolveBatchOptions } from "./batch-settings.js";
import type { BatchStats } from "./batch-stats.js";

/**
 * A running batch: iterate it once for the outcomes. It runs only while it is read: a few outcomes are kept for a
 * slow reader, then no further prompt is begun. Leaving the loop early stops the batch; when the loop has ended, by
 * whatever way, no process of it is left.
 */
export interface BatchRun extends AsyncIterableIterator<BatchOutcome, undefined>, AsyncDisposable {
  /** Where the batch stands; costs next to nothing. */
  stats(): BatchStats;
  /** Takes no further prompts and begins none; those that run come to their end, those that wait are `aborted`. */
  finish(): void;
}

/**
 * Runs every prompt of the input and gives one outcome for each. Failures are outcomes too: iterating rejects only
 * when the input itself throws, and then after the outcomes of all prompts read before.
 * @throws InvalidArgumentError for options that cannot work
 */
export function runBatch(prompts: BatchInput, options: BatchOptions = {}): BatchRun {
  if (typeof prompts !== "object" || prompts === null) {
    throw new InvalidArgumentError("runBatch() takes a list, a generator or a stream of prompts.");
  }
  return new Batch(prompts, resolveBatchOptions(options));
}
