import { readFileSync } from "node:fs";
import type { BatchOptions } from "../batch/batch-options.js";
import { ClaudeCliBuilder, InvalidArgumentError } from "../index.js";
import type { BatchFlags } from "./batch-flags.js";
import { withLaunchFlags } from "./launch-flags.js";

/**
 * How the CLI is started for a batch.
 * @throws InvalidArgumentError for values that cannot work.
 */
export function batchLaunch(flags: BatchFlags): ClaudeCliBuilder {
  const base = new ClaudeCliBuilder();
  let builder = withLaunchFlags(flags.lean === true ? base.lean() : base, flags);
  if (flags.systemPrompt !== undefined) builder = builder.systemPrompt(flags.systemPrompt);
  if (flags.jsonSchema !== undefined) builder = builder.jsonSchema(readSchema(flags.jsonSchema));
  return builder;
}

/** What of the flags is for the library. */
export function batchOptions(flags: BatchFlags, signal: AbortSignal): BatchOptions {
  const { concurrency, isolation, attempts, timeout, stall, maxBudgetUsd, maxPrompts } = flags;
  return {
    builder: batchLaunch(flags),
    signal,
    ...(concurrency === undefined ? {} : { concurrency }),
    ...(isolation === undefined ? {} : { isolation }),
    ...(attempts === undefined ? {} : { retry: { attempts } }),
    ...(timeout === undefined ? {} : { promptTimeoutMs: timeout }),
    ...(stall === undefined ? {} : { stallMs: stall }),
    ...(maxBudgetUsd === undefined ? {} : { maxBudgetUsd }),
    ...(maxPrompts === undefined ? {} : { maxPrompts }),
  };
}

function readSchema(file: string): string {
  try {
    const text = readFileSync(file, "utf8");
    JSON.parse(text);
    return text;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new InvalidArgumentError(`The JSON Schema in ${file} cannot be read: ${why}`);
  }
}
