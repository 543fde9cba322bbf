/**
 * Guards for every kind of message. They take anything, look at the names that tell messages apart and at
 * nothing else, and never throw; for a check of all fields see `parseMessage`.
 */
import type { AssistantMessage } from "./assistant.js";
import type { ControlRequestMessage } from "./control-incoming.js";
import type { ControlResponseMessage } from "./control-response.js";
import { claudeOutputSchema, type UnknownMessage } from "./messages.js";
import type { RateLimitEvent } from "./rate-limit.js";
import type { FailedResult, ResultMessage } from "./result.js";
import type { StreamEventMessage } from "./stream-event.js";
import type { SystemMessage, SystemMessages, SystemSubtype } from "./system.js";
import type { InitMessage } from "./system-init.js";
import type { UserMessage } from "./user.js";
import { tagOf } from "./wire-schema.js";

/** True for a `result`: the frame that ends a turn. */
export function isResult(message: unknown): message is ResultMessage {
  return tagOf(message, "type") === "result" && tagOf(message, "subtype") !== undefined;
}

/** True for a `result` that reports a failure: an error subtype, or `is_error` on a `success`. */
export function isErrorResult(message: unknown): message is FailedResult {
  return isResult(message) && (message.subtype !== "success" || message.is_error === true);
}

/** True for an `assistant` message. */
export function isAssistant(message: unknown): message is AssistantMessage {
  return tagOf(message, "type") === "assistant";
}

/** True for a `user` message: tool results, replays, what the CLI says in the user's name. */
export function isUser(message: unknown): message is UserMessage {
  return tagOf(message, "type") === "user";
}

/** True for a `system` message, of that `subtype` when one is given. */
export function isSystem(message: unknown): message is SystemMessage;
/** True for a `system` message of that `subtype`. */
export function isSystem<Subtype extends SystemSubtype>(
  message: unknown,
  subtype: Subtype,
): message is SystemMessages[Subtype];
/** True for a `system` message of a `subtype` that this version does not model. */
export function isSystem(message: unknown, subtype: string): message is SystemMessage;
export function isSystem(message: unknown, subtype?: string): message is SystemMessage {
  if (tagOf(message, "type") !== "system") return false;
  const own = tagOf(message, "subtype");
  return subtype === undefined ? own !== undefined : own === subtype;
}

/** True for `system/init`. */
export function isInit(message: unknown): message is InitMessage {
  return isSystem(message, "init");
}

/** True for a `stream_event`. */
export function isStreamEvent(message: unknown): message is StreamEventMessage {
  return tagOf(message, "type") === "stream_event";
}

/** True for a `rate_limit_event`. */
export function isRateLimit(message: unknown): message is RateLimitEvent {
  return tagOf(message, "type") === "rate_limit_event";
}

/** True for a `control_request` of the CLI, which waits for an answer. */
export function isControlRequest(message: unknown): message is ControlRequestMessage {
  return tagOf(message, "type") === "control_request";
}

/** True for a `control_response` of the CLI. */
export function isControlResponse(message: unknown): message is ControlResponseMessage {
  return tagOf(message, "type") === "control_response";
}

/** True for a message of a `type` that this version does not know. */
export function isUnknown(message: unknown): message is UnknownMessage {
  const type = tagOf(message, "type");
  return type !== undefined && !claudeOutputSchema.tags.has(type);
}
