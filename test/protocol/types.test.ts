import { suite } from "uvu";
import * as assert from "uvu/assert";
import type {
  AssistantMessage,
  CanUseToolRequest,
  ClaudeInput,
  ClaudeOutput,
  ContentBlock,
  ControlRequestMessage,
  ControlSuccess,
  FailedResult,
  InitMessage,
  KnownContentBlock,
  KnownMessage,
  PermissionMode,
  PermissionResult,
  RawStreamEvent,
  ResultError,
  ResultMessage,
  ResultSuccess,
  SystemMessage,
  TextBlock,
  ToolInput,
  ToolPermissionRequest,
  ToolResultBlock,
  ToolUse,
  ToolUseBlock,
  UnknownBlock,
  UnknownMessage,
  UnknownName,
  UnknownSystemMessage,
  UserInput,
} from "../../src/protocol/index.js";
import {
  asToolUse,
  checkToolInput,
  controlRequest,
  isErrorResult,
  isInit,
  isResult,
  isSystem,
  parseMessage,
  toolUses,
} from "../../src/protocol/index.js";

/** True when two types are the same, not merely assignable. */
type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Compiles only for `true`: the checks of this file are made by the compiler. */
function expectType<_Check extends true>(): void {}

export function narrowsMessages(message: ClaudeOutput): void {
  expectType<Equal<ClaudeOutput["type"] extends string ? true : false, true>>();
  if (message.type === "assistant") expectType<Equal<typeof message, AssistantMessage>>();
  if (message.type === "result") {
    expectType<Equal<typeof message, ResultMessage>>();
    expectType<Equal<typeof message.is_error, boolean>>();
    if (message.subtype === "success") {
      expectType<Equal<typeof message, ResultSuccess>>();
      expectType<Equal<typeof message.result, string | null | undefined>>();
    } else {
      expectType<Equal<typeof message, ResultError>>();
      expectType<Equal<typeof message.errors, string[] | null | undefined>>();
    }
  }
  if (message.type === "system") expectType<Equal<typeof message, SystemMessage>>();
  if (message.type === "system" && message.subtype === "init") {
    expectType<Equal<typeof message, InitMessage>>();
    expectType<Equal<typeof message.session_id, string>>();
    expectType<Equal<typeof message.novelty, unknown>>();
  }
  if (message.type === "stream_event" && message.event.type === "content_block_delta") {
    if (message.event.delta.type === "text_delta")
      expectType<Equal<typeof message.event.delta.text, string>>();
  }
  if (message.type === "control_request") {
    expectType<Equal<typeof message, ControlRequestMessage>>();
    if (message.request.subtype === "can_use_tool") {
      expectType<Equal<typeof message.request, CanUseToolRequest>>();
      expectType<Equal<typeof message.request.input, { [field: string]: unknown }>>();
    }
  }
  if (message.type === "control_response" && message.response.subtype === "success") {
    expectType<Equal<typeof message.response, ControlSuccess>>();
  }
}

/** What is left when every known type has been dealt with is the unknown message, whose type is a string. */
export function exhausts(message: ClaudeOutput): string {
  switch (message.type) {
    case "assistant":
    case "user":
    case "result":
    case "system":
    case "stream_event":
    case "rate_limit_event":
    case "tool_progress":
    case "tool_use_summary":
    case "auth_status":
    case "prompt_suggestion":
    case "conversation_reset":
    case "command_lifecycle":
    case "transcript_mirror":
    case "active_goal":
    case "autocompact_state":
    case "error":
    case "control_request":
    case "control_response":
    case "control_cancel_request":
    case "keep_alive":
      return message.type;
    default:
      expectType<Equal<typeof message, UnknownMessage>>();
      expectType<Equal<typeof message.anything, unknown>>();
      return message.type;
  }
}

export function narrowsBlocks(block: ContentBlock, event: RawStreamEvent): void {
  if (block.type === "text") expectType<Equal<typeof block, TextBlock>>();
  if (block.type === "tool_use") expectType<Equal<typeof block, ToolUseBlock>>();
  if (block.type === "tool_result") expectType<Equal<typeof block, ToolResultBlock>>();
  if (block.type === "image" && block.source.type === "base64") {
    expectType<Equal<typeof block.source.data, string>>();
  }
  if (event.type === "message_start") expectType<Equal<typeof event.message.id, string>>();
  expectType<Equal<Exclude<ContentBlock, KnownContentBlock>, UnknownBlock>>();
}

