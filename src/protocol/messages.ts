/** All that the CLI writes to stdout, in one type and one schema, and the full check of a message. */
import * as v from "valibot";
import { type AssistantMessage, assistantMessageSchema } from "./assistant.js";
import {
  type ControlCancelMessage,
  type ControlRequestMessage,
  controlCancelMessageSchema,
  controlRequestMessageSchema,
  incomingRequestSchema,
} from "./control-incoming.js";
import {
  type ControlResponseMessage,
  controlAnswerSchema,
  controlResponseMessageSchema,
} from "./control-response.js";
import {
  type ActiveGoalMessage,
  type AuthStatusMessage,
  type AutocompactStateMessage,
  activeGoalMessageSchema,
  authStatusMessageSchema,
  autocompactStateMessageSchema,
  type CommandLifecycleMessage,
  type ConversationResetMessage,
  commandLifecycleMessageSchema,
  conversationResetMessageSchema,
  type ErrorMessage,
  errorMessageSchema,
  type KeepAliveMessage,
  keepAliveMessageSchema,
  type PromptSuggestionMessage,
  promptSuggestionMessageSchema,
  type ToolProgressMessage,
  type ToolUseSummaryMessage,
  type TranscriptMirrorMessage,
  toolProgressMessageSchema,
  toolUseSummaryMessageSchema,
  transcriptMirrorMessageSchema,
} from "./events.js";
import { type RateLimitEvent, rateLimitEventSchema } from "./rate-limit.js";
import { type ResultMessage, resultMessageSchema, type UnknownResult } from "./result.js";
import { type StreamEventMessage, streamEventMessageSchema } from "./stream-event.js";
import { type SystemMessage, systemMessageSchema, type UnknownSystemMessage } from "./system.js";
import { type UserMessage, userMessageSchema } from "./user.js";
import { check, type FieldIssue } from "./validation.js";
import { type DispatchSchema, dispatch, type SchemaTable, tagOf, unknownNameSchema } from "./wire-schema.js";

/** A frame of a `type` that this version does not know; all its other fields are unknown too. */
export const unknownMessageSchema = v.looseObject({ type: unknownNameSchema });

/** Type of {@link unknownMessageSchema}. */
export interface UnknownMessage extends v.InferOutput<typeof unknownMessageSchema> {}

/** The known frames of stdout by `type`. */
export interface Messages {
  assistant: AssistantMessage;
  user: UserMessage;
  result: ResultMessage;
  system: SystemMessage;
  stream_event: StreamEventMessage;
  rate_limit_event: RateLimitEvent;
  tool_progress: ToolProgressMessage;
  tool_use_summary: ToolUseSummaryMessage;
  auth_status: AuthStatusMessage;
  prompt_suggestion: PromptSuggestionMessage;
  conversation_reset: ConversationResetMessage;
  command_lifecycle: CommandLifecycleMessage;
  transcript_mirror: TranscriptMirrorMessage;
  active_goal: ActiveGoalMessage;
  autocompact_state: AutocompactStateMessage;
  error: ErrorMessage;
  control_request: ControlRequestMessage;
  control_response: ControlResponseMessage;
  control_cancel_request: ControlCancelMessage;
  keep_alive: KeepAliveMessage;
}

/** Schemas of {@link Messages}. */
export const messageSchemas: SchemaTable<Messages> = {
  assistant: assistantMessageSchema,
  user: userMessageSchema,
  result: resultMessageSchema,
  system: systemMessageSchema,
  stream_event: streamEventMessageSchema,
  rate_limit_event: rateLimitEventSchema,
  tool_progress: toolProgressMessageSchema,
  tool_use_summary: toolUseSummaryMessageSchema,
  auth_status: authStatusMessageSchema,
  prompt_suggestion: promptSuggestionMessageSchema,
  conversation_reset: conversationResetMessageSchema,
  command_lifecycle: commandLifecycleMessageSchema,
  transcript_mirror: transcriptMirrorMessageSchema,
  active_goal: activeGoalMessageSchema,
  autocompact_state: autocompactStateMessageSchema,
  error: errorMessageSchema,
  control_request: controlRequestMessageSchema,
  control_response: controlResponseMessageSchema,
  control_cancel_request: controlCancelMessageSchema,
  keep_alive: keepAliveMessageSchema,
};

/**
 * Any frame that the CLI writes. Narrow it with plain comparisons: `message.type === "result"`, then
 * `message.subtype === "success"`. Every member lets unknown fields through, typed as unknown.
 */
export type ClaudeOutput = Messages[keyof Messages] | UnknownMessage;

/** Schema of {@link ClaudeOutput}. */
export const claudeOutputSchema: DispatchSchema<ClaudeOutput> = dispatch(
  "type",
  messageSchemas,
  unknownMessageSchema,
);

/** A frame of a known `type` and, where it has one, a known `subtype`. */
export type KnownMessage = Exclude<ClaudeOutput, UnknownMessage | UnknownSystemMessage | UnknownResult>;

/** A frame whose `type`, or the `subtype` that decides what it is, is not known to this version. */
export type UnfamiliarMessage =
  | UnknownMessage
  | UnknownSystemMessage
  | UnknownResult
  | ControlRequestMessage
  | ControlResponseMessage;

/** What {@link parseMessage} found. `message` is the very object that was given. */
export type ParsedMessage =
  | { readonly kind: "known"; readonly message: KnownMessage }
  | { readonly kind: "unknown"; readonly message: UnfamiliarMessage }
  | { readonly kind: "invalid"; readonly issues: readonly FieldIssue[] };

/**
 * Checks every modelled field of a message. The object is neither copied nor changed, and may have getters
 * for properties (each is read once or twice). Never throws: an error of a getter makes the outcome invalid.
 *
 * Messages that a client hands over have passed a smaller check already, of the fields that the client
 * itself relies on. This one is for those who store or forward messages and want to know of any surprise.
 */
export function parseMessage(value: unknown): ParsedMessage {
  const issues = check(claudeOutputSchema, value);
  if (issues.length > 0) return { kind: "invalid", issues };
  return isFamiliar(value)
    ? { kind: "known", message: value as KnownMessage }
    : { kind: "unknown", message: value as UnfamiliarMessage };
}

/** The dispatchers that decide what a message is, below its `type`. */
const inner = new Map<
  string,
  { readonly of: (value: unknown) => unknown; readonly tags: ReadonlySet<string> }
>([
  ["system", { of: (value) => value, tags: systemMessageSchema.tags }],
  ["result", { of: (value) => value, tags: resultMessageSchema.tags }],
  ["control_request", { of: (value) => property(value, "request"), tags: incomingRequestSchema.tags }],
  ["control_response", { of: (value) => property(value, "response"), tags: controlAnswerSchema.tags }],
]);

function isFamiliar(value: unknown): boolean {
  const type = tagOf(value, "type");
  if (type === undefined || !claudeOutputSchema.tags.has(type)) return false;
  const decider = inner.get(type);
  return decider === undefined || decider.tags.has(tagOf(decider.of(value), "subtype") ?? "");
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
