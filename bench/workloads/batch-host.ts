/** The host program that `batch` measures: many independent prompts, some of them at a time. */

import { readFileSync } from "node:fs";
import { measureMainThread } from "../main-thread.js";
import { answerAll, type BatchWay } from "../real-cli/many-prompts.js";
import type { Stage } from "../real-cli/stage.js";
import type { Measure } from "../scenario.js";

/** How many prompts are answered in which way. */
export interface BatchInput {
  readonly way: BatchWay;
  readonly prompts: number;
  readonly concurrency: number;
}

/** The same, for the host process. */
export interface BatchHostInput extends BatchInput {
  readonly stage: Stage;
}

/** A prompt, which no other contains. */
export function promptText(index: number): string {
  return `What is the number of this prompt? It is ${index}.`;
}

/** What the model answers to a prompt. */
export function answerText(prompt: string): string {
  return `The answer to: ${prompt}`;
}

export const measure: Measure<BatchHostInput> = async ({ way, prompts: count, concurrency, stage }) => {
  const prompts = Array.from({ length: count }, (_, index) => promptText(index));
  const mainThread = measureMainThread();
  const cpuBefore = processorMs();
  const began = performance.now();
  const answers = await answerAll(way, prompts, concurrency, stage);
  const elapsedMs = performance.now() - began;
  const { cpuMs, busyMs } = mainThread();
  const cpuAfter = processorMs();
  checkAnswers(answers, prompts);
  return {
    promptsPerSecond: (1_000 * count) / elapsedMs,
    mainThreadMs: (cpuMs ?? busyMs) / count,
    ...(cpuBefore !== undefined && cpuAfter !== undefined && { cpuMs: (cpuAfter - cpuBefore) / count }),
  };
};

/** @throws Error unless each prompt has its own answer, once */
export function checkAnswers(answers: readonly string[], prompts: readonly string[]): void {
  const expected = prompts.map(answerText).sort();
  const given = [...answers].sort();
  const wrong = given.find((answer, index) => answer !== expected[index]);
  if (given.length !== expected.length || wrong !== undefined)
    throw new Error(`${given.length} answers to ${expected.length} prompts; the first wrong one: ${wrong}`);
}

/** Ticks of the kernel's clock, by which it counts processor time. */
const TICK_MS = 10;

/** Processor time of this process and of its ended children; undefined where the platform does not tell. */
function processorMs(): number | undefined {
  try {
    const stat = readFileSync("/proc/self/stat", "latin1");
    // Behind the name, which may hold anything: utime, stime, cutime and cstime are fields 14 to 17.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) * TICK_MS;
  } catch {
    return undefined;
  }
}
