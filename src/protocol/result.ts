/** The frame `result`: exactly one ends every turn, however it ended. */
import * as v from "valibot";
import {
  fastModeDisabledReasonSchema,
  fastModeStateSchema,
  startupFailureReasonSchema,
  terminalReasonSchema,
} from "./result-reasons.js";
import { modelUsageByNameSchema, usageSchema } from "./usage.js";
import { originSchema } from "./user.js";
import {
  answeredFields,
  anyObjectSchema,
  type DispatchSchema,
  dispatch,
  frameFields,
  open,
  unknownNameSchema,
} from "./wire-schema.js";

const ms = v.nullish(v.number());
const queuedBehind = v.nullish(open<"durable_post" | "ephemeral_post" | "retry_backoff" | "hold" | "none">());

/** A tool call that was refused during the turn. */
export const permissionDenialSchema = v.looseObject({
  tool_name: v.string(),
  tool_use_id: v.nullish(v.string()),
  tool_input: v.nullish(anyObjectSchema),
});

/** Type of {@link permissionDenialSchema}. */
export interface PermissionDenial extends v.InferOutput<typeof permissionDenialSchema> {}

/** A tool call that was left for the caller to run. */
export const deferredToolUseSchema = v.looseObject({
  id: v.string(),
  name: v.string(),
  input: v.nullish(anyObjectSchema),
});

/** Type of {@link deferredToolUseSchema}. */
export interface DeferredToolUse extends v.InferOutput<typeof deferredToolUseSchema> {}

const common = {
  type: v.literal("result"),
  ...frameFields,
  ...answeredFields,
  /** Whether the turn failed; can be true on a `success` when the API itself answered with an error. */
  is_error: v.boolean(),
  /** Wall-clock milliseconds of the turn. */
  duration_ms: ms,
  /** Milliseconds of it that were spent waiting for the API. */
  duration_api_ms: ms,
  /** Calls of the model in this turn; 0 for a command that needed none, -1 has been seen too. */
  num_turns: v.nullish(v.number()),
  stop_reason: v.nullish(v.string()),
  terminal_reason: v.nullish(terminalReasonSchema),
  /** Estimated US dollars since the CLI was started: a running total, not to be summed over results. */
  total_cost_usd: v.nullish(v.number()),
  /** Of this turn's main loop alone, without subagents. */
  usage: v.nullish(usageSchema),
  /** Of all calls since the CLI was started, subagents included: a running total. */
  modelUsage: v.nullish(modelUsageByNameSchema),
  permission_denials: v.nullish(v.array(permissionDenialSchema)),
  /** Messages that wait for a turn of their own. */
  queued_turn_count: v.nullish(v.number()),
  /** Number of this result in the run, counted from 0. */
  result_index: v.nullish(v.number()),
  credential_expires_at: v.nullish(v.string()),
  fast_mode_state: v.nullish(fastModeStateSchema),
  fast_mode_disabled_reason: v.nullish(fastModeDisabledReasonSchema),
  origin: v.nullish(originSchema),
  /** HTTP status of the API when it answered with an error. */
  api_error_status: v.nullish(v.number()),
  /** The API's name for that error. */
  api_error_type: v.nullish(v.string()),
  errors: v.nullish(v.array(v.string())),
} as const;

/** A turn that came to its end. */
export const resultSuccessSchema = v.looseObject({
  ...common,
  subtype: v.literal("success"),
  /** The text of the last assistant message. */
  result: v.nullish(v.string()),
  /** The value that was asked for with a JSON schema. */
  structured_output: v.optional(v.unknown()),
  deferred_tool_use: v.nullish(deferredToolUseSchema),
  local_command: v.nullish(v.string()),
  ttft_ms: ms,
  ttft_stream_ms: ms,
  time_to_request_ms: ms,
  time_to_request_from_spawn_ms: ms,
  time_origin_ms: ms,
  request_sent_wall_ms: ms,
  first_content_frame_ms: ms,
  first_stream_post_ms: ms,
  first_stream_post_ack_ms: ms,
  first_stream_post_queue_wait_ms: ms,
  first_stream_post_queued_behind: queuedBehind,
  first_stream_post_wall_ms: ms,
  first_text_post_ms: ms,
  first_text_post_queue_wait_ms: ms,
  first_text_post_queued_behind: queuedBehind,
  first_text_post_wall_ms: ms,
  warm_spare_claimed: v.nullish(v.boolean()),
});

