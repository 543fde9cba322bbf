/** One realistic frame per kind that the CLI writes, by `type` or `type/subtype`. */

const SESSION = "3f0c2a4e-8a51-4a0c-9d5e-6b1f0e9c7a11";

/** The fields that every conversation frame carries. */
const ids = { uuid: "b9d2f6b0-54c3-4a5b-8f0d-3d0c9b1c2e4f", session_id: SESSION };

const usage = {
  input_tokens: 12,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 2048,
  output_tokens: 34,
  server_tool_use: { web_search_requests: 0, web_fetch_requests: 0 },
  service_tier: "standard",
  cache_creation: { ephemeral_1h_input_tokens: 0, ephemeral_5m_input_tokens: 0 },
  inference_geo: "",
  iterations: [{ type: "message", input_tokens: 12, output_tokens: 34, cache_creation: null }],
  speed: "standard",
};

const apiMessage = {
  id: "msg_01A",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-5",
  content: [{ type: "text", text: "Hello!", citations: null }],
  stop_reason: null,
  stop_sequence: null,
  usage,
  context_management: null,
};

const result = {
  type: "result",
  is_error: false,
  duration_ms: 2120,
  duration_api_ms: 2013,
  num_turns: 1,
  stop_reason: "end_turn",
  total_cost_usd: 0.0123,
  usage,
  modelUsage: {
    "claude-sonnet-5": {
      inputTokens: 12,
      outputTokens: 34,
      cacheReadInputTokens: 2048,
      cacheCreationInputTokens: 0,
      webSearchRequests: 0,
      costUSD: 0.0123,
      contextWindow: 200000,
      maxOutputTokens: 64000,
    },
  },
  permission_denials: [{ tool_name: "Bash", tool_use_id: "toolu_1", tool_input: { command: "rm -rf /" } }],
  terminal_reason: "completed",
  fast_mode_state: "off",
  result_index: 0,
  ...ids,
};

const failedResult = { ...result, is_error: true, errors: ["it broke"], terminal_reason: "model_error" };

const task = { task_id: "a1b2", tool_use_id: "toolu_9", ...ids };
const hook = { hook_id: "h1", hook_name: "PreToolUse:Bash", hook_event: "PreToolUse", ...ids };
const output = { stdout: "ok\n", stderr: "", output: "ok\n" };

