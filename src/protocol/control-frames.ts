/** Building the control frames that a client writes. */
import type { OutgoingFields, OutgoingSubtype } from "./control-outgoing.js";
import type { ControlResponseMessage } from "./control-response.js";
import type { ControlRequestInput } from "./input.js";

/** The request that stops the running turn; its answer tells what still waits. */
export function interruptRequest(requestId: string): ControlRequestInput {
  return controlRequest(requestId, "interrupt");
}

/** A control request of a known subtype, with its fields. `requestId` must not be in use. */
export function controlRequest<Subtype extends OutgoingSubtype>(
  requestId: string,
  subtype: Subtype,
  ...fields: FieldArguments<Subtype>
): ControlRequestInput;
/** A control request of any other subtype. */
export function controlRequest<Subtype extends string>(
  requestId: string,
  subtype: Subtype extends OutgoingSubtype ? never : Subtype,
  fields?: Readonly<Record<string, unknown>>,
): ControlRequestInput;
export function controlRequest(
  requestId: string,
  subtype: string,
  fields: Readonly<Record<string, unknown>> = {},
): ControlRequestInput {
  return { type: "control_request", request_id: requestId, request: { ...fields, subtype } };
}

/** The fields may be left out when none of them is required. */
type FieldArguments<Subtype extends OutgoingSubtype> =
  Partial<OutgoingFields<Subtype>> extends OutgoingFields<Subtype>
    ? [fields?: OutgoingFields<Subtype>]
    : [fields: OutgoingFields<Subtype>];

/** The answer to a control request of the CLI: done, with the payload that its subtype asks for. */
export function controlSuccess(
  requestId: string,
  response?: Readonly<Record<string, unknown>>,
): ControlResponseMessage {
  return {
    type: "control_response",
    response: {
      subtype: "success",
      request_id: requestId,
      ...(response === undefined ? {} : { response: { ...response } }),
    },
  };
}

/** The answer to a control request of the CLI: it failed, or is not supported. */
export function controlError(requestId: string, message: string): ControlResponseMessage {
  return {
    type: "control_response",
    response: { subtype: "error", request_id: requestId, error: message },
  };
}
