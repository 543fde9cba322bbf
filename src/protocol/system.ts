/** The frame `system` with all its subtypes. */
import * as v from "valibot";
import {
  apiRetryMessageSchema,
  controlRequestProgressMessageSchema,
  modelRefusalFallbackMessageSchema,
  modelRefusalNoFallbackMessageSchema,
  thinkingTokensMessageSchema,
} from "./system-api.js";
import {
  hookProgressMessageSchema,
  hookResponseMessageSchema,
  hookStartedMessageSchema,
} from "./system-hooks.js";
import { initMessageSchema } from "./system-init.js";
import {
  codeChangePublishedMessageSchema,
  elicitationCompleteMessageSchema,
  informationalMessageSchema,
  localCommandOutputMessageSchema,
  memoryRecallMessageSchema,
  notificationMessageSchema,
  permissionDeniedMessageSchema,
  pluginInstallMessageSchema,
  vcsStateChangedMessageSchema,
} from "./system-notices.js";
import {
  commandsChangedMessageSchema,
  compactBoundaryMessageSchema,
  filesPersistedMessageSchema,
  mirrorErrorMessageSchema,
  postTurnSummaryMessageSchema,
  sessionMetadataMessageSchema,
  sessionStateChangedMessageSchema,
  sessionTitleChangedMessageSchema,
  sessionWritesLostMessageSchema,
  statusMessageSchema,
  workerShuttingDownMessageSchema,
} from "./system-session.js";
import {
  backgroundTasksChangedMessageSchema,
  taskNotificationMessageSchema,
  taskProgressMessageSchema,
  taskStartedMessageSchema,
  taskSummaryMessageSchema,
  taskUpdatedMessageSchema,
} from "./system-tasks.js";
import { dispatch, frameFields, unknownNameSchema } from "./wire-schema.js";

/** A system frame of a subtype that this version does not know. */
export const unknownSystemMessageSchema = v.looseObject({
  type: v.literal("system"),
  subtype: unknownNameSchema,
  ...frameFields,
});

/** Type of {@link unknownSystemMessageSchema}. */
export interface UnknownSystemMessage extends v.InferOutput<typeof unknownSystemMessageSchema> {}

/** Every known system frame, by `subtype`. */
export const systemMessageSchemas = {
  init: initMessageSchema,
  status: statusMessageSchema,
  session_state_changed: sessionStateChangedMessageSchema,
  compact_boundary: compactBoundaryMessageSchema,
  session_title_changed: sessionTitleChangedMessageSchema,
  commands_changed: commandsChangedMessageSchema,
  worker_shutting_down: workerShuttingDownMessageSchema,
  session_metadata: sessionMetadataMessageSchema,
  post_turn_summary: postTurnSummaryMessageSchema,
  files_persisted: filesPersistedMessageSchema,
  mirror_error: mirrorErrorMessageSchema,
  session_writes_lost: sessionWritesLostMessageSchema,
  informational: informationalMessageSchema,
  notification: notificationMessageSchema,
  local_command_output: localCommandOutputMessageSchema,
  memory_recall: memoryRecallMessageSchema,
  permission_denied: permissionDeniedMessageSchema,
  elicitation_complete: elicitationCompleteMessageSchema,
  plugin_install: pluginInstallMessageSchema,
  code_change_published: codeChangePublishedMessageSchema,
  vcs_state_changed: vcsStateChangedMessageSchema,
  task_started: taskStartedMessageSchema,
  task_progress: taskProgressMessageSchema,
  task_updated: taskUpdatedMessageSchema,
  task_notification: taskNotificationMessageSchema,
  task_summary: taskSummaryMessageSchema,
  background_tasks_changed: backgroundTasksChangedMessageSchema,
  hook_started: hookStartedMessageSchema,
  hook_progress: hookProgressMessageSchema,
  hook_response: hookResponseMessageSchema,
  api_retry: apiRetryMessageSchema,
  control_request_progress: controlRequestProgressMessageSchema,
  model_refusal_fallback: modelRefusalFallbackMessageSchema,
  model_refusal_no_fallback: modelRefusalNoFallbackMessageSchema,
  thinking_tokens: thinkingTokensMessageSchema,
} as const;

/** The known system frames by `subtype`, as types. */
export type SystemMessages = {
  [Subtype in keyof typeof systemMessageSchemas]: v.InferOutput<(typeof systemMessageSchemas)[Subtype]>;
};

/** A `subtype` that {@link systemMessageSchemas} knows. */
export type SystemSubtype = keyof SystemMessages;

/** The frame `system`, dispatched by `subtype`. */
export const systemMessageSchema = dispatch("subtype", systemMessageSchemas, unknownSystemMessageSchema);

/** Type of {@link systemMessageSchema}; narrow it with `message.subtype === "init"` and the like. */
export type SystemMessage = v.InferOutput<typeof systemMessageSchema>;