/** What `system` frames hold beside `type`, by subtype. */
export const systemFrames: Readonly<Record<string, object>> = {
  init: {
    cwd: "/home/user/project",
    tools: ["Bash", "Read", "mcp__db__query"],
    mcp_servers: [{ name: "db", status: "connected", source: "project" }],
    model: "claude-sonnet-5",
    permissionMode: "default",
    slash_commands: ["clear", "context"],
    apiKeySource: "none",
    claude_code_version: "2.1.330",
    output_style: "default",
    agents: ["general-purpose"],
    skills: [],
    plugins: [{ name: "p", path: "/home/user/p", version: "1.0.0" }],
    plugin_errors: [{ plugin: "q", type: "load", message: "no manifest" }],
    capabilities: ["interrupt_receipt_v1"],
    effort: null,
    fast_mode_state: "off",
    ...ids,
  },
  status: { status: null, permissionMode: "acceptEdits", ...ids },
  session_state_changed: { state: "idle", sdk_host_only: true, ...ids },
  compact_boundary: {
    compact_metadata: {
      trigger: "auto",
      pre_tokens: 155000,
      post_tokens: 4000,
      preserved_segment: { head_uuid: "a", anchor_uuid: "b", tail_uuid: "c" },
    },
    ...ids,
  },
  session_title_changed: { title: "A better title", ...ids },
  commands_changed: { commands: [{ name: "deploy", description: "Deploys", argumentHint: "<env>" }], ...ids },
  worker_shutting_down: { reason: "host_draining", ...ids },
  session_metadata: { anything: { nested: true }, ...ids },
  post_turn_summary: { summary: "Did things", ...ids },
  files_persisted: {
    files: [{ filename: "a.txt", file_id: "file_1" }],
    failed: [{ filename: "b.txt", error: "too big" }],
    processed_at: "2026-01-02T03:04:05Z",
    ...ids,
  },
  mirror_error: { error: "store is down", key: { projectKey: "p", sessionId: SESSION }, ...ids },
  session_writes_lost: {
    error_code: "ENOSPC",
    lost: ["transcript"],
    transcript_session_ids: [SESSION],
    ...ids,
  },
  informational: { content: "Hook stopped the run", level: "warning", prevent_continuation: true, ...ids },
  notification: { key: "k", text: "Update available", priority: "low", timeout_ms: 8000, ...ids },
  local_command_output: { content: "Total cost: $0.01", ...ids },
  memory_recall: { mode: "select", memories: [{ path: "/home/user/m.md", scope: "personal" }], ...ids },
  permission_denied: {
    tool_name: "Bash",
    tool_use_id: "toolu_1",
    decision_reason_type: "rule",
    decision_reason: "Bash(rm:*)",
    message: "Denied by a rule",
    ...ids,
  },
  ui_invalidate: { event: "ui.render", ...ids },
  elicitation_complete: { mcp_server_name: "db", elicitation_id: "e1", ...ids },
  plugin_install: { status: "installed", name: "p", ...ids },
  code_change_published: {
    provider: "github",
    url: "https://example.org/1",
    repo: "a/b",
    identifier: 7,
    ...ids,
  },
  vcs_state_changed: { kind: "commit", cwd: "/home/user/project", ...ids },
  task_started: { description: "Look around", task_type: "local_agent", prompt: "Look", ...task },
  task_progress: {
    description: "Look around",
    usage: { total_tokens: 900, tool_uses: 2, duration_ms: 1500 },
    last_tool_name: "Grep",
    ...task,
  },
  task_updated: { patch: { status: "completed", end_time: 1767323045000 }, ...task },
  task_notification: { status: "completed", output_file: "/tmp/a1b2.output", summary: "Found it", ...task },
  task_summary: { text: "All tasks done", ...ids },
  background_tasks_changed: {
    tasks: [{ task_id: "a1b2", task_type: "local_bash", description: "npm start", awaited: false }],
    ...ids,
  },
  hook_started: hook,
  hook_progress: { ...hook, ...output },
  hook_response: { ...hook, ...output, exit_code: 0, outcome: "success" },
  api_retry: {
    attempt: 1,
    max_retries: 10,
    retry_delay_ms: 512.7,
    error_status: null,
    error: "overloaded",
    ...ids,
  },
  control_request_progress: { request_id: "r1", status: "started", ...ids },
  model_refusal_fallback: {
    trigger: "refusal",
    direction: "retry",
    original_model: "a",
    fallback_model: "b",
    request_id: null,
    content: "Another model answers",
    ...ids,
  },
  model_refusal_no_fallback: { original_model: "a", request_id: "req_1", content: "Refused", ...ids },
  thinking_tokens: { estimated_tokens: 120, estimated_tokens_delta: 20, ...ids },
};

/** What `result` frames hold, by subtype. */
export const resultFrames: Readonly<Record<string, object>> = {
  success: { ...result, subtype: "success", result: "Hello!", structured_output: { ok: true }, ttft_ms: 800 },
  error_during_execution: { ...failedResult, subtype: "error_during_execution" },
  error_max_turns: { ...failedResult, subtype: "error_max_turns", terminal_reason: "max_turns" },
  error_max_budget_usd: { ...failedResult, subtype: "error_max_budget_usd" },
  error_max_structured_output_retries: { ...failedResult, subtype: "error_max_structured_output_retries" },
};

