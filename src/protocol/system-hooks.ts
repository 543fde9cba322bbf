/** System frames about hooks that the CLI runs as commands; written with `--include-hook-events`. */
import * as v from "valibot";
import { open, systemFrame } from "./wire-schema.js";

const hook = {
  hook_id: v.string(),
  hook_name: v.nullish(v.string()),
  hook_event: v.nullish(v.string()),
} as const;

const output = {
  stdout: v.nullish(v.string()),
  stderr: v.nullish(v.string()),
  /** Both together. */
  output: v.nullish(v.string()),
} as const;

/** `system/hook_started`. */
export const hookStartedMessageSchema = systemFrame("hook_started", hook);

/** Type of {@link hookStartedMessageSchema}. */
export interface HookStartedMessage extends v.InferOutput<typeof hookStartedMessageSchema> {}

/** `system/hook_progress`: what the hook has printed so far. */
export const hookProgressMessageSchema = systemFrame("hook_progress", { ...hook, ...output });

/** Type of {@link hookProgressMessageSchema}. */
export interface HookProgressMessage extends v.InferOutput<typeof hookProgressMessageSchema> {}

/** `system/hook_response`: the hook has ended. */
export const hookResponseMessageSchema = systemFrame("hook_response", {
  ...hook,
  ...output,
  exit_code: v.nullish(v.number()),
  outcome: v.nullish(open<"success" | "error" | "cancelled">()),
});

/** Type of {@link hookResponseMessageSchema}. */
export interface HookResponseMessage extends v.InferOutput<typeof hookResponseMessageSchema> {}
