/** Frames with the fields that the real CLI (2.1.330) gives them, in its order. */

import type { Dice } from "./dice.js";

/** A frame as an object; its JSON is one line of the wire. */
export interface Frame {
  readonly type: string;
  readonly uuid: string;
  readonly [field: string]: unknown;
}

const MODEL = "claude-opus-5-5";
const CWD = "/home/user/project";
const USAGE = {
  input_tokens: 366,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  output_tokens: 1,
};

/** Makes the frames of one session. Ids come from the dice. */
export class Envelope {
  readonly dice: Dice;
  readonly #sessionId: string;
  #messageId = "";

  constructor(dice: Dice) {
    this.dice = dice;
    this.#sessionId = dice.uuid();
    this.nextMessage();
  }

  /** The assistant's next message begins: later frames carry its id. */
  nextMessage(): void {
    this.#messageId = `msg_01${this.dice.hex(22)}`;
  }

  /** Id for a tool call. */
  toolUseId(): string {
    return `toolu_01${this.dice.hex(22)}`;
  }

  /** `system/init`, the first frame of a turn. */
  init(): Frame {
    return {
      type: "system",
      subtype: "init",
      cwd: CWD,
      session_id: this.#sessionId,
      tools: ["Bash", "Edit", "Glob", "Grep", "Read", "Task", "TodoWrite", "WebFetch", "Write"],
      mcp_servers: [{ name: "tables", status: "connected" }],
      model: MODEL,
      permissionMode: "default",
      slash_commands: ["clear", "compact", "context", "review"],
      apiKeySource: "ANTHROPIC_API_KEY",
      claude_code_version: "2.1.330",
      output_style: "default",
      agents: ["claude", "Explore", "general-purpose", "Plan"],
      skills: [],
      plugins: [],
      uuid: this.dice.uuid(),
    };
  }

  /** An event of the Messages API, as `--include-partial-messages` passes it on. */
  streamEvent(event: Readonly<Record<string, unknown>>): Frame {
    const isFirst = event.type === "message_start";
    return {
      type: "stream_event",
      event,
      session_id: this.#sessionId,
      parent_tool_use_id: null,
      uuid: this.dice.uuid(),
      ...(isFirst && { ttft_ms: this.dice.whole(300, 3_000) }),
      api_message_id: this.#messageId,
    };
  }

  /** What `message_start` carries. */
  emptyMessage(): Readonly<Record<string, unknown>> {
    return this.#message([]);
  }

  /** An assistant message with one finished content block, as the CLI sends them. */
  assistant(block: Readonly<Record<string, unknown>>): Frame {
    return {
      type: "assistant",
      message: { ...this.#message([block]), context_management: null },
      parent_tool_use_id: null,
      session_id: this.#sessionId,
      uuid: this.dice.uuid(),
      timestamp: "2026-03-14T09:26:53.589Z",
      request_id: `req_01${this.dice.hex(22)}`,
    };
  }

  /** The result of a tool call: what the model sees, and what the tool has returned. */
  toolResult(content: string | readonly unknown[], result: unknown): Frame {
    const id = this.toolUseId();
    return {
      type: "user",
      message: { role: "user", content: [{ tool_use_id: id, type: "tool_result", content }] },
      parent_tool_use_id: null,
      session_id: this.#sessionId,
      uuid: this.dice.uuid(),
      timestamp: "2026-03-14T09:26:53.589Z",
      tool_use_result: result,
      tool_result_meta: [
        { id, permission_decision: { decision: "accept", source: "config", reason_type: "rule" } },
      ],
    };
  }

  /** The last frame of a turn. `type` is not its first key, as on the real wire. */
  result(turns: number): Frame {
    return {
      duration_api_ms: 70,
      stop_reason: "end_turn",
      session_id: this.#sessionId,
      total_cost_usd: 0.002332,
      usage: USAGE,
      modelUsage: {},
      permission_denials: [],
      terminal_reason: "completed",
      is_error: false,
      num_turns: turns,
      subtype: "success",
      result: "done",
      type: "result",
      duration_ms: 4_700,
      uuid: this.dice.uuid(),
      queued_turn_count: 0,
      result_index: 1,
    };
  }

  #message(content: readonly unknown[]): Readonly<Record<string, unknown>> {
    return {
      id: this.#messageId,
      type: "message",
      role: "assistant",
      model: MODEL,
      stop_sequence: null,
      content,
      stop_reason: null,
      usage: USAGE,
    };
  }
}
