/** The frame `system` with all its subtypes. */
import * as v from "valibot";
import {
  type ApiRetryMessage,
  apiRetryMessageSchema,
  type ControlRequestProgressMessage,
  controlRequestProgressMessageSchema,
  type ModelRefusalFallbackMessage,
  type ModelRefusalNoFallbackMessage,
  modelRefusalFallbackMessageSchema,
  modelRefusalNoFallbackMessageSchema,
  type ThinkingTokensMessage,
  thinkingTokensMessageSchema,
} from "./system-api.js";
import {
  type HookProgressMessage,
  type HookResponseMessage,
  type HookStartedMessage,
  hookProgressMessageSchema,
  hookResponseMessageSchema,
  hookStartedMessageSchema,
} from "./system-hooks.js";
import { type InitMessage, initMessageSchema } from "./system-init.js";
import {
  type CodeChangePublishedMessage,
  codeChangePublishedMessageSchema,
  type ElicitationCompleteMessage,
  elicitationCompleteMessageSchema,
  type InformationalMessage,
  informationalMessageSchema,
  type LocalCommandOutputMessage,
  localCommandOutputMessageSchema,
  type MemoryRecallMessage,
  memoryRecallMessageSchema,
  type NotificationMessage,
  notificationMessageSchema,
  type PermissionDeniedMessage,
  type PluginInstallMessage,
  permissionDeniedMessageSchema,
  pluginInstallMessageSchema,
  type UiInvalidateMessage,
  uiInvalidateMessageSchema,
  type VcsStateChangedMessage,
  vcsStateChangedMessageSchema,
} from "./system-notices.js";
import {
  type CommandsChangedMessage,
  type CompactBoundaryMessage,
  commandsChangedMessageSchema,
  compactBoundaryMessageSchema,
  type FilesPersistedMessage,
  filesPersistedMessageSchema,
  type MirrorErrorMessage,
  mirrorErrorMessageSchema,
  type PostTurnSummaryMessage,
  postTurnSummaryMessageSchema,
  type SessionMetadataMessage,
  type SessionStateChangedMessage,
  type SessionTitleChangedMessage,
  type SessionWritesLostMessage,
  type StatusMessage,
  sessionMetadataMessageSchema,
  sessionStateChangedMessageSchema,
  sessionTitleChangedMessageSchema,
  sessionWritesLostMessageSchema,
  statusMessageSchema,
  type WorkerShuttingDownMessage,
  workerShuttingDownMessageSchema,
} from "./system-session.js";
import {
  type BackgroundTasksChangedMessage,
  backgroundTasksChangedMessageSchema,
  type TaskNotificationMessage,
  type TaskProgressMessage,
  type TaskStartedMessage,
  type TaskSummaryMessage,
  type TaskUpdatedMessage,
  taskNotificationMessageSchema,
  taskProgressMessageSchema,
  taskStartedMessageSchema,
  taskSummaryMessageSchema,
  taskUpdatedMessageSchema,
} from "./system-tasks.js";
import {
  type DispatchSchema,
  dispatch,
  frameFields,
  type SchemaTable,
  unknownNameSchema,
} from "./wire-schema.js";

/** A system frame of a subtype that this version does not know. */
export const unknownSystemMessageSchema = v.looseObject({
  type: v.literal("system"),
  subtype: unknownNameSchema,
  ...frameFields,
});

/** Type of {@link unknownSystemMessageSchema}. */
export interface UnknownSystemMessage extends v.InferOutput<typeof unknownSystemMessageSchema> {}

/** The known system frames by `subtype`. */
export interface SystemMessages {
  init: InitMessage;
  status: StatusMessage;
  session_state_changed: SessionStateChangedMessage;
  compact_boundary: CompactBoundaryMessage;
  session_title_changed: SessionTitleChangedMessage;
  commands_changed: CommandsChangedMessage;
  worker_shutting_down: WorkerShuttingDownMessage;
  session_metadata: SessionMetadataMessage;
  post_turn_summary: PostTurnSummaryMessage;
  files_persisted: FilesPersistedMessage;
  mirror_error: MirrorErrorMessage;
  session_writes_lost: SessionWritesLostMessage;
  informational: InformationalMessage;
  notification: NotificationMessage;
  local_command_output: LocalCommandOutputMessage;
  memory_recall: MemoryRecallMessage;
  permission_denied: PermissionDeniedMessage;
  elicitation_complete: ElicitationCompleteMessage;
  ui_invalidate: UiInvalidateMessage;
  plugin_install: PluginInstallMessage;
  code_change_published: CodeChangePublishedMessage;
  vcs_state_changed: VcsStateChangedMessage;
  task_started: TaskStartedMessage;
  task_progress: TaskProgressMessage;
  task_updated: TaskUpdatedMessage;
  task_notification: TaskNotificationMessage;
  task_summary: TaskSummaryMessage;
  background_tasks_changed: BackgroundTasksChangedMessage;
  hook_started: HookStartedMessage;
  hook_progress: HookProgressMessage;
  hook_response: HookResponseMessage;
  api_retry: ApiRetryMessage;
  control_request_progress: ControlRequestProgressMessage;
  model_refusal_fallback: ModelRefusalFallbackMessage;
  model_refusal_no_fallback: ModelRefusalNoFallbackMessage;
  thinking_tokens: ThinkingTokensMessage;
}

/** Schemas of {@link SystemMessages}. */
export const systemMessageSchemas: SchemaTable<SystemMessages> = {
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
  ui_invalidate: uiInvalidateMessageSchema,
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
};

/** A `subtype` of {@link SystemMessages}. */
export type SystemSubtype = keyof SystemMessages;

/** The frame `system`; narrow it with `message.subtype === "init"` and the like. */
export type SystemMessage = SystemMessages[SystemSubtype] | UnknownSystemMessage;

/** Schema of {@link SystemMessage}. */
export const systemMessageSchema: DispatchSchema<SystemMessage> = dispatch(
  "subtype",
  systemMessageSchemas,
  unknownSystemMessageSchema,
);
