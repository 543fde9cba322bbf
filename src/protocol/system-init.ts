/** The frame `system/init`: what the session is made of, written at the start of every turn. */
import * as v from "valibot";
import { effortSchema, pluginInfoSchema } from "./catalog.js";
import { permissionModeSchema } from "./permission.js";
import { fastModeDisabledReasonSchema, fastModeStateSchema } from "./result-reasons.js";
import { anyObjectSchema, open } from "./wire-schema.js";

const names = v.nullish(v.array(v.string()));

/** Something that went wrong while a plugin or MCP server was loaded. */
export const loadProblemSchema = v.looseObject({
  plugin: v.nullish(v.string()),
  name: v.nullish(v.string()),
  type: v.nullish(v.string()),
  message: v.nullish(v.string()),
  path: v.nullish(v.string()),
  managed_lock: v.nullish(anyObjectSchema),
});

/** Type of {@link loadProblemSchema}. */
export interface LoadProblem extends v.InferOutput<typeof loadProblemSchema> {}

/** The frame `system/init`. It comes before the other frames of a turn, and first of all when a CLI starts. */
export const initMessageSchema = v.looseObject({
  type: v.literal("system"),
  subtype: v.literal("init"),
  uuid: v.nullish(v.string()),
  /** The id to resume this session by. */
  session_id: v.string(),
  cwd: v.nullish(v.string()),
  original_cwd: v.nullish(v.string()),
  additional_directories: names,
  model: v.nullish(v.string()),
  claude_code_version: v.nullish(v.string()),
  permissionMode: v.nullish(permissionModeSchema),
  /** Where the API credential comes from; never the credential. */
  apiKeySource: v.nullish(
    open<
      | "ANTHROPIC_API_KEY"
      | "apiKeyHelper"
      | "/login managed key"
      | "none"
      | "user"
      | "project"
      | "org"
      | "temporary"
      | "oauth"
    >(),
  ),
  tools: names,
  agents: names,
  skills: names,
  slash_commands: names,
  /** Those of `slash_commands` that only make sense in a terminal. */
  terminal_slash_commands: names,
  mcp_servers: v.nullish(
    v.array(
      v.looseObject({ name: v.string(), status: v.nullish(v.string()), source: v.nullish(v.string()) }),
    ),
  ),
  mcp_server_errors: v.nullish(v.array(loadProblemSchema)),
  plugins: v.nullish(v.array(pluginInfoSchema)),
  plugin_errors: v.nullish(v.array(loadProblemSchema)),
  plugin_warnings: v.nullish(v.array(loadProblemSchema)),
  output_style: v.nullish(v.string()),
  betas: names,
  /** Features of the protocol that this CLI has. */
  capabilities: names,
  effort: v.nullish(effortSchema),
  view_mode: v.nullish(open<"focus" | "default">()),
  fast_mode_state: v.nullish(fastModeStateSchema),
  fast_mode_disabled_reason: v.nullish(fastModeDisabledReasonSchema),
  memory_paths: v.nullish(anyObjectSchema),
  analytics_disabled: v.nullish(v.boolean()),
  product_feedback_disabled: v.nullish(v.boolean()),
});

/** Type of {@link initMessageSchema}. */
export interface InitMessage extends v.InferOutput<typeof initMessageSchema> {}
