/** Hook inputs about the agent's work: prompts, tools, permissions, subagents, tasks. */
import * as v from "valibot";
import { hookInput, stopFields, taskFields, toolCallFields } from "./hook-input.js";
import { permissionUpdateSchema } from "./permission.js";
import { open } from "./wire-schema.js";

/** Inputs about the agent's work, by event. */
export const workHookInputSchemas = {
  /** Before a tool runs. */
  PreToolUse: hookInput("PreToolUse", toolCallFields),
  /** After a tool has run. */
  PostToolUse: hookInput("PostToolUse", {
    ...toolCallFields,
    tool_response: v.unknown(),
    duration_ms: v.nullish(v.number()),
  }),
  /** After a tool has failed. */
  PostToolUseFailure: hookInput("PostToolUseFailure", {
    ...toolCallFields,
    error: v.nullish(v.string()),
    is_interrupt: v.nullish(v.boolean()),
    duration_ms: v.nullish(v.number()),
  }),
  /** After all tools of one assistant message. */
  PostToolBatch: hookInput("PostToolBatch", {
    tool_calls: v.array(v.looseObject({ ...toolCallFields, tool_response: v.optional(v.unknown()) })),
  }),
  /** When a permission is about to be asked for. */
  PermissionRequest: hookInput("PermissionRequest", {
    ...toolCallFields,
    permission_suggestions: v.nullish(v.array(permissionUpdateSchema)),
  }),
  /** When a permission was denied. */
  PermissionDenied: hookInput("PermissionDenied", { ...toolCallFields, reason: v.nullish(v.string()) }),
  /** Before a prompt is worked on. */
  UserPromptSubmit: hookInput("UserPromptSubmit", {
    prompt: v.string(),
    source: v.nullish(open<"user" | "sdk" | "system" | "loop_wakeup" | "schedule_wakeup" | "poll_event">()),
    session_title: v.nullish(v.string()),
  }),
  /** Before a slash command becomes a prompt. */
  UserPromptExpansion: hookInput("UserPromptExpansion", {
    expansion_type: v.nullish(open<"slash_command" | "mcp_prompt">()),
    command_name: v.string(),
    command_args: v.nullish(v.string()),
    command_source: v.nullish(v.string()),
    prompt: v.nullish(v.string()),
  }),
  /** Before a turn ends. */
  Stop: hookInput("Stop", stopFields),
  /** When a turn ends by an error of the API. */
  StopFailure: hookInput("StopFailure", {
    error: v.nullish(v.string()),
    error_details: v.nullish(v.string()),
    last_assistant_message: v.nullish(v.string()),
  }),
  /** When a subagent starts. */
  SubagentStart: hookInput("SubagentStart", {}),
  /** Before a subagent ends. */
  SubagentStop: hookInput("SubagentStop", {
    ...stopFields,
    agent_transcript_path: v.nullish(v.string()),
  }),
  /** When a task is put on the list. */
  TaskCreated: hookInput("TaskCreated", taskFields),
  /** When a task is done. */
  TaskCompleted: hookInput("TaskCompleted", taskFields),
  /** When a teammate has nothing to do. */
  TeammateIdle: hookInput("TeammateIdle", {
    teammate_name: v.nullish(v.string()),
    team_name: v.nullish(v.string()),
  }),
  /** While a message is being shown. */
  MessageDisplay: hookInput("MessageDisplay", {
    turn_id: v.nullish(v.string()),
    message_id: v.nullish(v.string()),
    index: v.nullish(v.number()),
    final: v.nullish(v.boolean()),
    delta: v.nullish(v.string()),
  }),
} as const;
