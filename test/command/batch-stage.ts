/** Runs `batch` as a child, on the stand-in for claude or on the real one. */

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import type { CliScript } from "../../src/testing/index.js";
import type { ChildRun } from "../testing/child-run.js";
import { type Ended, ended, onStage } from "./command-run.js";
import { standIn } from "./stand-in.js";

/** A line of results. */
export interface Recorded {
  readonly id: string;
  readonly status: string;
  readonly text: string;
  readonly error?: { readonly kind: string; readonly message: string };
  readonly [field: string]: unknown;
}

/** Where a batch runs, with files by their names. */
export interface BatchStage {
  /** The folder of the files; the command's working directory. */
  readonly folder: string;
  /** Starts `batch` with these arguments. */
  start(...args: readonly string[]): ChildRun;
  /** The same, to its end. */
  run(...args: readonly string[]): Promise<Ended>;
  /** Changes how claude behaves from the next start of it. */
  script(script: CliScript): void;
  write(name: string, content: string | Buffer): void;
  read(name: string): string;
  exists(name: string): boolean;
  /** All whole lines of `results.jsonl`. */
  results(): Recorded[];
}

/** Sets a stage with a stand-in for claude; at the end nothing of it may run any more. */
export async function onBatchStage(
  script: CliScript,
  play: (stage: BatchStage) => Promise<void>,
): Promise<void> {
  await onStage("unused", async ({ start, offline }) => {
    const claude = standIn(offline.tmp, script);
    await play({
      ...files(offline.cwd),
      start: (...args) => start("batch", "--claude", claude, ...args),
      run: (...args) => ended(start("batch", "--claude", claude, ...args)),
      script: (next) => void standIn(offline.tmp, next),
    });
  });
}

/** Files of a folder, by their names. */
export function files(folder: string): Pick<BatchStage, "folder" | "write" | "read" | "exists" | "results"> {
  const read = (name: string) => readFileSync(join(folder, name), "utf8");
  const exists = (name: string) => existsSync(join(folder, name));
  return {
    folder,
    write: (name, content) => writeFileSync(join(folder, name), content),
    read,
    exists,
    results: () => {
      const lines = exists("results.jsonl") ? read("results.jsonl").split("\n").slice(0, -1) : [];
      return lines.map((line) => JSON.parse(line));
    },
  };
}

/** So many rows of JSONL; the prompt of `p7` is what `promptOf` makes of 7. */
export function rows(count: number, promptOf: (index: number) => string = (index) => `say ${index}`): string {
  return Array.from(
    { length: count },
    (_, index) => `${JSON.stringify({ id: `p${index}`, prompt: promptOf(index) })}\n`,
  ).join("");
}

/** Waits until so many lines are recorded; fails when the run ends before. */
export async function recorded(
  stage: Pick<BatchStage, "results">,
  run: ChildRun,
  count: number,
): Promise<void> {
  let over = false;
  void run.ended.then(() => {
    over = true;
  });
  while (stage.results().length < count) {
    if (over) throw new Error(`ended after ${stage.results().length} of ${count} lines: ${run.stderr}`);
    await sleep(10);
  }
}

/** Each id has exactly one outcome, a good one, and the answer is that of its prompt. */
export function assertComplete(
  results: readonly Recorded[],
  count: number,
  answer = (index: number) => `say ${index}`,
): void {
  const byId = new Map(results.map((result) => [result.id, result]));
  assert.is(results.length, count);
  for (let index = 0; index < count; index += 1) {
    const { status, text } = byId.get(`p${index}`) ?? {};
    assert.equal({ status, text }, { status: "succeeded", text: answer(index) }, `p${index}`);
  }
}
