/** What a client answers for a host that is not there to decide. */

import {
  type ControlAnswer,
  type ControlRequestMessage,
  controlError,
  controlSuccess,
} from "../protocol/index.js";

/** The answer to a control request that nobody takes in a plain `query()`: without one the CLI would wait for ever. */
export function refuseInQuery({ request_id, request }: ControlRequestMessage): ControlAnswer {
  const { subtype } = request;
  const why =
    "query() has no handler for it. Give the client onToolApproval, or use queryStream() and answer it.";
  const refusal =
    subtype === "can_use_tool"
      ? controlSuccess(request_id, {
          behavior: "deny",
          message: `This host did not decide about the tool: ${why}`,
        })
      : controlError(request_id, `Unsupported request "${subtype}": ${why}`);
  return refusal.response;
}