/** Type of {@link resultSuccessSchema}. */
export interface ResultSuccess extends v.InferOutput<typeof resultSuccessSchema> {}

const failed = {
  ...common,
  /** Seen absent after an interrupt. */
  result: v.nullish(v.string()),
  startup_failure_reason: v.nullish(startupFailureReasonSchema),
  invalid_config_file: v.nullish(
    v.looseObject({
      path: v.nullish(v.string()),
      is_global: v.nullish(v.boolean()),
      backup_searched: v.nullish(v.boolean()),
      backup_path: v.nullish(v.string()),
    }),
  ),
} as const;

/** The turn broke off: an interrupt, a failed start, an unknown session to resume. `errors` tells which. */
export const errorDuringExecutionSchema = v.looseObject({
  ...failed,
  subtype: v.literal("error_during_execution"),
});

/** Type of {@link errorDuringExecutionSchema}. */
export interface ErrorDuringExecution extends v.InferOutput<typeof errorDuringExecutionSchema> {}

/** The turn used up `--max-turns`. */
export const errorMaxTurnsSchema = v.looseObject({ ...failed, subtype: v.literal("error_max_turns") });

/** Type of {@link errorMaxTurnsSchema}. */
export interface ErrorMaxTurns extends v.InferOutput<typeof errorMaxTurnsSchema> {}

/** The turn used up `--max-budget-usd`. */
export const errorMaxBudgetSchema = v.looseObject({ ...failed, subtype: v.literal("error_max_budget_usd") });

/** Type of {@link errorMaxBudgetSchema}. */
export interface ErrorMaxBudget extends v.InferOutput<typeof errorMaxBudgetSchema> {}

/** The model did not manage to answer in the JSON schema that was asked for. */
export const errorStructuredOutputSchema = v.looseObject({
  ...failed,
  subtype: v.literal("error_max_structured_output_retries"),
});

/** Type of {@link errorStructuredOutputSchema}. */
export interface ErrorStructuredOutput extends v.InferOutput<typeof errorStructuredOutputSchema> {}

/** A result of a subtype that this version does not know; it ends the turn like the others. */
export const unknownResultSchema = v.looseObject({ ...failed, subtype: unknownNameSchema });

/** Type of {@link unknownResultSchema}. */
export interface UnknownResult extends v.InferOutput<typeof unknownResultSchema> {}

/** A turn that did not come to its end, whatever stopped it. */
export type ResultError =
  | ErrorDuringExecution
  | ErrorMaxTurns
  | ErrorMaxBudget
  | ErrorStructuredOutput
  | UnknownResult;

/** A result that reports a failure: every {@link ResultError}, and a `success` that `is_error` contradicts. */
export type FailedResult = ResultError | (ResultSuccess & { is_error: true });

/** The frame `result`; narrow it with `message.subtype === "success"`. */
export type ResultMessage = ResultSuccess | ResultError;

/** Schema of {@link ResultMessage}. */
export const resultMessageSchema: DispatchSchema<ResultMessage> = dispatch(
  "subtype",
  {
    success: resultSuccessSchema,
    error_during_execution: errorDuringExecutionSchema,
    error_max_turns: errorMaxTurnsSchema,
    error_max_budget_usd: errorMaxBudgetSchema,
    error_max_structured_output_retries: errorStructuredOutputSchema,
  },
  unknownResultSchema,
);
