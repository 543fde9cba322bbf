/** Hook inputs about the session and its surroundings: start and end, model, context, files, settings. */
import * as v from "valibot";
import { elicitationFields, hookInput, modelSwitchFields } from "./hook-input.js";
import { anyObjectSchema, open } from "./wire-schema.js";

const trigger = v.nullish(open<"manual" | "auto">());

/** Inputs about the session, by event. */
export const sessionHookInputSchemas = {
  /** When a session starts or goes on. */
  SessionStart: hookInput("SessionStart", {
    source: open<"startup" | "resume" | "clear" | "compact" | "fork">(),
    model: v.nullish(v.string()),
    session_title: v.nullish(v.string()),
    seconds_since_last_response: v.nullish(v.number()),
    context_tokens: v.nullish(v.number()),
    prompt_cache_likely_expired: v.nullish(v.boolean()),
    estimated_cache_write_usd: v.nullish(v.number()),
  }),
  /** When a session ends. */
  SessionEnd: hookInput("SessionEnd", { reason: v.nullish(v.string()) }),
  /** Before the CLI sets itself up. */
  Setup: hookInput("Setup", { trigger: v.nullish(open<"init" | "maintenance">()) }),
  /** Before the conversation is compacted. */
  PreCompact: hookInput("PreCompact", { trigger, custom_instructions: v.nullish(v.string()) }),
  /** After it was compacted. */
  PostCompact: hookInput("PostCompact", { trigger, compact_summary: v.nullish(v.string()) }),
  /** Before another model takes over. */
  PreModelSwitch: hookInput("PreModelSwitch", modelSwitchFields),
  /** After another model has taken over. */
  PostModelSwitch: hookInput("PostModelSwitch", modelSwitchFields),
  /** When the CLI has something to tell the user. */
  Notification: hookInput("Notification", {
    message: v.string(),
    title: v.nullish(v.string()),
    notification_type: v.nullish(v.string()),
  }),
  /** Before the user is asked what an MCP server wants to know. */
  Elicitation: hookInput("Elicitation", {
    ...elicitationFields,
    message: v.nullish(v.string()),
    url: v.nullish(v.string()),
    requested_schema: v.nullish(anyObjectSchema),
  }),
  /** When the user has answered. */
  ElicitationResult: hookInput("ElicitationResult", {
    ...elicitationFields,
    action: v.nullish(open<"accept" | "decline" | "cancel">()),
    content: v.nullish(anyObjectSchema),
  }),
  /** When a settings file has changed. */
  ConfigChange: hookInput("ConfigChange", {
    source: v.nullish(
      open<"user_settings" | "project_settings" | "local_settings" | "policy_settings" | "skills">(),
    ),
    file_path: v.nullish(v.string()),
  }),
  /** When the working directory has changed. */
  CwdChanged: hookInput("CwdChanged", { old_cwd: v.nullish(v.string()), new_cwd: v.string() }),
  /** When a watched file has changed. */
  FileChanged: hookInput("FileChanged", {
    file_path: v.string(),
    event: v.nullish(open<"change" | "add" | "unlink">()),
  }),
  /** When a directory was added. */
  DirectoryAdded: hookInput("DirectoryAdded", {
    directory: v.string(),
    source: v.nullish(open<"slash_command" | "register_repo_root">()),
  }),
  /** When a worktree is wanted; the output says where it is. */
  WorktreeCreate: hookInput("WorktreeCreate", { name: v.string() }),
  /** When a worktree is to be removed. */
  WorktreeRemove: hookInput("WorktreeRemove", { worktree_path: v.string() }),
  /** When a file of instructions was read. */
  InstructionsLoaded: hookInput("InstructionsLoaded", {
    file_path: v.string(),
    memory_type: v.nullish(open<"User" | "Project" | "Local" | "Managed">()),
    load_reason: v.nullish(
      open<"session_start" | "nested_traversal" | "path_glob_match" | "include" | "compact">(),
    ),
    globs: v.nullish(v.array(v.string())),
    trigger_file_path: v.nullish(v.string()),
    parent_file_path: v.nullish(v.string()),
  }),
} as const;