export function narrowsByGuard(message: ClaudeOutput, anything: unknown): void {
  if (isResult(message)) expectType<Equal<typeof message, ResultMessage>>();
  if (isResult(anything)) expectType<Equal<typeof anything, ResultMessage>>();
  if (isInit(message)) expectType<Equal<typeof message, InitMessage>>();
  if (isSystem(message)) expectType<Equal<typeof message, SystemMessage>>();
  if (isSystem(message, "task_started")) expectType<Equal<typeof message.task_id, string>>();
  if (isSystem(message, "not_modelled")) expectType<Equal<typeof message, SystemMessage>>();
  if (message.type === "result") {
    if (isErrorResult(message)) expectType<typeof message extends FailedResult ? true : false>();
    // A result that is no failure must still be a result.
    else expectType<Equal<typeof message, ResultSuccess>>();
  }
}

export function typesOutcomes(value: unknown): void {
  const parsed = parseMessage(value);
  if (parsed.kind === "known") {
    expectType<Equal<typeof parsed.message, KnownMessage>>();
    expectType<Equal<Extract<KnownMessage, UnknownMessage | UnknownSystemMessage>, never>>();
  }
  if (parsed.kind === "invalid") expectType<Equal<(typeof parsed.issues)[number]["path"], string>>();
}

export function typesToolInputs(message: ClaudeOutput): void {
  const bash = asToolUse(message, "Bash");
  expectType<Equal<typeof bash, ToolUse<"Bash"> | undefined>>();
  if (bash !== undefined) {
    expectType<Equal<typeof bash.input, ToolInput<"Bash">>>();
    expectType<Equal<typeof bash.input.command, string>>();
    expectType<Equal<typeof bash.input.timeout, number | null | undefined>>();
  }
  expectType<Equal<ToolInput<"Task">, ToolInput<"Agent">>>();
  expectType<Equal<ToolInput<"AskUserQuestion">["questions"][number]["question"], string>>();
  for (const use of toolUses(message)) expectType<Equal<typeof use.input, unknown>>();
  const checked = checkToolInput("Edit", {});
  if (checked.kind === "valid") expectType<Equal<typeof checked.input.old_string, string>>();
  // @ts-expect-error: a name that is not modelled is a mistake, or a case for toolUses
  asToolUse(message, "bash");
}

export function typesInputs(): readonly ClaudeInput[] {
  controlRequest("1", "interrupt");
  controlRequest("1", "interrupt", { cancel_queued: true });
  controlRequest("1", "set_permission_mode", { mode: "plan", more: 1 });
  controlRequest("1", "brand_new");
  controlRequest("1", "brand_new", { anything: 1 });
  // @ts-expect-error: a required field is missing
  controlRequest("1", "set_permission_mode");
  // @ts-expect-error: a required field is missing
  controlRequest("1", "set_permission_mode", {});
  // @ts-expect-error: a field has another type
  controlRequest("1", "interrupt", { cancel_queued: "yes" });

  const user: UserInput = { type: "user", message: { role: "user", content: "hi" } };
  // @ts-expect-error: content is missing
  const bad: UserInput = { type: "user", message: { role: "user" } };
  return [user, bad, { type: "keep_alive" }, { type: "brand_new", anything: 1 }];
}

export function typesPermissions(request: ToolPermissionRequest): readonly PermissionResult[] {
  expectType<Equal<typeof request.request_id, string>>();
  expectType<Equal<typeof request.tool_name, string>>();
  const mode: PermissionMode = "a mode of tomorrow";
  const setMode = { type: "setMode" as const, mode, destination: "session" };
  return [
    { behavior: "allow" },
    { behavior: "allow", updatedInput: { command: "ls" }, updatedPermissions: [setMode] },
    { behavior: "deny", message: "no", interrupt: true },
    // @ts-expect-error: a denial needs its reason
    { behavior: "deny" },
  ];
}

/** The compiler's brand is not there at run time, and nobody can make such a name by accident. */
export function keepsUnknownNamesApart(name: UnknownName): string {
  // @ts-expect-error: a plain string is no unknown name
  const made: UnknownName = "plain";
  return name + made;
}

const types = suite("types");

types("hold, since this file was compiled", () => {
  assert.is(exhausts({ type: "keep_alive" }), "keep_alive");
});

types.run();
