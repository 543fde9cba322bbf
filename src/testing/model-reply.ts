import { InvalidArgumentError } from "../errors.js";

/** How a block is cut into stream events. */
export interface StreamPace {
  /** UTF-16 units per delta event; default 4,096. Surrogate pairs are never cut. */
  readonly chunkSize?: number;
  /** Milliseconds before each delta event; default 0. */
  readonly delayMs?: number;
}

/** A text block of a scripted answer; made by {@link text}. */
export interface TextBlock extends StreamPace {
  readonly kind: "text";
  readonly text: string;
}

/** A thinking block of a scripted answer; made by {@link thinking}. */
export interface ThinkingBlock extends StreamPace {
  readonly kind: "thinking";
  readonly thinking: string;
  readonly signature: string;
}

/** A call of a tool in a scripted answer; made by {@link toolUse}. */
export interface ToolUseBlock extends StreamPace {
  readonly kind: "tool_use";
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** Fixed id of the call; by default the model counts `toolu_…` ids up. */
  readonly id?: string;
}

/** One content block of a scripted answer. */
export type ReplyBlock = TextBlock | ThinkingBlock | ToolUseBlock;

/** Token counts of an answer, in the Messages API's own field names. */
export interface ReplyUsage {
  readonly input_tokens?: number;
  readonly output_tokens?: number;
  readonly cache_read_input_tokens?: number;
  readonly cache_creation_input_tokens?: number;
}

/** A whole answer of one or more blocks; made by {@link reply}. */
export interface MessageReply {
  readonly kind: "message";
  readonly blocks: readonly ReplyBlock[];
  readonly stopReason: string;
  readonly usage: ReplyUsage;
  readonly delayMs: number;
}

/** An HTTP error; made by {@link apiError}. */
export interface ErrorReply {
  readonly kind: "error";
  readonly status: number;
  readonly errorType: string;
  readonly message: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** An answer that is cut off by closing the connection; made by {@link dropConnection}. */
export interface DropReply {
  readonly kind: "drop";
  readonly reply: MessageReply;
  readonly afterBytes?: number;
  readonly afterEvents?: number;
}

/** No answer at all; made by {@link hang}. */
export interface HangReply {
  readonly kind: "hang";
}

/** Everything that can be answered to one request; a string is a text answer, a block an answer of one block. */
export type ModelReply = string | ReplyBlock | MessageReply | ErrorReply | DropReply | HangReply;

/** A {@link ModelReply} without its shorthands. */
export type NormalizedReply = MessageReply | ErrorReply | DropReply | HangReply;

/**
 * A text block.
 * @example text("a long answer", { chunkSize: 3, delayMs: 20 })
 */
export function text(value: string, pace: StreamPace = {}): TextBlock {
  return { kind: "text", text: value, ...pace };
}

/** A thinking block; the CLI shows it only when the request had thinking switched on. */
export function thinking(value: string, options: StreamPace & { signature?: string } = {}): ThinkingBlock {
  return { signature: "c2NyaXB0ZWQ=", ...options, kind: "thinking", thinking: value };
}

/**
 * A tool call. The CLI runs the tool for real and sends its result in the next request.
 * @example toolUse("Bash", { command: "echo hi", description: "say hi" })
 */
export function toolUse(
  name: string,
  input: Readonly<Record<string, unknown>>,
  options: StreamPace & { id?: string } = {},
): ToolUseBlock {
  return { ...options, kind: "tool_use", name, input };
}

/** Options of {@link reply}. */
export interface ReplyOptions extends StreamPace {
  /** Default `tool_use` when a block calls a tool, else `end_turn`. */
  readonly stopReason?: string;
  /** Default: estimated from the lengths, four characters to the token. */
  readonly usage?: ReplyUsage;
}

/**
 * An answer of several blocks, in order. `chunkSize` applies to every block that has none of its own,
 * `delayMs` is waited once before the answer begins.
 * @example reply([text("Let me look."), toolUse("Read", { file_path: "/etc/hostname" })])
 */
export function reply(blocks: readonly (ReplyBlock | string)[], options: ReplyOptions = {}): MessageReply {
  const { chunkSize } = options;
  const whole = blocks.map((block): ReplyBlock => {
    const full = typeof block === "string" ? text(block) : block;
    return chunkSize === undefined || full.chunkSize !== undefined ? full : { ...full, chunkSize };
  });
  for (const block of whole) {
    if (block.chunkSize !== undefined && !(block.chunkSize >= 1)) {
      throw new InvalidArgumentError(`chunkSize is ${block.chunkSize}; give 1 or more characters`);
    }
  }
  const callsTool = whole.some((block) => block.kind === "tool_use");
  return {
    kind: "message",
    blocks: whole,
    stopReason: options.stopReason ?? (callsTool ? "tool_use" : "end_turn"),
    usage: options.usage ?? {},
    delayMs: options.delayMs ?? 0,
  };
}

const ERROR_TYPES: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  504: "timeout_error",
  529: "overloaded_error",
};

/** Options of {@link apiError}. */
export interface ApiErrorOptions {
  /** Sent as the header `retry-after`, in seconds. */
  readonly retryAfterSeconds?: number;
  readonly message?: string;
  /** The wire's error type; by default the one that belongs to the status. */
  readonly errorType?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * An HTTP error in the Messages API's form. The CLI retries 408, 409, 429 and 5xx by itself, and each retry
 * takes the next reply of the script.
 * @example startScriptedModel([apiError(529), "now it works"])
 */
export function apiError(status: number, options: ApiErrorOptions = {}): ErrorReply {
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new InvalidArgumentError(`apiError(${status}): an HTTP error status is 400 to 599`);
  }
  const retryAfter: Record<string, string> =
    options.retryAfterSeconds === undefined ? {} : { "retry-after": String(options.retryAfterSeconds) };
  return {
    kind: "error",
    status,
    errorType:
      options.errorType ?? ERROR_TYPES[status] ?? (status < 500 ? "invalid_request_error" : "api_error"),
    message: options.message ?? `scripted error ${status}`,
    headers: { ...retryAfter, ...options.headers },
  };
}

/**
 * An answer whose connection is destroyed midway: after so many bytes of the body, after so many stream
 * events, or (neither given) before the first byte of the response.
 */
export function dropConnection(
  options: { afterBytes?: number; afterEvents?: number; reply?: ModelReply } = {},
): DropReply {
  const whole = normalizeReply(options.reply ?? "This answer is cut off before its end.");
  if (whole.kind !== "message") {
    throw new InvalidArgumentError(
      "dropConnection({ reply }) takes a text or message, not an error or hang()",
    );
  }
  return {
    kind: "drop",
    reply: whole,
    ...(options.afterBytes === undefined ? {} : { afterBytes: options.afterBytes }),
    ...(options.afterEvents === undefined ? {} : { afterEvents: options.afterEvents }),
  };
}

/** Never answers; the request stays open until the client gives up or the model is closed. */
export function hang(): HangReply {
  return { kind: "hang" };
}

/** Resolves the shorthands of a {@link ModelReply}. */
export function normalizeReply(value: ModelReply): NormalizedReply {
  if (typeof value === "string") return reply([value]);
  switch (value.kind) {
    case "text":
    case "thinking":
    case "tool_use":
      return reply([value]);
    default:
      return value;
  }
}
