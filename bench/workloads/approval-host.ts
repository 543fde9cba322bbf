/** The host program that `approval` measures: one turn of tool calls, each of which the host has to allow. */

import { existsSync } from "node:fs";
import { join } from "node:path";
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
  const holding = release?.();
  await conversation.close();

  if (result?.subtype !== "success" || result.text !== WORK_DONE)
    throw new Error(`The turn ended as ${result?.subtype} with ${JSON.stringify(result?.text)}.`);
  if (new Set(approved).size !== calls)
    throw new Error(`${new Set(approved).size} of ${calls} tool calls were put to the host.`);
  const missing = Array.from({ length: calls }, (_, call) => traceOf(call)).filter(
    (trace) => !existsSync(join(stage.cwd, trace)),
  );
  if (missing.length > 0) throw new Error(`Tool calls that have not run: ${missing.join(", ")}.`);
  const heldShare = (holding?.heldMs ?? 0) / turnMs;
  if (heldShare < (LEAST_PART_HELD * heldMs) / everyMs)
    throw new Error(`The loop was held for ${Math.round(heldShare * 100)} % of the turn alone.`);
  return { turnMs, msPerCall: turnMs / calls, heldShare };
};
