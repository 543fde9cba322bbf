/** The public surface: names and nothing else. */

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
export type { ToolApproval, ToolApprovalHandler } from "./client/approvals.js";
export { AsyncClient } from "./client/async-client.js";
export type { ClientOptions, ClientStats, QueryOptions } from "./client/client-options.js";
export type { WaitOptions } from "./client/deadline.js";
export * as permission from "./client/permission.js";
export type { RestartInfo, RestartOptions } from "./client/restart-policy.js";
export { RestartingClient } from "./client/restarting-client.js";
export type { StallInfo } from "./client/stall-watch.js";
export type { OutputSchema, StructuredAnswer, StructuredQueryOptions } from "./client/structured-output.js";
export type { ClientTotals, UsageTotals } from "./client/totals.js";
export { ResponseStream } from "./client/turn.js";
export type { Prompt } from "./client/turns.js";
export * from "./errors.js";
export * from "./launch/index.js";
export { DEFAULT_LIMITS, type LimitOptions, type ShutdownOptions } from "./options.js";
export { SessionPool, type SessionPoolOptions, type SessionPoolStats } from "./pool/session-pool.js";
export * from "./protocol/index.js";
export { type JsonSchema, jsonSchemaOf } from "./schema/json-schema.js";
