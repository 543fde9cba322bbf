/** System frames about calls of the API: retries, refusals, thinking in progress. */
import * as v from "valibot";
import { apiFailureSchema } from "./assistant.js";
import { open, systemFrame } from "./wire-schema.js";

const retry = {
  attempt: v.nullish(v.number()),
  max_retries: v.nullish(v.number()),
  /** Milliseconds until the next attempt. */
  retry_delay_ms: v.nullish(v.number()),
  /** HTTP status; null when there was no response at all. */
  error_status: v.nullish(v.number()),
  error: v.nullish(apiFailureSchema),
} as const;

/** `system/api_retry`: a call of the API failed and will be tried again. */
export const apiRetryMessageSchema = systemFrame("api_retry", {
  ...retry,
  /** Set when the API sent nothing at all in time; both in milliseconds. */
  no_response: v.nullish(
    v.looseObject({ waited_ms: v.nullish(v.number()), retry_wait_ms: v.nullish(v.number()) }),
  ),
});

/** Type of {@link apiRetryMessageSchema}. */
export interface ApiRetryMessage extends v.InferOutput<typeof apiRetryMessageSchema> {}

/** `system/control_request_progress`: a control request of the client takes its time. */
export const controlRequestProgressMessageSchema = systemFrame("control_request_progress", {
  request_id: v.string(),
  status: v.nullish(open<"started" | "api_retry">()),
  ...retry,
});

/** Type of {@link controlRequestProgressMessageSchema}. */
export interface ControlRequestProgressMessage
  extends v.InferOutput<typeof controlRequestProgressMessageSchema> {}

const refusal = {
  content: v.nullish(v.string()),
  original_model: v.nullish(v.string()),
  request_id: v.nullish(v.string()),
  api_refusal_category: v.nullish(v.string()),
  api_refusal_explanation: v.nullish(v.string()),
  refused_user_message_uuid: v.nullish(v.string()),
} as const;

/** `system/model_refusal_fallback`: the model refused and another one takes the turn. */
export const modelRefusalFallbackMessageSchema = systemFrame("model_refusal_fallback", {
  ...refusal,
  trigger: v.nullish(open<"refusal">()),
  direction: v.nullish(open<"retry" | "revert" | "sticky">()),
  scope: v.nullish(open<"session" | "local">()),
  fallback_model: v.nullish(v.string()),
  /** `uuid`s of frames to take back. */
  retracted_message_uuids: v.nullish(v.array(v.string())),
});

/** Type of {@link modelRefusalFallbackMessageSchema}. */
export interface ModelRefusalFallbackMessage
  extends v.InferOutput<typeof modelRefusalFallbackMessageSchema> {}

/** `system/model_refusal_no_fallback`: the model refused and no other one takes over. */
export const modelRefusalNoFallbackMessageSchema = systemFrame("model_refusal_no_fallback", refusal);

/** Type of {@link modelRefusalNoFallbackMessageSchema}. */
export interface ModelRefusalNoFallbackMessage
  extends v.InferOutput<typeof modelRefusalNoFallbackMessageSchema> {}

/** `system/thinking_tokens`: how much the model has thought so far, estimated. */
export const thinkingTokensMessageSchema = systemFrame("thinking_tokens", {
  estimated_tokens: v.nullish(v.number()),
  estimated_tokens_delta: v.nullish(v.number()),
  user_message_uuid: v.nullish(v.string()),
});

/** Type of {@link thinkingTokensMessageSchema}. */
export interface ThinkingTokensMessage extends v.InferOutput<typeof thinkingTokensMessageSchema> {}
