/** Who may do what: permission modes, rules, and the question whether a tool may run with its answers. */
import * as v from "valibot";
import { anyObjectSchema, dispatch, open, typed, unknownNameSchema } from "./wire-schema.js";

/** How the CLI decides about tools that no rule covers. */
export const permissionModeSchema = open<
  "default" | "acceptEdits" | "bypassPermissions" | "plan" | "dontAsk" | "auto"
>();

/** Type of {@link permissionModeSchema}. */
export type PermissionMode = v.InferOutput<typeof permissionModeSchema>;

/** What a rule does. */
export const permissionBehaviorSchema = open<"allow" | "deny" | "ask">();

/** Type of {@link permissionBehaviorSchema}. */
export type PermissionBehavior = v.InferOutput<typeof permissionBehaviorSchema>;

/** Where a change of permissions is kept: a settings file, or the running session alone. */
export const permissionDestinationSchema = open<
  "userSettings" | "projectSettings" | "localSettings" | "session" | "cliArg"
>();

/** Type of {@link permissionDestinationSchema}. */
export type PermissionDestination = v.InferOutput<typeof permissionDestinationSchema>;

/** A rule about one tool; without `ruleContent` it covers every use of it. */
export const permissionRuleSchema = v.looseObject({
  toolName: v.string(),
  /** For example `git status:*` for Bash. */
  ruleContent: v.nullish(v.string()),
});

/** Type of {@link permissionRuleSchema}. */
export interface PermissionRule extends v.InferOutput<typeof permissionRuleSchema> {}

const ruleChange = {
  rules: v.nullish(v.array(permissionRuleSchema)),
  behavior: v.nullish(permissionBehaviorSchema),
  destination: v.nullish(permissionDestinationSchema),
} as const;

const directoryChange = {
  directories: v.nullish(v.array(v.string())),
  destination: v.nullish(permissionDestinationSchema),
} as const;

/** A change of permissions of a kind that this version does not know. */
export const unknownPermissionUpdateSchema = v.looseObject({ type: unknownNameSchema });

/** A change of permissions: what the CLI suggests to remember, and what an answer may ask it to remember. */
export const permissionUpdateSchema = dispatch(
  "type",
  {
    addRules: typed("addRules", ruleChange),
    replaceRules: typed("replaceRules", ruleChange),
    removeRules: typed("removeRules", ruleChange),
    setMode: typed("setMode", {
      mode: v.nullish(permissionModeSchema),
      destination: v.nullish(permissionDestinationSchema),
    }),
    addDirectories: typed("addDirectories", directoryChange),
    removeDirectories: typed("removeDirectories", directoryChange),
  },
  unknownPermissionUpdateSchema,
);

/** Type of {@link permissionUpdateSchema}. */
export type PermissionUpdate = v.InferOutput<typeof permissionUpdateSchema>;

/** The MCP server that a tool belongs to, and where that server was configured. */
export const mcpProvenanceSchema = v.looseObject({
  name: v.nullish(v.string()),
  source: v.nullish(v.string()),
});

/**
 * The control request `can_use_tool`: may this tool run with this input?
 *
 * Texts meant for display (`title`, `description`, `decision_reason`) may hold terminal escape codes.
 */
export const canUseToolRequestSchema = v.looseObject({
  subtype: v.literal("can_use_tool"),
  tool_name: v.string(),
  input: anyObjectSchema,
  /** The tool call that asks; absent from old versions of the CLI. */
  tool_use_id: v.nullish(v.string()),
  /** What the CLI offers to remember, so that it need not ask again. */
  permission_suggestions: v.nullish(v.array(permissionUpdateSchema)),
  /** The path outside the allowed directories, when that is why it asks. */
  blocked_path: v.nullish(v.string()),
  decision_reason: v.nullish(v.string()),
  decision_reason_type: v.nullish(
    open<
      | "rule"
      | "mode"
      | "subcommandResults"
      | "permissionPromptTool"
      | "hook"
      | "asyncAgent"
      | "sandboxOverride"
      | "workingDir"
      | "safetyCheck"
      | "classifier"
      | "other"
    >(),
  ),
  /** False when a safety check demands a person; absent when none was involved. */
  classifier_approvable: v.nullish(v.boolean()),
  /** True when nothing of this answer may be remembered. */
  suppress_always_allow_rule: v.nullish(v.boolean()),
  /** True when a dialog must not preselect approval. */
  default_to_no: v.nullish(v.boolean()),
  matched_ask_rule: v.nullish(
    v.looseObject({
      source: v.nullish(v.string()),
      tool_name: v.nullish(v.string()),
      rule_content: v.nullish(v.string()),
    }),
  ),
  title: v.nullish(v.string()),
  display_name: v.nullish(v.string()),
  description: v.nullish(v.string()),
  mcp_server: v.nullish(mcpProvenanceSchema),
  /** The subagent that asks; absent on the main thread. */
  agent_id: v.nullish(v.string()),
  /** True when a plain yes or no is not an answer, as for `AskUserQuestion`. */
  requires_user_interaction: v.nullish(v.boolean()),
  computer_name: v.nullish(v.string()),
});

/** Type of {@link canUseToolRequestSchema}. */
export interface CanUseToolRequest extends v.InferOutput<typeof canUseToolRequestSchema> {}

/** A {@link CanUseToolRequest} together with the id that its answer must carry. */
export type ToolPermissionRequest = CanUseToolRequest & { request_id: string };

const classification = v.optional(open<"user_temporary" | "user_permanent" | "user_reject">());

/** The tool may run. */
export const permissionAllowSchema = v.looseObject({
  behavior: v.literal("allow"),
  /** The input to run with, whole; without it the original input is used. */
  updatedInput: v.optional(anyObjectSchema),
  updatedPermissions: v.optional(v.array(permissionUpdateSchema)),
  toolUseID: v.optional(v.string()),
  decisionClassification: classification,
});

/** Type of {@link permissionAllowSchema}. */
export interface PermissionAllow extends v.InferOutput<typeof permissionAllowSchema> {}

/** The tool may not run. */
export const permissionDenySchema = v.looseObject({
  behavior: v.literal("deny"),
  /** Why; the model reads this as the tool's result. */
  message: v.string(),
  /** True to end the turn as well. */
  interrupt: v.optional(v.boolean()),
  toolUseID: v.optional(v.string()),
  decisionClassification: classification,
});

/** Type of {@link permissionDenySchema}. */
export interface PermissionDeny extends v.InferOutput<typeof permissionDenySchema> {}

/** The answer to `can_use_tool`; the payload of a successful control response. */
export const permissionResultSchema = v.variant("behavior", [permissionAllowSchema, permissionDenySchema]);

/** Type of {@link permissionResultSchema}. */
export type PermissionResult = v.InferOutput<typeof permissionResultSchema>;
