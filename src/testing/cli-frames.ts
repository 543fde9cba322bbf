/** Version that the stand-in reports: the CLI whose behaviour it follows. */
export const STAND_IN_VERSION = "2.1.330";

const MODEL = "scripted";

/** Fields of a frame. */
export type Frame = Readonly<Record<string, unknown>>;

/** `system/init`, the first frame of every turn. */
export function initFrame(): Frame {
  return {
    type: "system",
    subtype: "init",
    cwd: process.cwd(),
    tools: ["Bash", "Read", "Edit", "Write"],
    mcp_servers: [],
    model: MODEL,
    permissionMode: "default",
    slash_commands: ["clear", "compact", "context"],
    apiKeySource: "none",
    claude_code_version: STAND_IN_VERSION,
    output_style: "default",
    agents: [],
    skills: [],
    plugins: [],
  };
}

/** `assistant` with finished content blocks. */
export function assistantFrame(content: string | readonly unknown[], messageId: string): Frame {
  return {
    type: "assistant",
    message: {
      id: messageId,
      type: "message",
      role: "assistant",
      model: MODEL,
      content: typeof content === "string" ? [{ type: "text", text: content }] : content,
      stop_reason: null,
      stop_sequence: null,
      usage: { input_tokens: 1, output_tokens: 1 },
    },
    parent_tool_use_id: null,
  };
}

/** `user` that carries the result of a tool. */
export function toolResultFrame(toolUseId: string, content: string, isError: boolean): Frame {
  return {
    type: "user",
    message: {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: toolUseId, content, is_error: isError }],
    },
    parent_tool_use_id: null,
    tool_use_result: isError ? `Error: ${content}` : { stdout: content, stderr: "", interrupted: false },
  };
}

/** `user` that the CLI adds when a turn is interrupted. */
export function interruptedFrame(duringTool: boolean): Frame {
  const text = duringTool ? "[Request interrupted by user for tool use]" : "[Request interrupted by user]";
  return {
    type: "user",
    message: { role: "user", content: [{ type: "text", text }] },
    parent_tool_use_id: null,
  };
}

/** `stream_event` around an event of the Messages API. */
export function streamEventFrame(event: Frame): Frame {
  return { type: "stream_event", event, parent_tool_use_id: null };
}

/** What a turn adds up to; `result` tells it. */
export interface TurnTotals {
  readonly durationMs: number;
  readonly numTurns: number;
  readonly text: string;
  readonly denials: readonly Frame[];
  readonly resultIndex: number;
}

/** `result` of a turn. As on the real wire, `type` is not its first key. */
export function resultFrame(totals: TurnTotals, fields: Frame): Frame {
  return {
    is_error: false,
    duration_api_ms: 0,
    num_turns: totals.numTurns,
    stop_reason: "end_turn",
    total_cost_usd: 0,
    usage: { input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 0, cache_read_input_tokens: 0 },
    modelUsage: {},
    permission_denials: totals.denials,
    terminal_reason: "completed",
    subtype: "success",
    result: totals.text,
    type: "result",
    duration_ms: totals.durationMs,
    queued_turn_count: 0,
    result_index: totals.resultIndex,
    ...fields,
  };
}

/** Replacements that make a `result` one of an interrupted turn. */
export const INTERRUPTED_RESULT: Frame = {
  is_error: true,
  subtype: "error_during_execution",
  stop_reason: null,
  terminal_reason: "aborted_tools",
  result: undefined,
  errors: ["scripted turn was interrupted"],
};

/** Answer to `initialize`. */
export function initializeAnswer(): Frame {
  return {
    commands: [{ name: "clear", description: "Start with empty context", argumentHint: "" }],
    agents: [],
    output_style: "default",
    available_output_styles: ["default"],
    models: [{ value: "default", displayName: "Scripted", description: "A scripted model" }],
    account: { apiKeySource: "none" },
    claude_code_version: STAND_IN_VERSION,
  };
}
