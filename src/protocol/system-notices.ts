/** System frames that tell a reader something: notices, local output, what was found or refused. */
import * as v from "valibot";
import { open, systemFrame } from "./wire-schema.js";

/** `system/informational`: a line for the reader. */
export const informationalMessageSchema = systemFrame("informational", {
  content: v.string(),
  level: v.nullish(open<"info" | "notice" | "suggestion" | "warning">()),
  tool_use_id: v.nullish(v.string()),
  /** True when the run stops after this. */
  prevent_continuation: v.nullish(v.boolean()),
  tag: v.nullish(v.string()),
});

/** Type of {@link informationalMessageSchema}. */
export interface InformationalMessage extends v.InferOutput<typeof informationalMessageSchema> {}

/** `system/notification`: something for a status line or a toast. */
export const notificationMessageSchema = systemFrame("notification", {
  key: v.nullish(v.string()),
  text: v.string(),
  priority: v.nullish(open<"low" | "medium" | "high" | "immediate">()),
  color: v.nullish(v.string()),
  timeout_ms: v.nullish(v.number()),
});

/** Type of {@link notificationMessageSchema}. */
export interface NotificationMessage extends v.InferOutput<typeof notificationMessageSchema> {}

/** `system/local_command_output`: what a slash command printed without asking the model. */
export const localCommandOutputMessageSchema = systemFrame("local_command_output", {
  content: v.string(),
});

/** Type of {@link localCommandOutputMessageSchema}. */
export interface LocalCommandOutputMessage extends v.InferOutput<typeof localCommandOutputMessageSchema> {}

/** `system/memory_recall`: memory files that were put into the context. */
export const memoryRecallMessageSchema = systemFrame("memory_recall", {
  mode: v.nullish(open<"select" | "synthesize">()),
  memories: v.nullish(
    v.array(
      v.looseObject({
        path: v.string(),
        scope: v.nullish(open<"personal" | "team" | "organization">()),
        content: v.nullish(v.string()),
      }),
    ),
  ),
});

/** Type of {@link memoryRecallMessageSchema}. */
export interface MemoryRecallMessage extends v.InferOutput<typeof memoryRecallMessageSchema> {}

/** `system/permission_denied`: a tool call was refused without anybody being asked. */
export const permissionDeniedMessageSchema = systemFrame("permission_denied", {
  tool_name: v.string(),
  tool_use_id: v.nullish(v.string()),
  agent_id: v.nullish(v.string()),
  decision_reason_type: v.nullish(v.string()),
  decision_reason: v.nullish(v.string()),
  message: v.nullish(v.string()),
});

/** Type of {@link permissionDeniedMessageSchema}. */
export interface PermissionDeniedMessage extends v.InferOutput<typeof permissionDeniedMessageSchema> {}

/** `system/elicitation_complete`: an MCP server has got the answer it waited for elsewhere. */
export const elicitationCompleteMessageSchema = systemFrame("elicitation_complete", {
  mcp_server_name: v.nullish(v.string()),
  elicitation_id: v.nullish(v.string()),
});

/** Type of {@link elicitationCompleteMessageSchema}. */
export interface ElicitationCompleteMessage extends v.InferOutput<typeof elicitationCompleteMessageSchema> {}

/** `system/ui_invalidate`: something that a host may show has changed. Unpublished; seen from CLI 2.1.330. */
export const uiInvalidateMessageSchema = systemFrame("ui_invalidate", {
  event: v.nullish(v.string()),
});

/** Type of {@link uiInvalidateMessageSchema}. */
export interface UiInvalidateMessage extends v.InferOutput<typeof uiInvalidateMessageSchema> {}

/** `system/plugin_install`: progress of installing plugins. */
export const pluginInstallMessageSchema = systemFrame("plugin_install", {
  status: open<"started" | "installed" | "failed" | "completed">(),
  name: v.nullish(v.string()),
  error: v.nullish(v.string()),
});

/** Type of {@link pluginInstallMessageSchema}. */
export interface PluginInstallMessage extends v.InferOutput<typeof pluginInstallMessageSchema> {}

/** `system/code_change_published`: a pull request or the like was opened. */
export const codeChangePublishedMessageSchema = systemFrame("code_change_published", {
  provider: v.nullish(v.string()),
  url: v.nullish(v.string()),
  repo: v.nullish(v.string()),
  identifier: v.nullish(v.union([v.string(), v.number()])),
});

/** Type of {@link codeChangePublishedMessageSchema}. */
export interface CodeChangePublishedMessage extends v.InferOutput<typeof codeChangePublishedMessageSchema> {}

/** `system/vcs_state_changed`: the working copy has a new commit, or was pushed, merged or rebased. */
export const vcsStateChangedMessageSchema = systemFrame("vcs_state_changed", {
  kind: v.nullish(open<"commit" | "push" | "merge" | "rebase">()),
  cwd: v.nullish(v.string()),
});

/** Type of {@link vcsStateChangedMessageSchema}. */
export interface VcsStateChangedMessage extends v.InferOutput<typeof vcsStateChangedMessageSchema> {}
