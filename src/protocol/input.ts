/** What the CLI takes on stdin, and the way to build it. */
import * as v from "valibot";
import { InvalidArgumentError } from "../errors.js";
import { contentBlockSchemas } from "./content-blocks.js";
import type { TextBlock } from "./content-text.js";
import { controlCancelMessageSchema } from "./control-incoming.js";
import { type OutgoingFields, type OutgoingSubtype, outgoingRequestSchema } from "./control-outgoing.js";
import { controlResponseMessageSchema } from "./control-response.js";
import { keepAliveMessageSchema } from "./events.js";
import { type MessagePriority, messagePrioritySchema, type Origin, originSchema } from "./user.js";
import { dispatch, stringOr, typed } from "./wire-schema.js";

const otherTyped = v.looseObject({ type: v.string() });

/** A content block of a prompt: any known block, or any object with a `type`. */
export const contentBlockInputSchema = dispatch("type", contentBlockSchemas, otherTyped);

/** Type of {@link contentBlockInputSchema}. */
export type ContentBlockInput = v.InferOutput<typeof contentBlockInputSchema>;

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

/** Any frame of stdin, dispatched by `type`. The CLI ignores a type that it does not know. */
export const claudeInputSchema = dispatch(
  "type",
  {
    user: userInputSchema,
    control_request: controlRequestInputSchema,
    control_response: controlResponseMessageSchema,
    control_cancel_request: controlCancelMessageSchema,
    keep_alive: keepAliveMessageSchema,
    update_environment_variables: updateEnvironmentSchema,
  },
  otherTyped,
);

/** What can be written to the CLI: any object with a string `type`. */
export type ClaudeInput = v.InferOutput<typeof claudeInputSchema>;

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

/** The request that stops the running turn; its answer tells what still waits. */
export function interruptRequest(requestId: string): ControlRequestInput {
  return controlRequest(requestId, "interrupt");
}

/** A control request of a known subtype, with its fields. `requestId` must not be in use. */
export function controlRequest<Subtype extends OutgoingSubtype>(
  requestId: string,
  subtype: Subtype,
  ...fields: FieldArguments<Subtype>
): ControlRequestInput;
/** A control request of any other subtype. */
export function controlRequest<Subtype extends string>(
  requestId: string,
  subtype: Subtype extends OutgoingSubtype ? never : Subtype,
  fields?: Readonly<Record<string, unknown>>,
): ControlRequestInput;
export function controlRequest(
  requestId: string,
  subtype: string,
  fields: Readonly<Record<string, unknown>> = {},
): ControlRequestInput {
  return { type: "control_request", request_id: requestId, request: { ...fields, subtype } };
}

/** The fields may be left out when none of them is required. */
type FieldArguments<Subtype extends OutgoingSubtype> =
  Partial<OutgoingFields<Subtype>> extends OutgoingFields<Subtype>
    ? [fields?: OutgoingFields<Subtype>]
    : [fields: OutgoingFields<Subtype>];

/** The answer to a control request of the CLI: done, with the payload that its subtype asks for. */
export function controlSuccess(
  requestId: string,
  response?: Readonly<Record<string, unknown>>,
): ControlResponseInput {
  return {
    type: "control_response",
    response: {
      subtype: "success",
      request_id: requestId,
      ...(response === undefined ? {} : { response: { ...response } }),
    },
  };
}

/** The answer to a control request of the CLI: it failed, or is not supported. */
export function controlError(requestId: string, message: string): ControlResponseInput {
  return {
    type: "control_response",
    response: { subtype: "error", request_id: requestId, error: message },
  };
}

/** The frame `control_response` on stdin. */
export interface ControlResponseInput extends v.InferOutput<typeof controlResponseMessageSchema> {}
