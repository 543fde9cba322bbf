/** What the CLI answers to control requests about the session. */
import * as v from "valibot";
import {
  accountInfoSchema,
  agentInfoSchema,
  effortSchema,
  modelInfoSchema,
  slashCommandSchema,
} from "./catalog.js";
import { permissionModeSchema } from "./permission.js";
import { fastModeDisabledReasonSchema, fastModeStateSchema } from "./result-reasons.js";
import { extraUsageSchema, sessionTotalsSchema } from "./usage.js";
import { anyObjectSchema, open } from "./wire-schema.js";

const text = v.nullish(v.string());
const count = v.nullish(v.number());
const flag = v.nullish(v.boolean());
const texts = v.nullish(v.array(v.string()));
const objects = v.nullish(v.array(anyObjectSchema));

/** Answer to `initialize`: everything a client needs to know of the session. */
export const initializePayloadSchema = v.looseObject({
  commands: v.nullish(v.array(slashCommandSchema)),
  agents: v.nullish(v.array(agentInfoSchema)),
  models: v.nullish(v.array(modelInfoSchema)),
  unavailable_models: v.nullish(v.array(modelInfoSchema)),
  account: v.nullish(accountInfoSchema),
  output_style: text,
  available_output_styles: texts,
  current_model: text,
  current_permission_mode: v.nullish(permissionModeSchema),
  claude_code_version: text,
  /** Process id of the CLI. */
  pid: count,
  session_state: v.nullish(open<"idle" | "running" | "requires_action">()),
  /** Names of what this version of the CLI can do beyond older ones. */
  capabilities: texts,
  user_output_styles_dir: text,
  hooks_applied: flag,
  hook_on_failure_supported: flag,
  plugins_applied: flag,
  mcp_servers_applied: flag,
  sdk_mcp_manifests_parked: v.nullish(v.record(v.string(), v.string())),
  fast_mode_state: v.nullish(fastModeStateSchema),
  fast_mode_disabled_reason: v.nullish(fastModeDisabledReasonSchema),
});

/** Type of {@link initializePayloadSchema}. */
export interface InitializePayload extends v.InferOutput<typeof initializePayloadSchema> {}

/** Answer to `interrupt`; empty from old versions of the CLI. Lists `uuid`s of messages of the client. */
export const interruptPayloadSchema = v.looseObject({
  /** Messages that will still run. */
  still_queued: texts,
  /** Messages that were dropped, on request. */
  cancelled: texts,
  put_back: texts,
  send_now: v.nullish(open<"stopped" | "delivering" | "nothing_waiting">()),
  turn: v.nullish(open<"stopped" | "idle" | "spared">()),
});

/** Type of {@link interruptPayloadSchema}. */
export interface InterruptPayload extends v.InferOutput<typeof interruptPayloadSchema> {}

const rateWindow = v.nullish(v.looseObject({ utilization: count, resets_at: text }));

/** Answer to `get_usage`. */
export const usagePayloadSchema = v.looseObject({
  session: v.nullish(sessionTotalsSchema),
  subscription_type: text,
  rate_limits_available: flag,
  rate_limits: v.nullish(
    v.looseObject({
      five_hour: rateWindow,
      seven_day: rateWindow,
      seven_day_oauth_apps: rateWindow,
      seven_day_opus: rateWindow,
      seven_day_sonnet: rateWindow,
      model_scoped: v.nullish(
        v.array(v.looseObject({ display_name: text, utilization: count, resets_at: text })),
      ),
      extra_usage: v.nullish(extraUsageSchema),
    }),
  ),
  behaviors: v.nullish(anyObjectSchema),
});

/** Type of {@link usagePayloadSchema}. */
export interface UsagePayload extends v.InferOutput<typeof usagePayloadSchema> {}

