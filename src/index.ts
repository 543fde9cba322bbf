/** The public surface: names and nothing else. */

export type {
  ToolApproval,
  ToolApprovalContext,
  ToolApprovalHandler,
} from "./approvals/tool-approval.js";
export type { WorkerModule } from "./approvals/worker-module.js";
export type {
  BatchMessageContext,
  BatchOptions,
  BatchRecycleOptions,
  BatchRetryOptions,
} from "./batch/batch-options.js";
export type {
  BatchError,
  BatchErrorKind,
  BatchOutcome,
  BatchStatus,
  BatchTimings,
} from "./batch/batch-outcome.js";
export type { BatchInput, BatchPrompt } from "./batch/batch-prompt.js";
export type { BatchStats, BatchStop } from "./batch/batch-stats.js";
export { type BatchRun, runBatch } from "./batch/run-batch.js";
export type { ToolDecision } from "./channel/control-contract.js";
export type { SessionInfo, SessionMessage, SubagentInfo } from "./channel/session-records.js";
export { AsyncClient } from "./client/async-client.js";
export type { ClientOptions, ClientStats, InterruptOptions, QueryOptions } from "./client/client-options.js";
export type { ControlAnswerTo, PromisedAnswer } from "./client/control/control-requests.js";
export type {
  AddRootOptions,
  FileControl,
  ReadFileOptions,
  RewindOptions,
} from "./client/control/file-control.js";
export type { McpCallOptions, McpControl } from "./client/control/mcp-control.js";
export type { ReloadControl, ReloadPluginsOptions } from "./client/control/reload-control.js";
export type { SettingsControl } from "./client/control/settings-control.js";
export type { TaskControl } from "./client/control/task-control.js";
export type { SetCwdOptions } from "./client/control-client.js";
export type { WaitOptions } from "./client/deadline.js";
export type {
  ClientEvent,
  ControlEvent,
  DecisionEvent,
  FrameEvent,
  PauseEvent,
  ProcessEvent,
  StallEvent,
  TurnEvent,
} from "./client/diagnostics.js";
export type {
  DialogContext,
  ElicitationAnswer,
  ElicitationHandler,
  UserDialogAnswer,
  UserDialogHandler,
} from "./client/dialogs.js";
export type { HostOptions, InitializeFields } from "./client/host-options.js";
export * as permission from "./client/permission.js";
export type { RestartInfo, RestartOptions } from "./client/restart-policy.js";
export { RestartingClient } from "./client/restarting-client.js";
export type { StallInfo } from "./client/stall-watch.js";
export type { OutputSchema, StructuredAnswer, StructuredQueryOptions } from "./client/structured-output.js";
export type { ClientTotals, UsageTotals } from "./client/totals.js";
export { ResponseStream } from "./client/turn.js";
export type { Prompt } from "./client/turns.js";
export * from "./errors.js";
export type {
  HookAnswer,
  HookContext,
  HookEntry,
  HookHandler,
  Hooks,
} from "./hooks/hooks.js";
export * from "./launch/index.js";
export type { InProcessMcpServer, McpInstance, McpToolPolicy, McpTransport } from "./mcp/transport.js";
export { DEFAULT_LIMITS, type LimitOptions, type ShutdownOptions } from "./options.js";
export * from "./policy/index.js";
export { SessionPool, type SessionPoolOptions, type SessionPoolStats } from "./pool/session-pool.js";
export * from "./protocol/index.js";
export { type JsonSchema, jsonSchemaOf } from "./schema/json-schema.js";
export {
  archiveSession,
  deleteSession,
  forkSession,
  renameSession,
  tagSession,
  unarchiveSession,
} from "./sessions/change-sessions.js";
export {
  getSessionInfo,
  getSessionMessages,
  getSubagentMessages,
  listSessions,
  listSubagents,
} from "./sessions/read-sessions.js";
export type {
  DeleteSessionOptions,
  ForkSessionOptions,
  GetSessionMessagesOptions,
  GetSubagentMessagesOptions,
  ListSessionsOptions,
  PageOptions,
  SessionOptions,
  TranscriptOptions,
} from "./sessions/session-options.js";
