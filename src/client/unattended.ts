/** What a client answers for a host that does not. */

import { denial } from "../approvals/tool-approval.js";
import { type ControlAnswer, type ControlRequestMessage, controlError } from "../protocol/index.js";

const IN_QUERY =
  "query() has no handler for it. Give the client one (onToolApproval, hooks, mcpServers, onElicitation, " +
  "onUserDialog), or use queryStream() and answer it.";

/**
 * The answer to a control request that nobody takes, as in a plain `query()`, in the way of its kind: without one the
 * CLI would wait for ever. `why` tells what to do about it.
 */
export function refuseUnattended(message: ControlRequestMessage, why = IN_QUERY): ControlAnswer {
  const { request_id, request } = message;
  const { subtype } = request;
  return subtype === "can_use_tool"
    ? denial(message, `This host did not decide about the tool: ${why}`)
    : controlError(request_id, `Unsupported request "${subtype}": ${why}`).response;
}