/** Answer to `get_context_usage`: what fills the context window, in tokens. */
export const contextUsagePayloadSchema = v.looseObject({
  model: text,
  totalTokens: count,
  maxTokens: count,
  rawMaxTokens: count,
  percentage: count,
  categories: v.nullish(
    v.array(
      v.looseObject({
        id: text,
        name: text,
        tokens: count,
        color: text,
        isDeferred: flag,
        kind: v.nullish(open<"used" | "free" | "buffer" | "deferred">()),
      }),
    ),
  ),
  gridRows: v.nullish(v.array(v.array(anyObjectSchema))),
  memoryFiles: objects,
  mcpTools: objects,
  mcpInstructions: objects,
  deferredBuiltinTools: objects,
  systemTools: objects,
  systemPromptSections: objects,
  agents: objects,
  slashCommands: v.nullish(anyObjectSchema),
  skills: v.nullish(anyObjectSchema),
  autoCompactThreshold: count,
  autocompactSource: text,
  isAutoCompactEnabled: flag,
  messageBreakdown: v.nullish(anyObjectSchema),
  apiUsage: v.nullish(anyObjectSchema),
});

/** Type of {@link contextUsagePayloadSchema}. */
export interface ContextUsagePayload extends v.InferOutput<typeof contextUsagePayloadSchema> {}

/** Answers to control requests about the session, by the request's `subtype`. */
export const sessionResponseSchemas = {
  initialize: initializePayloadSchema,
  interrupt: interruptPayloadSchema,
  get_usage: usagePayloadSchema,
  get_context_usage: contextUsagePayloadSchema,
  set_permission_mode: v.looseObject({ mode: v.nullish(permissionModeSchema) }),
  set_model: v.looseObject({ model: text }),
  get_session_cost: v.looseObject({ text }),
  list_models: v.looseObject({ models: v.nullish(v.array(modelInfoSchema)) }),
  get_status: v.looseObject({
    sections: v.nullish(
      v.array(
        v.looseObject({
          title: text,
          rows: v.nullish(v.array(v.looseObject({ label: text, value: v.optional(v.unknown()) }))),
        }),
      ),
    ),
  }),
  get_plan: v.looseObject({ exists: flag, content: text, path: text }),
  get_binary_version: v.looseObject({ version: text, buildTime: text, oldestDesktopSdk: text }),
  side_question: v.looseObject({
    response: text,
    /** True when the text is the CLI's own, as after a failed call of the API. */
    synthetic: flag,
  }),
  /** No title when the model gave none. */
  generate_session_title: v.looseObject({ title: text }),
  export_conversation: v.looseObject({ text, default_filename: text }),
  cancel_async_message: v.looseObject({ cancelled: flag, message_uuid: text }),
  get_settings: v.looseObject({
    /** All settings merged. */
    effective: v.nullish(anyObjectSchema),
    /** Those of each source, the weakest first. */
    sources: objects,
    served_settings_state: text,
    /** What follows from them now. */
    applied: v.nullish(v.looseObject({ model: text, effort: v.nullish(effortSchema) })),
  }),
  get_hooks_listing: v.looseObject({
    events: objects,
    hooks: objects,
    eventCatalog: objects,
    policy: v.nullish(anyObjectSchema),
    errors: objects,
  }),
  list_permission_rules: v.looseObject({
    state: v.nullish(
      v.looseObject({
        rules: objects,
        workspaceDirectories: objects,
        originalCwd: text,
        managedOnly: flag,
        withheld: flag,
        errors: objects,
      }),
    ),
  }),
  set_cwd: v.looseObject({
    status: v.nullish(open<"ok" | "needs_trust" | "rejected">()),
    cwd: text,
    changed: flag,
    transcript_relocated: flag,
    reason: text,
    message: text,
    directory: text,
    trust_root: text,
  }),
  claim_session: v.looseObject({ status: text, session_id: text, cwd: text, parked_ms: count }),
  submit_feedback: v.looseObject({ feedback_id: text, unavailable_reason: text, failure_reason: text }),
} as const;
