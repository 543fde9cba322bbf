/** The host program that `approval` measures: one turn of tool calls, each of which the host has to allow. */

import { readdirSync } from "node:fs";
import { openConversation, type Talker } from "../real-cli/conversation.js";
import type { Stage } from "../real-cli/stage.js";
import { resultOf } from "../real-cli/wire-message.js";
import type { Measure } from "../scenario.js";
import { holdLoopRegularly } from "./hold-loop.js";

/** Who approves how many calls, and how much of the time the loop is held meanwhile. */
export interface ApprovalInput {
  readonly talker: Talker;
  readonly calls: number;
  /** Milliseconds of every {@link ApprovalInput.everyMs} in which the loop is held; 0: never. */
  readonly heldMs: number;
  readonly everyMs: number;
}

/** The same, for the host process. */
export interface ApprovalHostInput extends ApprovalInput {
  readonly stage: Stage;
}

/** The model answers this with the tool calls, one after the other. */
export const WORK_PROMPT = "do the work";
export const WORK_DONE = "All is done.";

/** What the tool call of that number makes: the proof that it was let run. */
export function traceOf(call: number): string {
  return `made-by-call-${call}`;
}

/** The loop must have been held for nearly the share that was asked for, or the figure stands for something else. */
const LEAST_PART_HELD = 0.8;

export const measure: Measure<ApprovalHostInput> = async ({ talker, calls, heldMs, everyMs, stage }) => {
  const approved: string[] = [];
  const onApproval = (toolUseId: string) => approved.push(toolUseId);
  const conversation = await openConversation(talker, stage, { ready: true, onApproval });
  const release = heldMs > 0 ? holdLoopRegularly(heldMs, everyMs) : undefined;
  const began = performance.now();
  let result: ReturnType<typeof resultOf>;
  for await (const message of conversation.ask(WORK_PROMPT)) result = resultOf(message) ?? result;
  const turnMs = performance.now() - began;
  const heldShare = (release?.().heldMs ?? 0) / turnMs;
  await conversation.close();
  const traces = readdirSync(stage.cwd);
  checkWork({ result, approved, traces, heldShare }, { calls, heldMs, everyMs });
  return { turnMs, msPerCall: turnMs / calls, heldShare };
};

/** What a turn has left behind. */
export interface WorkEvidence {
  readonly result: { readonly subtype: unknown; readonly text: unknown } | undefined;
  /** The ids of the tool calls that the host was asked about. */
  readonly approved: readonly string[];
  /** The files in the working folder. */
  readonly traces: readonly string[];
  readonly heldShare: number;
}

/** @throws Error when a call was not asked about or has not run, the turn failed, or the loop was hardly held */
export function checkWork(
  { result, approved, traces, heldShare }: WorkEvidence,
  { calls, heldMs, everyMs }: Pick<ApprovalInput, "calls" | "heldMs" | "everyMs">,
): void {
  if (result?.subtype !== "success" || result.text !== WORK_DONE)
    throw new Error(`The turn ended as ${result?.subtype} with ${JSON.stringify(result?.text)}.`);
  const asked = new Set(approved).size;
  if (asked !== calls) throw new Error(`The host was asked about ${asked} of ${calls} tool calls.`);
  const missing = Array.from({ length: calls }, (_, call) => traceOf(call)).filter(
    (trace) => !traces.includes(trace),
  );
  if (missing.length > 0) throw new Error(`Tool calls that have not run: ${missing.join(", ")}.`);
  if (heldShare < (LEAST_PART_HELD * heldMs) / everyMs)
    throw new Error(`The loop was held for ${Math.round(heldShare * 100)} % of the turn alone.`);
}
