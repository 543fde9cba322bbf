/** The frame `control_response`, in either direction: the answer to a `control_request`. */
import * as v from "valibot";
import { controlRequestMessageSchema } from "./control-incoming.js";
import {
  anyObjectSchema,
  type DispatchSchema,
  dispatch,
  subtyped,
  unknownNameSchema,
} from "./wire-schema.js";

const pending = v.nullish(v.array(controlRequestMessageSchema));

/** Requests of the CLI that wait for an answer still; told again when a client initializes. */
const pendingFields = {
  pending_permission_requests: pending,
  pending_user_dialog_requests: pending,
  pending_elicitation_requests: pending,
} as const;

/** The request was carried out. */
export const controlSuccessSchema = subtyped("success", {
  request_id: v.string(),
  /** The payload, by the request's subtype: see `responsePayloadSchemas`. */
  response: v.nullish(anyObjectSchema),
  ...pendingFields,
});

/** Type of {@link controlSuccessSchema}. */
export interface ControlSuccess extends v.InferOutput<typeof controlSuccessSchema> {}

/** The request failed or is not supported. */
export const controlErrorSchema = subtyped("error", {
  request_id: v.string(),
  error: v.nullish(v.string()),
  /** Stable name of the failure, for example `unsupported_request`. */
  error_code: v.nullish(v.string()),
  model: v.nullish(v.string()),
  ...pendingFields,
});

/** Type of {@link controlErrorSchema}. */
export interface ControlError extends v.InferOutput<typeof controlErrorSchema> {}

/** An answer of a subtype that this version does not know. */
export const unknownControlAnswerSchema = v.looseObject({
  subtype: unknownNameSchema,
  request_id: v.string(),
});

/** Type of {@link unknownControlAnswerSchema}. */
export interface UnknownControlAnswer extends v.InferOutput<typeof unknownControlAnswerSchema> {}

/** The body of a control response; narrow it with `response.subtype === "success"`. */
export type ControlAnswer = ControlSuccess | ControlError | UnknownControlAnswer;

/** Schema of {@link ControlAnswer}. */
export const controlAnswerSchema: DispatchSchema<ControlAnswer> = dispatch(
  "subtype",
  { success: controlSuccessSchema, error: controlErrorSchema },
  unknownControlAnswerSchema,
);

/** The frame `control_response`. */
export const controlResponseMessageSchema = v.looseObject({
  type: v.literal("control_response"),
  response: controlAnswerSchema,
});

/** Type of {@link controlResponseMessageSchema}. */
export interface ControlResponseMessage extends v.InferOutput<typeof controlResponseMessageSchema> {}
