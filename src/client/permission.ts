/** Answers to permission requests, as `client.sendControlResponse` and `onToolApproval` take them. */

import { InvalidArgumentError } from "../errors.js";
import {
  type ControlRequestMessage,
  type ControlSuccess,
  isControlRequest,
  type PermissionResult,
  type PermissionUpdate,
  type ToolPermissionRequest,
  toolPermissionRequest,
} from "../protocol/index.js";

/** A permission request in either form: as its handler gets it, or as the message that `receive()` gives. */
export type AnyPermissionRequest = ToolPermissionRequest | ControlRequestMessage;

/** How a tool may run. */
export interface AllowOptions {
  /** The input to run with instead of the one that was asked for. */
  readonly updatedInput?: Readonly<Record<string, unknown>>;
  /** Changes of permissions to remember. */
  readonly updatedPermissions?: readonly PermissionUpdate[];
}

/** Lets the tool run, with its own input unless another is given. */
export function allow(request: AnyPermissionRequest, options: AllowOptions = {}): ControlSuccess {
  const { request_id, input } = permissionRequest(request);
  return respond(request_id, {
    behavior: "allow",
    updatedInput: { ...(options.updatedInput ?? input) },
    ...(options.updatedPermissions && { updatedPermissions: [...options.updatedPermissions] }),
  });
}

/** Refuses; the model reads the message as the tool's result and goes on. */
export function deny(request: AnyPermissionRequest, message: string): ControlSuccess {
  return respond(permissionRequest(request).request_id, { behavior: "deny", message });
}

/** Refuses, and ends the turn. */
export function denyAndStop(request: AnyPermissionRequest, message: string): ControlSuccess {
  return respond(permissionRequest(request).request_id, { behavior: "deny", message, interrupt: true });
}

/**
 * Lets the tool run, and others like it from now on: remembers the updates given, or else what the CLI suggests.
 * @throws InvalidArgumentError when there is neither.
 */
export function allowAndRemember(request: AnyPermissionRequest, options: AllowOptions = {}): ControlSuccess {
  const updatedPermissions =
    options.updatedPermissions ?? permissionRequest(request).permission_suggestions ?? [];
  if (updatedPermissions.length === 0) {
    throw new InvalidArgumentError(
      "The CLI suggests nothing to remember for this request. Give updatedPermissions, or use permission.allow.",
    );
  }
  return allow(request, { ...options, updatedPermissions });
}

/**
 * Answers an `AskUserQuestion`: `answers` maps each question's full text to the label chosen, or to several.
 * @throws InvalidArgumentError for another tool, or for a question that was not asked.
 */
export function answerQuestions(
  request: AnyPermissionRequest,
  answers: Readonly<Record<string, string | readonly string[]>>,
): ControlSuccess {
  const { tool_name, input } = permissionRequest(request);
  if (tool_name !== "AskUserQuestion") {
    throw new InvalidArgumentError(
      `Only AskUserQuestion has questions to answer; this request is for ${tool_name}.`,
    );
  }
  const questions = Array.isArray(input.questions)
    ? (input.questions as ({ question?: unknown } | null)[])
    : [];
  for (const asked of Object.keys(answers)) {
    if (questions.some((question) => question?.question === asked)) continue;
    throw new InvalidArgumentError(
      `No such question: "${asked}". Answers are keyed by the question's full text.`,
    );
  }
  const labels = Object.entries(answers).map(([question, chosen]) => [
    question,
    typeof chosen === "string" ? chosen : chosen.join(", "),
  ]);
  return allow(request, { updatedInput: { ...input, answers: Object.fromEntries(labels) } });
}

/** The request with its id, from either form. */
function permissionRequest(request: AnyPermissionRequest): ToolPermissionRequest {
  if (!isControlRequest(request)) return request;
  const flat = toolPermissionRequest(request);
  if (flat !== undefined) return flat;
  throw new InvalidArgumentError(
    `Not a permission request: expected subtype "can_use_tool" with a tool and its input, got "${request.request.subtype}".`,
  );
}

function respond(request_id: string, response: PermissionResult): ControlSuccess {
  return { subtype: "success", request_id, response };
}