/** A permission request as the CLI sends it. */
export const canUseTool = {
  type: "control_request",
  request_id: "5b7e",
  request: {
    subtype: "can_use_tool",
    tool_name: "Bash",
    display_name: "Bash",
    input: { command: "git push", description: "Push" },
    description: "Push",
    permission_suggestions: [
      {
        type: "addRules",
        rules: [{ toolName: "Bash", ruleContent: "git push:*" }],
        behavior: "allow",
        destination: "localSettings",
      },
      { type: "addDirectories", directories: ["/home/user/other"], destination: "session" },
      { type: "setMode", mode: "acceptEdits", destination: "session" },
    ],
    decision_reason: "no rule",
    decision_reason_type: "other",
    tool_use_id: "toolu_1",
    agent_id: "a1b2",
  },
};

const otherFrames: Readonly<Record<string, object>> = {
  assistant: {
    type: "assistant",
    message: apiMessage,
    parent_tool_use_id: null,
    user_message_uuid: "u1",
    user_message_uuids: ["u1"],
    request_id: "req_1",
    timestamp: "2026-01-02T03:04:05Z",
    ...ids,
  },
  user: {
    type: "user",
    message: {
      role: "user",
      content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "done", is_error: false }],
    },
    parent_tool_use_id: null,
    tool_use_result: { stdout: "done", interrupted: false },
    origin: { kind: "peer", from: "x", fromMode: "prompting" },
    ...ids,
  },
  stream_event: {
    type: "stream_event",
    event: { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "Hel" } },
    parent_tool_use_id: null,
    ttft_ms: 800,
    ...ids,
  },
  rate_limit_event: {
    type: "rate_limit_event",
    rate_limit_info: {
      status: "allowed_warning",
      resetsAt: 1767330000,
      rateLimitType: "five_hour",
      utilization: 0.91,
      overageStatus: "rejected",
      overageDisabledReason: "org_level_disabled",
      isUsingOverage: false,
    },
    ...ids,
  },
  tool_progress: {
    type: "tool_progress",
    tool_use_id: "toolu_1",
    tool_name: "Bash",
    parent_tool_use_id: null,
    elapsed_time_seconds: 3,
    ...ids,
  },
  tool_use_summary: {
    type: "tool_use_summary",
    summary: "Read 3 files",
    preceding_tool_use_ids: ["toolu_1"],
    ...ids,
  },
  auth_status: { type: "auth_status", isAuthenticating: true, output: ["Opening browser"], ...ids },
  prompt_suggestion: { type: "prompt_suggestion", suggestion: "Run the tests", ...ids },
  conversation_reset: {
    type: "conversation_reset",
    new_conversation_id: "4e0d",
    trigger: "clear",
    ...ids,
  },
  command_lifecycle: { type: "command_lifecycle", command_uuid: "u1", state: "started", ...ids },
  transcript_mirror: {
    type: "transcript_mirror",
    filePath: "/home/user/.claude/x.jsonl",
    entries: [{ type: "user" }],
  },
  active_goal: {
    type: "active_goal",
    value: { condition: "tests pass", iterations: 2, set_at: 1767323045000, tokens_at_start: 100 },
    ...ids,
  },
  autocompact_state: { type: "autocompact_state", enabled: true, ...ids },
  error: { type: "error", error: { type: "overloaded_error", message: "Overloaded" }, request_id: "req_1" },
  control_request: canUseTool,
  control_response: {
    type: "control_response",
    response: { subtype: "success", request_id: "r1", response: { still_queued: [] } },
  },
  control_cancel_request: { type: "control_cancel_request", request_id: "r1" },
  keep_alive: { type: "keep_alive", startup_mark: "ready" },
};

/** All of them, by the name that a failing test shows. */
export const sampleFrames: Readonly<Record<string, object>> = {
  ...otherFrames,
  ...byName("system", systemFrames, (subtype, fields) => ({ type: "system", subtype, ...fields })),
  ...byName("result", resultFrames, (_subtype, frame) => frame),
};

function byName(
  type: string,
  frames: Readonly<Record<string, object>>,
  build: (subtype: string, fields: object) => object,
): Record<string, object> {
  return Object.fromEntries(
    Object.entries(frames).map(([subtype, fields]) => [`${type}/${subtype}`, build(subtype, fields)]),
  );
}
