/** Hooks: callbacks that a client registers in `initialize` and the CLI calls with `hook_callback`. */
import * as v from "valibot";
import { anyObjectSchema, open } from "./wire-schema.js";

/** When hooks can be called. */
export const hookEventSchema = open<
  | "PreToolUse"
  | "PostToolUse"
  | "PostToolUseFailure"
  | "PostToolBatch"
  | "PermissionRequest"
  | "PermissionDenied"
  | "UserPromptSubmit"
  | "UserPromptExpansion"
  | "SessionStart"
  | "SessionEnd"
  | "Stop"
  | "StopFailure"
  | "SubagentStart"
  | "SubagentStop"
  | "PreCompact"
  | "PostCompact"
  | "PreModelSwitch"
  | "PostModelSwitch"
  | "Notification"
  | "Elicitation"
  | "ElicitationResult"
  | "Setup"
  | "ConfigChange"
  | "CwdChanged"
  | "FileChanged"
  | "DirectoryAdded"
  | "WorktreeCreate"
  | "WorktreeRemove"
  | "InstructionsLoaded"
  | "TaskCreated"
  | "TaskCompleted"
  | "TeammateIdle"
  | "MessageDisplay"
>();

/** Type of {@link hookEventSchema}. */
export type HookEvent = v.InferOutput<typeof hookEventSchema>;

/** What a hook is told: the fields that all events share, and the event's own as unknowns. */
export const hookInputSchema = v.looseObject({
  hook_event_name: hookEventSchema,
  session_id: v.nullish(v.string()),
  transcript_path: v.nullish(v.string()),
  cwd: v.nullish(v.string()),
  prompt_id: v.nullish(v.string()),
  permission_mode: v.nullish(v.string()),
  agent_id: v.nullish(v.string()),
  agent_type: v.nullish(v.string()),
  effort: v.nullish(v.looseObject({ level: v.nullish(v.string()) })),
});

/** Type of {@link hookInputSchema}. */
export interface HookInput extends v.InferOutput<typeof hookInputSchema> {}

/** What a hook answers; an empty object changes nothing. */
export const hookOutputSchema = v.looseObject({
  /** True to answer later; the CLI goes on meanwhile. */
  async: v.nullish(v.boolean()),
  asyncTimeout: v.nullish(v.number()),
  /** False to stop the run after this hook, with `stopReason`. */
  continue: v.nullish(v.boolean()),
  stopReason: v.nullish(v.string()),
  suppressOutput: v.nullish(v.boolean()),
  decision: v.nullish(open<"approve" | "block">()),
  reason: v.nullish(v.string()),
  systemMessage: v.nullish(v.string()),
  terminalSequence: v.nullish(v.string()),
  hookSpecificOutput: v.nullish(anyObjectSchema),
});

/** Type of {@link hookOutputSchema}. */
export interface HookOutput extends v.InferOutput<typeof hookOutputSchema> {}

/** Which callbacks an event has, by the ids that the client chose for them. */
export const hookMatcherSchema = v.looseObject({
  /** Pattern of tool names; without it all of them. */
  matcher: v.nullish(v.string()),
  hookCallbackIds: v.array(v.string()),
  /** Seconds. */
  timeout: v.nullish(v.number()),
  onFailure: v.optional(v.unknown()),
});

/** Type of {@link hookMatcherSchema}. */
export interface HookMatcher extends v.InferOutput<typeof hookMatcherSchema> {}
