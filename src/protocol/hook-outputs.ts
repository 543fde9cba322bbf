/** What hooks answer. */
import * as v from "valibot";
import type { PermissionUpdate } from "./permission.js";
import { type AnyObject, anyObjectSchema, open } from "./wire-schema.js";

/** What a hook answers, of whatever event; an empty object changes nothing. */
export const hookOutputSchema = v.looseObject({
  /** True to answer later; the CLI goes on meanwhile. */
  async: v.nullish(v.boolean()),
  /** Seconds. */
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

/** Tells the model something beside what it reads anyway. */
interface AddedContext {
  readonly additionalContext?: string;
}

/** Answers an MCP server in the user's place. */
interface ElicitationDecision {
  readonly action?: "accept" | "decline" | "cancel";
  readonly content?: AnyObject;
}

/** Names paths whose changes are to be told by `FileChanged`. */
interface WatchedPaths {
  readonly watchPaths?: readonly string[];
}

/** What an event's `hookSpecificOutput` may say; events that are not here take none. */
export interface HookSpecificOutputs {
  readonly PreToolUse: AddedContext & {
    /** `defer` leaves the decision to whoever would have taken it without this hook. */
    readonly permissionDecision?: "allow" | "deny" | "ask" | "defer";
    readonly permissionDecisionReason?: string;
    /** The input to run with, whole. */
    readonly updatedInput?: AnyObject;
  };
  readonly PostToolUse: AddedContext & {
    readonly classifierContext?: string;
    /** What the model reads instead of the tool's own output. */
    readonly updatedToolOutput?: unknown;
    readonly updatedMCPToolOutput?: unknown;
  };
  readonly PostToolUseFailure: AddedContext;
  readonly PostToolBatch: AddedContext;
  readonly PermissionRequest: {
    readonly decision:
      | {
          readonly behavior: "allow";
          readonly updatedInput?: AnyObject;
          readonly updatedPermissions?: readonly PermissionUpdate[];
        }
      | { readonly behavior: "deny"; readonly message?: string; readonly interrupt?: boolean };
  };
  readonly PermissionDenied: { readonly retry?: boolean };
  readonly UserPromptSubmit: AddedContext & {
    readonly sessionTitle?: string;
    readonly suppressOriginalPrompt?: boolean;
  };
  readonly UserPromptExpansion: AddedContext & { readonly suppressOriginalPrompt?: boolean };
  readonly SessionStart: AddedContext &
    WatchedPaths & {
      readonly initialUserMessage?: string;
      readonly sessionTitle?: string;
      readonly reloadSkills?: boolean;
    };
  readonly Setup: AddedContext;
  readonly Stop: AddedContext;
  readonly SubagentStart: AddedContext;
  readonly SubagentStop: AddedContext;
  readonly PreModelSwitch: {
    readonly permissionDecision?: "allow" | "deny" | "ask";
    readonly permissionDecisionReason?: string;
  };
  readonly PostModelSwitch: AddedContext;
  readonly Notification: AddedContext;
  readonly Elicitation: ElicitationDecision;
  readonly ElicitationResult: ElicitationDecision;
  readonly CwdChanged: WatchedPaths;
  readonly FileChanged: WatchedPaths;
  readonly WorktreeCreate: { readonly worktreePath: string };
  readonly MessageDisplay: { readonly displayContent?: string };
}

/** `hookSpecificOutput` of an event: it must name the event again. */
export type HookSpecificOutput<Event> = Event extends keyof HookSpecificOutputs
  ? HookSpecificOutputs[Event] & { readonly hookEventName: Event }
  : never;

/** What a hook of an event answers at once. */
export interface SyncHookOutput<Event> {
  /** False to stop the run after this hook, with `stopReason`. */
  readonly continue?: boolean;
  readonly stopReason?: string;
  readonly suppressOutput?: boolean;
  readonly decision?: "approve" | "block";
  readonly reason?: string;
  /** Shown to the user. */
  readonly systemMessage?: string;
  /** A terminal escape sequence for the CLI to write: titles, notifications and the bell alone. */
  readonly terminalSequence?: string;
  readonly hookSpecificOutput?: HookSpecificOutput<Event>;
}

/** Tells the CLI to go on without the hook's answer. */
export interface AsyncHookOutput {
  readonly async: true;
  /** Seconds. */
  readonly asyncTimeout?: number;
}
