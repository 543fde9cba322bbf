/**
 * The language of the Claude Code CLI: schemas, types and helpers for what goes over its stdin and stdout.
 *
 * Pure: no I/O, no Node built-ins, so that it runs in a browser as well.
 */
export * from "./assistant.js";
export * from "./catalog.js";
export * from "./content-blocks.js";
export * from "./content-media.js";
export * from "./content-server-results.js";
export * from "./content-text.js";
export * from "./content-tools.js";
export * from "./control-frames.js";
export * from "./control-incoming.js";
export * from "./control-outgoing.js";
export { type InitializeRequest, initializeRequestSchema } from "./control-outgoing-session.js";
export * from "./control-response.js";
export * from "./encode.js";
export * from "./events.js";
export * from "./guards.js";
export * from "./hook-outputs.js";
export * from "./hooks.js";
export * from "./image-block.js";
export * from "./input.js";
export * from "./mcp.js";
export * from "./messages.js";
export * from "./partial-message.js";
export * from "./permission.js";
export * from "./rate-limit.js";
export * from "./readers.js";
export {
  type ContextUsagePayload,
  contextUsagePayloadSchema,
  type InitializePayload,
  type InterruptPayload,
  initializePayloadSchema,
  interruptPayloadSchema,
  type UsagePayload,
  usagePayloadSchema,
} from "./response-session.js";
export {
  type McpStatusPayload,
  mcpStatusPayloadSchema,
  type ReadFilePayload,
  type RewindFilesPayload,
  readFilePayloadSchema,
  rewindFilesPayloadSchema,
} from "./response-tools.js";
export * from "./responses.js";
export * from "./result.js";
export * from "./result-reasons.js";
export * from "./spoken-text.js";
export * from "./stream-event.js";
export * from "./system.js";
export * from "./system-api.js";
export * from "./system-hooks.js";
export * from "./system-init.js";
export * from "./system-notices.js";
export * from "./system-session.js";
export * from "./system-tasks.js";
export * from "./tool-inputs.js";
export { type UserQuestion, userQuestionSchema } from "./tool-inputs-dialog.js";
export * from "./usage.js";
export * from "./user.js";
export type { FieldIssue } from "./validation.js";
export { type AnyObject, anyObjectSchema, type UnknownMark, type UnknownName } from "./wire-schema.js";
