/** What the CLI takes on stdin, and the way to build it. */
import * as v from "valibot";
import { InvalidArgumentError } from "../errors.js";
import { contentBlockSchemas, type KnownContentBlock } from "./content-blocks.js";
import type { TextBlock } from "./content-text.js";
import { type ControlCancelMessage, controlCancelMessageSchema } from "./control-incoming.js";
import { outgoingRequestSchema } from "./control-outgoing.js";
import { type ControlResponseMessage, controlResponseMessageSchema } from "./control-response.js";
import { type KeepAliveMessage, keepAliveMessageSchema } from "./events.js";
import { type MessagePriority, messagePrioritySchema, type Origin, originSchema } from "./user.js";
import { type DispatchSchema, dispatch, stringOr, typed } from "./wire-schema.js";

/** Any object with a string `type`. */
export const otherTypedSchema = v.looseObject({ type: v.string() });

/** Type of {@link otherTypedSchema}. */
export interface OtherTyped extends v.InferOutput<typeof otherTypedSchema> {}

/** A content block of a prompt: any known block, or any object with a `type`. */
export type ContentBlockInput = KnownContentBlock | OtherTyped;

/** Schema of {@link ContentBlockInput}. */
export const contentBlockInputSchema: DispatchSchema<ContentBlockInput> = dispatch(
  "type",
  contentBlockSchemas,
  otherTypedSchema,
);

/** The frame `user` on stdin: a message to the model. */
export const userInputSchema = typed("user", {
  message: v.looseObject({
    role: v.literal("user"),
    content: stringOr(v.array(contentBlockInputSchema)),
  }),
  /** The session that the message is meant for; may be left out. */
  session_id: v.optional(v.string()),
  /** Id of the caller's choice; the CLI names it in the answers, and in `command_lifecycle`. */
  uuid: v.optional(v.string()),
  parent_tool_use_id: v.nullish(v.string()),
  priority: v.optional(messagePrioritySchema),
  shouldQuery: v.optional(v.boolean()),
  client_composed: v.optional(v.boolean()),
  isSynthetic: v.optional(v.boolean()),
  origin: v.optional(originSchema),
});

/** Type of {@link userInputSchema}. */
export interface UserInput extends v.InferOutput<typeof userInputSchema> {}

/** The frame `control_request` on stdin: the client asks. */
export const controlRequestInputSchema = typed("control_request", {
  request_id: v.string(),
  request: outgoingRequestSchema,
});

/** Type of {@link controlRequestInputSchema}. */
export interface ControlRequestInput extends v.InferOutput<typeof controlRequestInputSchema> {}

/** The frame `update_environment_variables`: new values for the environment of the CLI. */
export const updateEnvironmentSchema = typed("update_environment_variables", {
  variables: v.record(v.string(), v.string()),
  request_id: v.optional(v.string()),
});

/** Type of {@link updateEnvironmentSchema}. */
export interface UpdateEnvironment extends v.InferOutput<typeof updateEnvironmentSchema> {}

/** What can be written to the CLI: any object with a string `type`. One that it does not know is ignored. */
export type ClaudeInput =
  | UserInput
  | ControlRequestInput
  | ControlResponseMessage
  | ControlCancelMessage
  | KeepAliveMessage
  | UpdateEnvironment
  | OtherTyped;

/** Schema of {@link ClaudeInput}. */
export const claudeInputSchema: DispatchSchema<ClaudeInput> = dispatch(
  "type",
  {
    user: userInputSchema,
    control_request: controlRequestInputSchema,
    control_response: controlResponseMessageSchema,
    control_cancel_request: controlCancelMessageSchema,
    keep_alive: keepAliveMessageSchema,
    update_environment_variables: updateEnvironmentSchema,
  },
  otherTypedSchema,
);

/** Optional fields of a {@link userMessage}. */
export interface UserMessageOptions {
  /** The session that the message is meant for. Default: left out, the CLI takes the one it runs. */
  readonly sessionId?: string;
  /** Id for this message, a UUID of the caller's choice; needed for `command_lifecycle` frames. */
  readonly uuid?: string;
  /** The tool call whose subagent the message is for. Default: the main thread. */
  readonly parentToolUseId?: string;
  /** When it takes its turn while others wait. */
  readonly priority?: MessagePriority;
  /** False to add the message to the history without starting a turn. Default true. */
  readonly shouldQuery?: boolean;
  /** True to have the text taken as it is: no slash commands, no `@file`. */
  readonly clientComposed?: boolean;
  /** True for a message that no person wrote. */
  readonly isSynthetic?: boolean;
  /** Who caused the message. */
  readonly origin?: Origin;
}

/**
 * A message to the model. A string becomes one text block.
 *
 * @throws InvalidArgumentError when `prompt` is neither a string nor a non-empty list of blocks.
 */
export function userMessage(
  prompt: string | readonly ContentBlockInput[],
  options: UserMessageOptions = {},
): UserInput {
  const { sessionId, uuid, parentToolUseId, priority, shouldQuery, clientComposed, isSynthetic, origin } =
    options;
  return {
    type: "user",
    message: { role: "user", content: typeof prompt === "string" ? [textBlock(prompt)] : blocks(prompt) },
    ...(sessionId === undefined ? {} : { session_id: sessionId }),
    ...(uuid === undefined ? {} : { uuid }),
    ...(parentToolUseId === undefined ? {} : { parent_tool_use_id: parentToolUseId }),
    ...(priority === undefined ? {} : { priority }),
    ...(shouldQuery === undefined ? {} : { shouldQuery }),
    ...(clientComposed === undefined ? {} : { client_composed: clientComposed }),
    ...(isSynthetic === undefined ? {} : { isSynthetic }),
    ...(origin === undefined ? {} : { origin }),
  };
}

function blocks(prompt: readonly ContentBlockInput[]): ContentBlockInput[] {
  if (!Array.isArray(prompt) || prompt.length === 0) {
    throw new InvalidArgumentError("A prompt is a string or a list of at least one content block.");
  }
  const stranger = prompt.findIndex((block) => typeof block !== "object" || typeof block?.type !== "string");
  if (stranger >= 0) {
    throw new InvalidArgumentError(
      `Block ${stranger} of the prompt is not a content block: it must be an object with a string "type".`,
    );
  }
  return [...prompt];
}

/** A block of plain text. */
export function textBlock(text: string): TextBlock {
  return { type: "text", text };
}
