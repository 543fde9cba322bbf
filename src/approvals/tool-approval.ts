/** Decisions about tools by a handler of the user's, in whichever thread it runs. */

import { TimeoutError } from "../errors.js";
import { callHandler } from "../handler-call.js";
import {
  type ControlAnswer,
  controlSuccess,
  type PermissionResult,
  type ToolPermissionRequest,
} from "../protocol/index.js";

/** What a handler is given beside the request. */
export interface ToolApprovalContext {
  /** Fires when the CLI withdraws the request, its time is up or the session ends. */
  readonly signal: AbortSignal;
}

/**
 * Decides whether a tool may run. It is called as soon as the request arrives, whoever reads messages meanwhile.
 * A handler that throws, or that is late, denies.
 */
export type ToolApprovalHandler = (
  request: ToolPermissionRequest,
  context: ToolApprovalContext,
) => ToolApproval | Promise<ToolApproval>;

/** A decision: what the helpers of `permission` make, or the wire's own result. */
export type ToolApproval = ControlAnswer | PermissionResult;

/** How a handler is asked. */
export interface AskOptions {
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  /** Milliseconds after which the tool is denied. Default: none, since a person may have to decide. */
  readonly timeoutMs?: number | undefined;
}

/**
 * Asks a handler and makes an answer of whatever becomes of it; never rejects. Undefined when the handler has
 * returned undefined: it leaves the decision to somebody else.
 */
export async function askHandler(
  handler: (...args: Parameters<ToolApprovalHandler>) => unknown,
  request: ToolPermissionRequest,
  { signal, timeoutMs }: AskOptions,
): Promise<ControlAnswer | undefined> {
  try {
    const decision = await callHandler((over) => handler(request, { signal: over }), {
      signal,
      timeoutMs,
      missing: "The approval handler of the host gave no decision",
    });
    if (decision === undefined) return undefined;
    if (isAnswer(decision)) return { ...decision, request_id: request.request_id };
    if (isResult(decision)) return controlSuccess(request.request_id, decision).response;
    return denial(request, "The approval handler of the host gave no decision.");
  } catch (error) {
    if (error instanceof TimeoutError) return denial(request, error.message);
    const reason = error instanceof Error ? error.message : String(error);
    return denial(request, `The approval handler of the host failed: ${reason}`);
  }
}

/** An answer that refuses; the model reads `message` as the tool's result. */
export function denial({ request_id }: { readonly request_id: string }, message: string): ControlAnswer {
  return controlSuccess(request_id, { behavior: "deny", message }).response;
}

function isAnswer(decision: unknown): decision is ControlAnswer {
  return typeof decision === "object" && decision !== null && "subtype" in decision;
}

function isResult(decision: unknown): decision is PermissionResult {
  return typeof decision === "object" && decision !== null && "behavior" in decision;
}
