/** Hooks as users write them. */

import type { AsyncHookOutput, HookEvent, HookInputs, SyncHookOutput } from "../protocol/index.js";

/** What a hook is given beside its input. */
export interface HookContext {
  /** Fires when the CLI withdraws the call, its time is up or the session ends. */
  readonly signal: AbortSignal;
  /** The tool call that it is about. */
  readonly toolUseId?: string;
}

/** What a hook answers; nothing changes nothing. */
// biome-ignore lint/suspicious/noConfusingVoidType: a handler without a return statement is one, too
export type HookAnswer<Event> = SyncHookOutput<Event> | AsyncHookOutput | undefined | void;

/** Called at an event. */
export type HookHandler<Event extends HookEvent> = (
  input: HookInputs[Event],
  context: HookContext,
) => HookAnswer<Event> | Promise<HookAnswer<Event>>;

/** A handler, and when and for how long it is called. */
export interface HookEntry<Event extends HookEvent> {
  readonly handler: HookHandler<Event>;
  /**
   * What the event is about, such as the tool's name. Names alone, also several as in `Write|Edit`, are compared whole
   * and with their case; anything else is a regular expression, such as `mcp__db__.*`. No glob, no permission rule:
   * the CLI (2.1.330) lets `Bash(git *)` match no tool. Default: everything, as with `*`.
   */
  readonly matcher?: string;
  /** Milliseconds after which the handler has failed. Default 60,000. */
  readonly timeoutMs?: number;
  /**
   * What a handler that throws, is late or answers rubbish does: `continue` lets the action go ahead, with a warning
   * (a `system` message of subtype `informational`); `block` stops it, where the event guards one: a tool, a prompt, a
   * permission. Default: `block` for `PreToolUse`, else `continue`. A thread too busy to answer at all is beyond this:
   * a second after the handler's time the CLI (2.1.330) gives up, and then runs neither the tool nor the prompt.
   */
  readonly onFailure?: "continue" | "block";
}

/**
 * Handlers by event. Several of one event are called beside each other. What happens while the CLI (2.1.330) boots is
 * over before it knows of them: `SessionStart` comes with `/clear` and compaction, not with the start.
 */
export type Hooks = {
  readonly [Event in HookEvent]?:
    | HookHandler<Event>
    | HookEntry<Event>
    | readonly (HookHandler<Event> | HookEntry<Event>)[];
};
