/** What the model says: the frame `assistant` and the Messages API message inside it. */
import * as v from "valibot";
import { messageContentSchema } from "./content-blocks.js";
import { contextUsageSchema, usageReportSchema, usageSchema } from "./usage.js";
import { answeredFields, anyObjectSchema, frame, open, subagentFields } from "./wire-schema.js";

/** Why the model stopped. */
export const stopReasonSchema = open<
  | "end_turn"
  | "max_tokens"
  | "stop_sequence"
  | "tool_use"
  | "pause_turn"
  | "compaction"
  | "refusal"
  | "model_context_window_exceeded"
>();

/** Type of {@link stopReasonSchema}. */
export type StopReason = v.InferOutput<typeof stopReasonSchema>;

/** More about a stop, so far only about a refusal. */
export const stopDetailsSchema = v.looseObject({
  type: v.nullish(open<"refusal">()),
  category: v.nullish(open<"cyber" | "bio" | "frontier_llm" | "reasoning_extraction" | "general_harms">()),
  explanation: v.nullish(v.string()),
  recommended_model: v.nullish(v.string()),
});

/** Type of {@link stopDetailsSchema}. */
export interface StopDetails extends v.InferOutput<typeof stopDetailsSchema> {}

/** A message of the Messages API, as the model's provider returned it. */
export const apiMessageSchema = v.looseObject({
  /** Shared by all assistant frames that come from one answer of the API. */
  id: v.string(),
  type: v.nullish(open<"message">()),
  role: v.literal("assistant"),
  model: v.string(),
  content: messageContentSchema,
  /** Null on all frames but the last of an answer: the CLI writes one frame per finished block. */
  stop_reason: v.nullish(stopReasonSchema),
  stop_sequence: v.nullish(v.string()),
  stop_details: v.nullish(stopDetailsSchema),
  usage: v.nullish(usageSchema),
  container: v.nullish(anyObjectSchema),
  context_management: v.nullish(anyObjectSchema),
  diagnostics: v.nullish(anyObjectSchema),
  input_transformations: v.nullish(v.array(anyObjectSchema)),
});

/** Type of {@link apiMessageSchema}. */
export interface ApiMessage extends v.InferOutput<typeof apiMessageSchema> {}

/** Why a call of the API failed, as the CLI sorts failures. */
export const apiFailureSchema = open<
  | "authentication_failed"
  | "oauth_org_not_allowed"
  | "account_on_hold"
  | "verification_required"
  | "billing_error"
  | "rate_limit"
  | "overloaded"
  | "invalid_request"
  | "model_not_found"
  | "server_error"
  | "unknown"
  | "max_output_tokens"
  | "cloud_credential_error"
>();

/** Type of {@link apiFailureSchema}. */
export type ApiFailure = v.InferOutput<typeof apiFailureSchema>;

/** The frame `assistant`: one finished content block of the model's answer, or a failure put into words. */
export const assistantMessageSchema = frame("assistant", {
  message: apiMessageSchema,
  /** The tool call whose subagent wrote this; null on the main thread. */
  parent_tool_use_id: v.nullish(v.string()),
  ...answeredFields,
  ...subagentFields,
  /** Set when the message reports a failed API call instead of an answer. */
  error: v.nullish(apiFailureSchema),
  /** True on a message that the CLI wrote itself to report a failed API call. */
  is_api_error_message: v.nullish(v.boolean()),
  /** HTTP status of that call. */
  api_error_status: v.nullish(v.number()),
  /** The API's name for the failure, for example `overloaded_error`. */
  api_error_type: v.nullish(v.string()),
  /** The API's own id of the request. */
  request_id: v.nullish(v.string()),
  /** True when an interrupt cut the message short. */
  aborted: v.nullish(v.boolean()),
  resumed_from_incomplete_thinking: v.nullish(v.boolean()),
  /** `uuid`s of earlier frames that this one replaces. */
  supersedes: v.nullish(v.array(v.string())),
  /** ISO time, by the clock of the machine that wrote it. */
  timestamp: v.nullish(v.string()),
  context_usage: v.nullish(contextUsageSchema),
  usage_report: v.nullish(usageReportSchema),
});

/** Type of {@link assistantMessageSchema}. */
export interface AssistantMessage extends v.InferOutput<typeof assistantMessageSchema> {}
