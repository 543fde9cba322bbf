/** What the CLI answers to control requests about files, tasks, MCP servers and plugins. */
import * as v from "valibot";
import { agentInfoSchema, pluginInfoSchema, slashCommandSchema } from "./catalog.js";
import { mcpServerStatusSchema } from "./mcp.js";
import { anyObjectSchema, open } from "./wire-schema.js";

const text = v.nullish(v.string());
const count = v.nullish(v.number());
const flag = v.nullish(v.boolean());
const texts = v.nullish(v.array(v.string()));
const objects = v.nullish(v.array(anyObjectSchema));
const servers = v.nullish(v.array(mcpServerStatusSchema));

/** Answer to `rewind_files`. */
export const rewindFilesPayloadSchema = v.looseObject({
  canRewind: flag,
  /** Why not. */
  error: text,
  filesChanged: texts,
  /** Lines. */
  insertions: count,
  /** Lines. */
  deletions: count,
  skippedLinks: count,
});

/** Type of {@link rewindFilesPayloadSchema}. */
export interface RewindFilesPayload extends v.InferOutput<typeof rewindFilesPayloadSchema> {}

/** Answer to `read_file`. */
export const readFilePayloadSchema = v.looseObject({
  contents: text,
  absPath: text,
  truncated: flag,
  /** Set when `contents` is base64. */
  encoding: v.nullish(open<"base64">()),
  /** True when bytes that are no UTF-8 were replaced. */
  lossy: flag,
  anchor: text,
  offset: count,
  read_bytes: count,
  total_bytes: count,
  etag: text,
  requested_path: text,
});

/** Type of {@link readFilePayloadSchema}. */
export interface ReadFilePayload extends v.InferOutput<typeof readFilePayloadSchema> {}

/** Answer to `mcp_status`. */
export const mcpStatusPayloadSchema = v.looseObject({ mcpServers: servers });

/** Type of {@link mcpStatusPayloadSchema}. */
export interface McpStatusPayload extends v.InferOutput<typeof mcpStatusPayloadSchema> {}

/** Answers to control requests about files, tasks, MCP servers and plugins, by the request's `subtype`. */
export const toolResponseSchemas = {
  rewind_files: rewindFilesPayloadSchema,
  read_file: readFilePayloadSchema,
  mcp_status: mcpStatusPayloadSchema,
  mcp_call: v.looseObject({
    content: v.optional(v.unknown()),
    structuredContent: v.nullish(anyObjectSchema),
    _meta: v.nullish(anyObjectSchema),
    staging: v.nullish(anyObjectSchema),
  }),
  mcp_message: v.looseObject({ mcp_response: v.nullish(anyObjectSchema) }),
  mcp_read_resource: v.looseObject({
    contents: v.nullish(
      v.array(
        v.looseObject({ uri: text, mimeType: text, text, blob: text, _meta: v.nullish(anyObjectSchema) }),
      ),
    ),
  }),
  mcp_set_servers: v.looseObject({
    added: texts,
    removed: texts,
    /** Messages by server name. */
    errors: v.nullish(v.record(v.string(), v.string())),
  }),
  set_mcp_permission_mode_override: v.looseObject({ warning: text }),
  file_suggestions: v.looseObject({
    suggestions: v.nullish(v.array(v.looseObject({ path: text, score: count }))),
    cwd: text,
  }),
  list_directory: v.looseObject({ absPath: text, entries: objects, truncated: flag }),
  /** No diff where there is no repository; `noDiffReason` says why. */
  get_workspace_diff: v.looseObject({ diff: v.nullish(anyObjectSchema), noDiffReason: text }),
  register_repo_root: v.looseObject({ directory: text }),
  reload_plugins: v.looseObject({
    commands: v.nullish(v.array(slashCommandSchema)),
    agents: v.nullish(v.array(agentInfoSchema)),
    plugins: v.nullish(v.array(pluginInfoSchema)),
    mcpServers: servers,
    error_count: count,
    held: flag,
    cache_impact: v.nullish(anyObjectSchema),
  }),
  reload_skills: v.looseObject({ skills: v.nullish(v.array(slashCommandSchema)) }),
  reload_output_styles: v.looseObject({ available_output_styles: texts }),
  start_shell_task: v.looseObject({
    status: v.nullish(open<"started" | "denied">()),
    task_id: text,
    message: text,
  }),
  background_tasks: v.looseObject({ backgrounded: flag }),
  get_task_output: v.looseObject({ output: text, total_bytes: count, truncated: flag, task_id: text }),
} as const;
