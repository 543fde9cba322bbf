/** What all hooks are told, whatever their event. */
import * as v from "valibot";
import { mcpProvenanceSchema } from "./permission.js";
import { anyObjectSchema, open } from "./wire-schema.js";

/** The fields that all events share. */
export const hookFields = {
  session_id: v.nullish(v.string()),
  transcript_path: v.nullish(v.string()),
  cwd: v.nullish(v.string()),
  prompt_id: v.nullish(v.string()),
  permission_mode: v.nullish(v.string()),
  /** The subagent that it is about; absent on the main thread. */
  agent_id: v.nullish(v.string()),
  agent_type: v.nullish(v.string()),
  effort: v.nullish(v.looseObject({ level: v.nullish(v.string()) })),
} as const;

/** The input of one event, which its `hook_event_name` makes what it is. */
export function hookInput<const Event extends string, const Fields extends v.ObjectEntries>(
  event: Event,
  fields: Fields,
) {
  return v.looseObject({ hook_event_name: v.literal(event), ...hookFields, ...fields });
}

/** A tool's call, as the events about tools tell it. */
export const toolCallFields = {
  tool_name: v.string(),
  tool_input: v.unknown(),
  tool_use_id: v.nullish(v.string()),
  mcp_server: v.nullish(mcpProvenanceSchema),
} as const;

/** How a model switch came about and what it will cost, as both events about it tell. */
export const modelSwitchFields = {
  from_model: v.nullish(v.string()),
  to_model: v.nullish(v.string()),
  requested_model: v.nullish(v.string()),
  source: v.nullish(v.string()),
  context_tokens: v.nullish(v.number()),
  prompt_cache_warm: v.nullish(v.boolean()),
  cache_ttl: v.nullish(v.string()),
  estimated_cache_write_usd: v.nullish(v.number()),
  pricing: v.nullish(v.string()),
} as const;

/** How an agent has come to its end, as the events about it tell. */
export const stopFields = {
  /** True when the agent goes on because of an earlier stop hook. */
  stop_hook_active: v.nullish(v.boolean()),
  last_assistant_message: v.nullish(v.string()),
  background_tasks: v.nullish(v.array(anyObjectSchema)),
  session_crons: v.nullish(v.array(anyObjectSchema)),
} as const;

/** A task of the task list, as the events about it tell. */
export const taskFields = {
  task_id: v.string(),
  task_subject: v.nullish(v.string()),
  task_description: v.nullish(v.string()),
  teammate_name: v.nullish(v.string()),
  team_name: v.nullish(v.string()),
} as const;

/** What an MCP server asks the user, as the events about it tell. */
export const elicitationFields = {
  mcp_server_name: v.string(),
  mode: v.nullish(open<"form" | "url">()),
  elicitation_id: v.nullish(v.string()),
} as const;
