/** Frames with a `type` of their own beside the conversation: progress, notices, bookkeeping. */
import * as v from "valibot";
import { frame, open } from "./wire-schema.js";

/** `tool_progress`: a tool is still running. */
export const toolProgressMessageSchema = frame("tool_progress", {
  tool_use_id: v.string(),
  tool_name: v.nullish(v.string()),
  parent_tool_use_id: v.nullish(v.string()),
  elapsed_time_seconds: v.nullish(v.number()),
  task_id: v.nullish(v.string()),
  heartbeat: v.nullish(v.boolean()),
  subagent_type: v.nullish(v.string()),
  subagent_retry: v.nullish(
    v.looseObject({
      agent_id: v.nullish(v.string()),
      attempt: v.nullish(v.number()),
      max_retries: v.nullish(v.number()),
      retry_delay_ms: v.nullish(v.number()),
      error_status: v.nullish(v.number()),
      error_category: v.nullish(v.string()),
    }),
  ),
});

/** Type of {@link toolProgressMessageSchema}. */
export interface ToolProgressMessage extends v.InferOutput<typeof toolProgressMessageSchema> {}

/** `tool_use_summary`: a few tool calls in one sentence. */
export const toolUseSummaryMessageSchema = frame("tool_use_summary", {
  summary: v.string(),
  preceding_tool_use_ids: v.nullish(v.array(v.string())),
  timestamp: v.nullish(v.string()),
});

/** Type of {@link toolUseSummaryMessageSchema}. */
export interface ToolUseSummaryMessage extends v.InferOutput<typeof toolUseSummaryMessageSchema> {}

/** `auth_status`: a login in progress. */
export const authStatusMessageSchema = frame("auth_status", {
  isAuthenticating: v.boolean(),
  output: v.nullish(v.array(v.string())),
  error: v.nullish(v.string()),
});

/** Type of {@link authStatusMessageSchema}. */
export interface AuthStatusMessage extends v.InferOutput<typeof authStatusMessageSchema> {}

/** `prompt_suggestion`: what the user might want to say next. */
export const promptSuggestionMessageSchema = frame("prompt_suggestion", { suggestion: v.string() });

/** Type of {@link promptSuggestionMessageSchema}. */
export interface PromptSuggestionMessage extends v.InferOutput<typeof promptSuggestionMessageSchema> {}

/** `conversation_reset`: `/clear` or the like has dropped the history. */
export const conversationResetMessageSchema = frame("conversation_reset", {
  new_conversation_id: v.string(),
  trigger: v.nullish(open<"clear" | "plan_mode_exit" | "fresh_session" | "onboarding">()),
  user_message_uuid: v.nullish(v.string()),
  timestamp: v.nullish(v.string()),
});

/** Type of {@link conversationResetMessageSchema}. */
export interface ConversationResetMessage extends v.InferOutput<typeof conversationResetMessageSchema> {}

/** `command_lifecycle`: where a message of the client has got to; only for those sent with a `uuid`. */
export const commandLifecycleMessageSchema = frame("command_lifecycle", {
  command_uuid: v.nullish(v.string()),
  state: v.nullish(open<"queued" | "started" | "completed" | "cancelled" | "discarded">()),
});

/** Type of {@link commandLifecycleMessageSchema}. */
export interface CommandLifecycleMessage extends v.InferOutput<typeof commandLifecycleMessageSchema> {}

/** `transcript_mirror`: raw lines of the transcript; written only with `--session-mirror`, and often big. */
export const transcriptMirrorMessageSchema = frame("transcript_mirror", {
  filePath: v.nullish(v.string()),
  entries: v.nullish(v.array(v.unknown())),
});

/** Type of {@link transcriptMirrorMessageSchema}. */
export interface TranscriptMirrorMessage extends v.InferOutput<typeof transcriptMirrorMessageSchema> {}

/** `active_goal`: the goal that the session works towards, null when there is none. */
export const activeGoalMessageSchema = frame("active_goal", {
  value: v.nullish(
    v.looseObject({
      condition: v.nullish(v.string()),
      iterations: v.nullish(v.number()),
      set_at: v.nullish(v.number()),
      tokens_at_start: v.nullish(v.number()),
      last_reason: v.nullish(v.string()),
    }),
  ),
});

/** Type of {@link activeGoalMessageSchema}. */
export interface ActiveGoalMessage extends v.InferOutput<typeof activeGoalMessageSchema> {}

/** `autocompact_state`: emitted by the CLI, its fields are not published. */
export const autocompactStateMessageSchema = frame("autocompact_state", {});

/** Type of {@link autocompactStateMessageSchema}. */
export interface AutocompactStateMessage extends v.InferOutput<typeof autocompactStateMessageSchema> {}

/** `error`: an error of the API as it came, in the API's own shape. */
export const errorMessageSchema = frame("error", {
  error: v.looseObject({ type: v.nullish(v.string()), message: v.nullish(v.string()) }),
  request_id: v.nullish(v.string()),
});

/** Type of {@link errorMessageSchema}. */
export interface ErrorMessage extends v.InferOutput<typeof errorMessageSchema> {}

/** `keep_alive`: a sign of life in either direction, to be ignored. */
export const keepAliveMessageSchema = v.looseObject({ type: v.literal("keep_alive") });

/** Type of {@link keepAliveMessageSchema}. */
export interface KeepAliveMessage extends v.InferOutput<typeof keepAliveMessageSchema> {}
