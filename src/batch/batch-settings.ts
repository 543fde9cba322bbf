/** What a batch was told, with every default filled in. */

import { availableParallelism } from "node:os";
import { InvalidArgumentError } from "../errors.js";
import { ClaudeCliBuilder } from "../launch/index.js";
import { milliseconds } from "../options.js";
import type { BatchOptions, BatchRecycleOptions, BatchRetryOptions } from "./batch-options.js";

/** {@link BatchOptions} without gaps: `Infinity` stands for "no limit". */
export interface BatchSettings
  extends Pick<BatchOptions, "onMessage" | "onToolApproval" | "signal" | "pool"> {
  readonly builder: ClaudeCliBuilder;
  readonly concurrency: number;
  readonly isolation: "session" | "process";
  readonly retry: Required<BatchRetryOptions>;
  readonly promptTimeoutMs: number;
  readonly stallMs: number;
  readonly maxBudgetUsd: number;
  readonly maxPrompts: number;
  readonly recycle: Required<BatchRecycleOptions>;
  readonly order: "completion" | "input";
  readonly transcript: boolean;
}

/** Waiting for the model leaves a processor idle, but each process takes 200 to 400 MB. */
const MOST_BY_DEFAULT = 8;

/**
 * Checks the options and fills in the defaults.
 * @throws InvalidArgumentError for a value that cannot work
 */
export function resolveBatchOptions(options: BatchOptions): BatchSettings {
  const { retry = {}, recycle = {}, onMessage, onToolApproval, signal, pool } = options;
  const settings: BatchSettings = {
    builder: options.builder ?? new ClaudeCliBuilder(),
    concurrency: whole(
      "concurrency",
      options.concurrency ?? Math.min(MOST_BY_DEFAULT, 2 * availableParallelism()),
    ),
    isolation: oneOf("isolation", options.isolation ?? "session", ["session", "process"]),
    retry: {
      attempts: whole("retry.attempts", retry.attempts ?? 4),
      minMs: milliseconds("retry.minMs", retry.minMs ?? 1_000),
      maxMs: milliseconds("retry.maxMs", retry.maxMs ?? 60_000),
    },
    promptTimeoutMs: milliseconds("promptTimeoutMs", options.promptTimeoutMs ?? 600_000),
    stallMs: milliseconds("stallMs", options.stallMs ?? 300_000),
    maxBudgetUsd: positive("maxBudgetUsd", options.maxBudgetUsd ?? Number.POSITIVE_INFINITY),
    maxPrompts:
      options.maxPrompts === undefined ? Number.POSITIVE_INFINITY : whole("maxPrompts", options.maxPrompts),
    recycle: {
      prompts: whole("recycle.prompts", recycle.prompts ?? 200),
      megabytes: positive("recycle.megabytes", recycle.megabytes ?? 1_024),
    },
    order: oneOf("order", options.order ?? "completion", ["completion", "input"]),
    transcript: options.transcript ?? false,
    ...(onMessage && { onMessage }),
    ...(onToolApproval && { onToolApproval }),
    ...(signal && { signal }),
    ...(pool && { pool }),
  };
  if (settings.retry.minMs > settings.retry.maxMs) {
    throw new InvalidArgumentError(
      `retry.minMs (${settings.retry.minMs}) must not be more than retry.maxMs (${settings.retry.maxMs}).`,
    );
  }
  return settings;
}

function whole(name: string, value: number): number {
  if (Number.isInteger(value) && value >= 1) return value;
  throw new InvalidArgumentError(`${name} must be a whole number of at least 1, got ${value}.`);
}

function positive(name: string, value: number): number {
  if (value > 0) return value;
  throw new InvalidArgumentError(`${name} must be more than 0, got ${value}.`);
}

function oneOf<Choice extends string>(name: string, value: Choice, choices: readonly Choice[]): Choice {
  if (choices.includes(value)) return value;
  throw new InvalidArgumentError(`${name} must be ${choices.join(" or ")}, got ${JSON.stringify(value)}.`);
}
