/** Control requests of the client about what a session works with: files, tasks, MCP servers, plugins. */
import * as v from "valibot";
import { pluginConfigSchema } from "./catalog.js";
import { mcpServerConfigSchema } from "./mcp.js";
import { anyObjectSchema, open, subtyped } from "./wire-schema.js";

/** Control requests about files, tasks, MCP servers and plugins, by `subtype`. */
export const toolRequestSchemas = {
  mcp_status: subtyped("mcp_status", { liveReply: v.nullish(v.boolean()) }),
  mcp_call: subtyped("mcp_call", {
    /** Full name of the tool. */
    tool: v.string(),
    arguments: v.nullish(anyObjectSchema),
    expires_at: v.nullish(v.string()),
    timeout_ms: v.nullish(v.number()),
    result_not_for_model: v.nullish(v.boolean()),
    check_permissions: v.nullish(v.boolean()),
    input_files: v.nullish(v.array(anyObjectSchema)),
    output_files: v.nullish(v.array(anyObjectSchema)),
  }),
  /** A JSON-RPC message from a server in the client to the CLI. */
  mcp_message: subtyped("mcp_message", { server_name: v.string(), message: anyObjectSchema }),
  /** Only resources of the scheme `ui://` (CLI 2.1.330). */
  mcp_read_resource: subtyped("mcp_read_resource", { serverName: v.string(), uri: v.string() }),
  mcp_reconnect: subtyped("mcp_reconnect", { serverName: v.string() }),
  mcp_toggle: subtyped("mcp_toggle", { serverName: v.string(), enabled: v.boolean() }),
  /** The whole new set: a server that is not named is removed. */
  mcp_set_servers: subtyped("mcp_set_servers", { servers: v.record(v.string(), mcpServerConfigSchema) }),
  set_mcp_permission_mode_override: subtyped("set_mcp_permission_mode_override", {
    serverName: v.string(),
    /** Null takes the override back. */
    mode: v.nullish(open<"default" | "auto">()),
  }),
  reload_connectors: subtyped("reload_connectors", {}),
  file_suggestions: subtyped("file_suggestions", { query: v.string() }),
  read_file: subtyped("read_file", {
    path: v.string(),
    max_bytes: v.nullish(v.number()),
    encoding: v.nullish(open<"utf-8" | "base64">()),
  }),
  list_directory: subtyped("list_directory", {}),
  get_workspace_diff: subtyped("get_workspace_diff", {}),
  /** Tells the CLI that the client has read a file, so that it may be edited. */
  seed_read_state: subtyped("seed_read_state", {
    path: v.string(),
    /** Milliseconds since 1970. */
    mtime: v.number(),
  }),
  /** Puts the files back to what they were at that user message. */
  rewind_files: subtyped("rewind_files", {
    user_message_id: v.string(),
    dry_run: v.nullish(v.boolean()),
  }),
  register_repo_root: subtyped("register_repo_root", {
    directory: v.string(),
    reload_claude_md: v.nullish(v.boolean()),
    reload_plugins: v.nullish(v.boolean()),
    reload_skills: v.nullish(v.boolean()),
  }),
  reload_plugins: subtyped("reload_plugins", {
    hold_on_cache_impact: v.nullish(v.boolean()),
    add_plugins: v.nullish(v.array(pluginConfigSchema)),
    refuse_if_busy: v.nullish(v.boolean()),
  }),
  reload_skills: subtyped("reload_skills", {}),
  reload_output_styles: subtyped("reload_output_styles", {}),
  stop_task: subtyped("stop_task", { task_id: v.string() }),
  start_shell_task: subtyped("start_shell_task", {}),
  /** Sends the running tool call, or all of them, to the background. */
  background_tasks: subtyped("background_tasks", { tool_use_id: v.nullish(v.string()) }),
  get_task_output: subtyped("get_task_output", { task_id: v.string() }),
} as const;
