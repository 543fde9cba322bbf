/** What a client answers for a host that is not there to decide. */

import {
  type ControlAnswer,
  type ControlRequestMessage,
  controlError,
  controlSuccess,
} from "../protocol/index.js";

const IN_QUERY =
  "query() has no handler for it. Give the client onToolApproval, or use queryStream() and answer it.";

/**
 * The answer to a control request that nobody takes, as in a plain `query()`: without one the CLI would wait for
 * ever. `why` tells what to do about it.
 */
export function refuseUnattended(
  { request_id, request }: ControlRequestMessage,
  why = IN_QUERY,
): ControlAnswer {
  const { subtype } = request;
  const refusal =
    subtype === "can_use_tool"
      ? controlSuccess(request_id, {
          behavior: "deny",
          message: `This host did not decide about the tool: ${why}`,
        })
      : controlError(request_id, `Unsupported request "${subtype}": ${why}`);
  return refusal.response;
}
