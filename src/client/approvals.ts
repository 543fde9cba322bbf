/** Hands permission requests to the user's handler. */

import { askHandler, denial, type ToolApprovalHandler } from "../approvals/tool-approval.js";
import { controlError, toolPermissionRequest } from "../protocol/index.js";
import type { RequestHandler } from "./host-requests.js";

/** Answers permission requests by the user's handler. */
export function approvals(handler: ToolApprovalHandler, timeoutMs: number | undefined): RequestHandler {
  return async (message, signal) => {
    const request = toolPermissionRequest(message);
    if (request === undefined) {
      const error = "A permission request needs a tool_name and an input.";
      return controlError(message.request_id, error).response;
    }
    const answer = await askHandler(handler, request, { signal, timeoutMs });
    return answer ?? denial(request, "The approval handler of the host gave no decision.");
  };
}
