/** Batches on the scripted CLI: what the tests of this folder have in common. */

import * as assert from "uvu/assert";
import {
  type BatchInput,
  type BatchOptions,
  type BatchOutcome,
  type BatchRun,
  runBatch,
} from "../../src/index.js";
import { type CliScript, init, result } from "../../src/testing/index.js";
import { sized } from "../support/full-size.js";
import { inTime } from "../support/scripted.js";
import { type ScriptedBuilder, scriptedBuilder } from "../support/scripted-builder.js";

/** Retries without waits worth the name. */
export const SOON = { minMs: 1, maxMs: 10 } as const;

/** What a batch is run with, and what it starts. */
export interface BatchRig {
  readonly run: BatchRun;
  readonly cli: ScriptedBuilder;
}

/** Runs a test with a batch on the scripted CLI; the n-th process plays the n-th script. */
export async function withBatch(
  scripts: readonly CliScript[],
  prompts: BatchInput,
  options: BatchOptions,
  test: (rig: BatchRig) => Promise<void>,
): Promise<void> {
  using cli = scriptedBuilder(...scripts);
  const run = runBatch(prompts, { builder: cli.builder, concurrency: 2, retry: SOON, ...options });
  try {
    await inTime("the batch", test({ run, cli }), sized(60_000, 3_600_000));
  } finally {
    await run.return?.();
  }
  assert.is(run.stats().processes.alive, 0, "processes left");
}

/** All outcomes, in the order in which they came. */
export async function outcomesOf(run: BatchRun): Promise<BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  for await (const outcome of run) outcomes.push(outcome);
  return outcomes;
}

/** How each prompt ended: its id, and the kind of its error if it has one. */
export function endings(outcomes: readonly BatchOutcome[]): Record<string, string> {
  const sorted = [...outcomes].sort((a, b) => a.index - b.index);
  return Object.fromEntries(sorted.map(({ id, status, error }) => [id, error?.kind ?? status]));
}

/** Prompts of their own number. */
export function* numbered(count: number): Generator<string> {
  for (let index = 0; index < count; index++) yield `prompt ${index}`;
}

/** A turn that the API has refused. */
export function refused(status: number | null, fields: Readonly<Record<string, unknown>> = {}) {
  const message = { is_error: true, api_error_status: status, terminal_reason: "api_error", ...fields };
  return [init(), result({ result: `API Error: ${status}`, ...message })];
}
