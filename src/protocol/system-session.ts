/** System frames about the session as a whole: its state, its history, what it offers. */
import * as v from "valibot";
import { slashCommandSchema } from "./catalog.js";
import { permissionModeSchema } from "./permission.js";
import { open, systemFrame } from "./wire-schema.js";

/** `system/status`: what the CLI is busy with, null when with nothing; also tells a new permission mode. */
export const statusMessageSchema = systemFrame("status", {
  status: v.nullish(open<"compacting" | "requesting">()),
  permissionMode: v.nullish(permissionModeSchema),
  compact_result: v.nullish(open<"success" | "failed">()),
  compact_error: v.nullish(v.string()),
});

/** Type of {@link statusMessageSchema}. */
export interface StatusMessage extends v.InferOutput<typeof statusMessageSchema> {}

/** `system/session_state_changed`: `idle` means nothing runs, background work included. Opt-in, see the CLI. */
export const sessionStateChangedMessageSchema = systemFrame("session_state_changed", {
  state: open<"idle" | "running" | "requires_action">(),
  /** True when the frame is meant for the program that drives the CLI, not for a reader. */
  sdk_host_only: v.nullish(v.boolean()),
});

/** Type of {@link sessionStateChangedMessageSchema}. */
export interface SessionStateChangedMessage extends v.InferOutput<typeof sessionStateChangedMessageSchema> {}

/** `system/compact_boundary`: the history before this frame was replaced by a summary. */
export const compactBoundaryMessageSchema = systemFrame("compact_boundary", {
  compact_metadata: v.nullish(
    v.looseObject({
      trigger: v.nullish(open<"manual" | "auto">()),
      pre_tokens: v.nullish(v.number()),
      post_tokens: v.nullish(v.number()),
      cumulative_dropped_tokens: v.nullish(v.number()),
      duration_ms: v.nullish(v.number()),
      user_context: v.nullish(v.string()),
      messages_summarized: v.nullish(v.number()),
      precomputed: v.nullish(v.boolean()),
      pre_compact_discovered_tools: v.nullish(v.array(v.string())),
      preserved_segment: v.nullish(
        v.looseObject({
          head_uuid: v.nullish(v.string()),
          anchor_uuid: v.nullish(v.string()),
          tail_uuid: v.nullish(v.string()),
        }),
      ),
      preserved_messages: v.nullish(
        v.looseObject({
          anchor_uuid: v.nullish(v.string()),
          uuids: v.nullish(v.array(v.string())),
          all_uuids: v.nullish(v.array(v.string())),
        }),
      ),
    }),
  ),
});

/** Type of {@link compactBoundaryMessageSchema}. */
export interface CompactBoundaryMessage extends v.InferOutput<typeof compactBoundaryMessageSchema> {}

/** `system/session_title_changed`: the session has a new title. */
export const sessionTitleChangedMessageSchema = systemFrame("session_title_changed", {
  title: v.nullish(v.string()),
});

/** Type of {@link sessionTitleChangedMessageSchema}. */
export interface SessionTitleChangedMessage extends v.InferOutput<typeof sessionTitleChangedMessageSchema> {}

/** `system/commands_changed`: the whole new list of slash commands. */
export const commandsChangedMessageSchema = systemFrame("commands_changed", {
  commands: v.array(slashCommandSchema),
});

/** Type of {@link commandsChangedMessageSchema}. */
export interface CommandsChangedMessage extends v.InferOutput<typeof commandsChangedMessageSchema> {}

/** `system/worker_shutting_down`: a hosted session is being taken down on purpose. */
export const workerShuttingDownMessageSchema = systemFrame("worker_shutting_down", {
  reason: v.nullish(v.string()),
});

/** Type of {@link workerShuttingDownMessageSchema}. */
export interface WorkerShuttingDownMessage extends v.InferOutput<typeof workerShuttingDownMessageSchema> {}

/** `system/session_metadata`: emitted by the CLI, its fields are not published. */
export const sessionMetadataMessageSchema = systemFrame("session_metadata", {});

/** Type of {@link sessionMetadataMessageSchema}. */
export interface SessionMetadataMessage extends v.InferOutput<typeof sessionMetadataMessageSchema> {}

/** `system/post_turn_summary`: emitted by the CLI, its fields are not published. */
export const postTurnSummaryMessageSchema = systemFrame("post_turn_summary", {});

/** Type of {@link postTurnSummaryMessageSchema}. */
export interface PostTurnSummaryMessage extends v.InferOutput<typeof postTurnSummaryMessageSchema> {}

/** `system/files_persisted`: files of a hosted session that were kept, and those that could not be. */
export const filesPersistedMessageSchema = systemFrame("files_persisted", {
  files: v.nullish(v.array(v.looseObject({ filename: v.string(), file_id: v.nullish(v.string()) }))),
  failed: v.nullish(v.array(v.looseObject({ filename: v.string(), error: v.nullish(v.string()) }))),
  processed_at: v.nullish(v.string()),
});

/** Type of {@link filesPersistedMessageSchema}. */
export interface FilesPersistedMessage extends v.InferOutput<typeof filesPersistedMessageSchema> {}

/** `system/mirror_error`: a piece of the transcript could not be mirrored. */
export const mirrorErrorMessageSchema = systemFrame("mirror_error", {
  error: v.nullish(v.string()),
  key: v.nullish(
    v.looseObject({
      projectKey: v.nullish(v.string()),
      sessionId: v.nullish(v.string()),
      subpath: v.nullish(v.string()),
    }),
  ),
});

/** Type of {@link mirrorErrorMessageSchema}. */
export interface MirrorErrorMessage extends v.InferOutput<typeof mirrorErrorMessageSchema> {}

/** `system/session_writes_lost`: the disk was full, so that parts of the transcript are missing. */
export const sessionWritesLostMessageSchema = systemFrame("session_writes_lost", {
  error_code: v.nullish(open<"ENOSPC" | "EDQUOT">()),
  lost: v.nullish(v.array(open<"transcript" | "global_config">())),
  transcript_session_ids: v.nullish(v.array(v.string())),
});

/** Type of {@link sessionWritesLostMessageSchema}. */
export interface SessionWritesLostMessage extends v.InferOutput<typeof sessionWritesLostMessageSchema> {}
