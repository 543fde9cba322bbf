/** Hooks: callbacks that a client registers in `initialize` and the CLI calls with `hook_callback`. */
import * as v from "valibot";
import { hookFields } from "./hook-input.js";
import { sessionHookInputSchemas } from "./hook-inputs-session.js";
import { workHookInputSchemas } from "./hook-inputs-work.js";
import { type DispatchSchema, dispatch, unknownNameSchema } from "./wire-schema.js";

/** The input of every known event, by its name. */
export const hookInputSchemas = { ...workHookInputSchemas, ...sessionHookInputSchemas } as const;

/** The inputs by event, as types. */
export type HookInputs = {
  [Event in keyof typeof hookInputSchemas]: v.InferOutput<(typeof hookInputSchemas)[Event]>;
};

/** When hooks can be called. */
export type HookEvent = keyof HookInputs;

/** All known events. */
export const HOOK_EVENTS = Object.keys(hookInputSchemas) as readonly HookEvent[];

/** The input of an event that this version does not know. */
export const unknownHookInputSchema = v.looseObject({ hook_event_name: unknownNameSchema, ...hookFields });

/** Type of {@link unknownHookInputSchema}. */
export interface UnknownHookInput extends v.InferOutput<typeof unknownHookInputSchema> {}

/** What a hook is told; narrow it with `input.hook_event_name === "PreToolUse"` and the like. */
export type HookInput = HookInputs[HookEvent] | UnknownHookInput;

/** Schema of {@link HookInput}. */
export const hookInputSchema: DispatchSchema<HookInput> = dispatch(
  "hook_event_name",
  hookInputSchemas,
  unknownHookInputSchema,
);

/** Which callbacks an event has, by the ids that the client chose for them. */
export const hookMatcherSchema = v.looseObject({
  /** Pattern of tool names; without it all of them. */
  matcher: v.nullish(v.string()),
  hookCallbackIds: v.array(v.string()),
  /** Seconds. */
  timeout: v.nullish(v.number()),
  /** What becomes of the action when the callback fails; the form of `block` is not published. */
  onFailure: v.nullish(v.unknown()),
});

/** Type of {@link hookMatcherSchema}. */
export interface HookMatcher extends v.InferOutput<typeof hookMatcherSchema> {}
