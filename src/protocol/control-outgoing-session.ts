/** Control requests of the client about the session: its turn, its settings, what it knows of itself. */
import * as v from "valibot";
import { agentDefinitionSchema, pluginConfigSchema } from "./catalog.js";
import { hookMatcherSchema } from "./hooks.js";
import { mcpServerConfigSchema } from "./mcp.js";
import { permissionModeSchema } from "./permission.js";
import { anyObjectSchema, open, subtyped } from "./wire-schema.js";

/** `initialize`: the first request of a session; carries what the client offers and wants. */
export const initializeRequestSchema = subtyped("initialize", {
  /** Hook callbacks by event. */
  hooks: v.nullish(v.record(v.string(), v.array(hookMatcherSchema))),
  sdkMcpServers: v.nullish(v.array(v.string())),
  sdkMcpServerConfigs: v.nullish(v.record(v.string(), anyObjectSchema)),
  sdkMcpServerManifests: v.nullish(v.record(v.string(), anyObjectSchema)),
  sdkMcpServerManifestsOrigin: v.nullish(open<"host_per_send">()),
  /** JSON schema of the answer that is wanted. */
  jsonSchema: v.nullish(anyObjectSchema),
  /** Replaces the CLI's system prompt; `[""]` empties it, leaving it out keeps it. */
  systemPrompt: v.nullish(v.array(v.string())),
  appendSystemPrompt: v.nullish(v.string()),
  systemPromptSnapshot: v.nullish(v.boolean()),
  planModeInstructions: v.nullish(v.string()),
  toolAliases: v.nullish(v.record(v.string(), v.string())),
  excludeDynamicSections: v.nullish(v.boolean()),
  agents: v.nullish(v.record(v.string(), agentDefinitionSchema)),
  title: v.nullish(v.string()),
  skills: v.nullish(v.array(v.string())),
  promptSuggestions: v.nullish(v.boolean()),
  agentProgressSummaries: v.nullish(v.boolean()),
  forwardSubagentText: v.nullish(v.boolean()),
  supportedDialogKinds: v.nullish(v.array(v.string())),
  perTaskStopAffordance: v.nullish(v.boolean()),
  plugins: v.nullish(v.array(pluginConfigSchema)),
  mcpServers: v.nullish(v.record(v.string(), mcpServerConfigSchema)),
});

/** Type of {@link initializeRequestSchema}. */
export interface InitializeRequest extends v.InferOutput<typeof initializeRequestSchema> {}

/** Control requests about the session, by `subtype`. */
export const sessionRequestSchemas = {
  initialize: initializeRequestSchema,
  /** Stops the running turn. */
  interrupt: subtyped("interrupt", {
    /** True to drop the messages that wait as well. */
    cancel_queued: v.nullish(v.boolean()),
  }),
  set_permission_mode: subtyped("set_permission_mode", { mode: permissionModeSchema }),
  /** No model, or null, goes back to the default. */
  set_model: subtyped("set_model", { model: v.nullish(v.string()) }),
  set_max_thinking_tokens: subtyped("set_max_thinking_tokens", {
    max_thinking_tokens: v.nullish(v.number()),
    thinking_display: v.nullish(open<"summarized" | "omitted" | "highlights">()),
  }),
  rename_session: subtyped("rename_session", {
    title: v.string(),
    source: v.nullish(open<"remote" | "host">()),
    session_id: v.nullish(v.string()),
  }),
  set_color: subtyped("set_color", { color: v.nullish(v.string()) }),
  /** Where the trust of the folder is asked for (`needs_trust`), ask again with the last two fields. */
  set_cwd: subtyped("set_cwd", {
    path: v.string(),
    trust_accepted: v.nullish(v.boolean()),
    /** The `directory` of that answer. */
    trusted_directory: v.nullish(v.string()),
  }),
  claim_session: subtyped("claim_session", {}),
  apply_flag_settings: subtyped("apply_flag_settings", { settings: anyObjectSchema }),
  update_settings: subtyped("update_settings", {
    source: open<"localSettings" | "userSettings">(),
    settings: anyObjectSchema,
  }),
  get_settings: subtyped("get_settings", {}),
  get_context_usage: subtyped("get_context_usage", { detail: v.nullish(open<"summary" | "full">()) }),
  get_session_cost: subtyped("get_session_cost", {}),
  get_usage: subtyped("get_usage", { skip_behaviors: v.nullish(v.boolean()) }),
  get_status: subtyped("get_status", {}),
  get_plan: subtyped("get_plan", {}),
  get_binary_version: subtyped("get_binary_version", {}),
  get_hooks_listing: subtyped("get_hooks_listing", {}),
  list_models: subtyped("list_models", {}),
  list_permission_rules: subtyped("list_permission_rules", {}),
  export_conversation: subtyped("export_conversation", {}),
  /** Takes back a message that still waits. */
  cancel_async_message: subtyped("cancel_async_message", { message_uuid: v.string() }),
  set_has_subscribers: subtyped("set_has_subscribers", { has_subscribers: v.nullish(v.boolean()) }),
  set_message_waiting: subtyped("set_message_waiting", { waiting: v.boolean() }),
  set_prompt_suggestions_paused: subtyped("set_prompt_suggestions_paused", { paused: v.boolean() }),
  prompt_draft_activity: subtyped("prompt_draft_activity", {}),
  message_rated: subtyped("message_rated", {
    messageUuid: v.string(),
    sentiment: open<"positive" | "negative">(),
    surface: open<"tool_use" | "assistant_text">(),
    /** True to take the rating back. */
    cleared: v.boolean(),
  }),
  /** Asks the model with the conversation before it, and leaves no trace in the conversation. */
  side_question: subtyped("side_question", { question: v.string() }),
  /** Has a small model name a conversation of that description. */
  generate_session_title: subtyped("generate_session_title", {
    description: v.string(),
    /** True to name the session so at once. */
    persist: v.nullish(v.boolean()),
  }),
  /** Ends the process after its answer; what waits is dropped. */
  end_session: subtyped("end_session", { reason: v.nullish(v.string()) }),
  submit_feedback: subtyped("submit_feedback", {}),
} as const;
