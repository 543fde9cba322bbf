import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import {
  controlRequestMessageSchema,
  incomingRequestSchemas,
  mcpServerConfigSchema,
  outgoingRequestSchema,
  outgoingRequestSchemas,
  parseMessage,
  permissionResultSchema,
  responsePayloadSchemas,
} from "../../src/protocol/index.js";
import { canUseTool } from "./sample-frames.js";

const control = suite("control frames");

/** What the CLI asks, at its smallest and at its fullest. */
const incoming: Readonly<Record<string, readonly object[]>> = {
  can_use_tool: [{ tool_name: "Bash", input: {} }, canUseTool.request],
  hook_callback: [
    {
      callback_id: "hook_0",
      tool_use_id: "toolu_1",
      input: { hook_event_name: "PreToolUse", session_id: "s", cwd: "/a", tool_name: "Bash", tool_input: {} },
    },
    { callback_id: "hook_1", input: { hook_event_name: "AnEventOfTomorrow" } },
  ],
  mcp_message: [{ server_name: "db", message: { jsonrpc: "2.0", id: 1, method: "tools/list" } }],
  elicitation: [
    { mcp_server_name: "db", message: "Which?", mode: "form", requested_schema: { type: "object" } },
    { mcp_server_name: "db" },
  ],
  request_user_dialog: [{ dialog_kind: "pick", payload: { options: [] } }],
};

const asked = (request: object) => ({ type: "control_request", request_id: "r1", request });

control("every request of the CLI is known", () => {
  for (const subtype of Object.keys(incomingRequestSchemas)) {
    for (const fields of incoming[subtype] ?? [{}, { unpublished: [1] }]) {
      const frame = asked({ subtype, ...fields });
      assert.is(parseMessage(frame).kind, "known", JSON.stringify(frame));
      assert.equal(v.parse(controlRequestMessageSchema, frame), frame);
    }
  }
});

const refused: readonly [name: string, request: object][] = [
  ["can_use_tool without tool_name", { subtype: "can_use_tool", input: {} }],
  ["can_use_tool without input", { subtype: "can_use_tool", tool_name: "Bash" }],
  ["can_use_tool with a string for input", { subtype: "can_use_tool", tool_name: "Bash", input: "ls" }],
  ["hook_callback without callback_id", { subtype: "hook_callback", input: { hook_event_name: "Stop" } }],
  ["mcp_message without message", { subtype: "mcp_message", server_name: "db" }],
];

for (const [name, request] of refused) {
  control(`refused: ${name}`, () => assert.is(parseMessage(asked(request)).kind, "invalid"));
}

control("answers in all their forms are known", () => {
  const answers = [
    { subtype: "success", request_id: "r1" },
    { subtype: "success", request_id: "r1", response: null },
    {
      subtype: "success",
      request_id: "r1",
      response: { commands: [] },
      pending_permission_requests: [canUseTool],
    },
    { subtype: "error", request_id: "r1", error: "no", error_code: "unsupported_request" },
    { subtype: "error", request_id: "r1" },
  ];
  for (const response of answers) {
    const frame = { type: "control_response", response };
    assert.is(parseMessage(frame).kind, "known", JSON.stringify(frame));
  }
  assert.is(parseMessage({ type: "control_response", response: { subtype: "success" } }).kind, "invalid");
  assert.is(parseMessage({ type: "control_response" }).kind, "invalid");
});

/** Fields that a request of the client cannot do without. */
const required: Readonly<Record<string, object>> = {
  set_permission_mode: { mode: "plan" },
  rename_session: { title: "t" },
  apply_flag_settings: { settings: {} },
  update_settings: { source: "localSettings", settings: {} },
  cancel_async_message: { message_uuid: "u" },
  mcp_call: { tool: "mcp__db__query" },
  mcp_message: { server_name: "db", message: {} },
  mcp_read_resource: { serverName: "db", uri: "ui://a" },
  mcp_reconnect: { serverName: "db" },
  mcp_toggle: { serverName: "db", enabled: true },
  mcp_set_servers: { servers: { db: { command: "db" } } },
  file_suggestions: { query: "a" },
  read_file: { path: "/a" },
  seed_read_state: { path: "/a", mtime: 1 },
  rewind_files: { user_message_id: "u" },
  register_repo_root: { directory: "/a" },
  set_mcp_permission_mode_override: { serverName: "db" },
  set_cwd: { path: "/a" },
  set_message_waiting: { waiting: true },
  set_prompt_suggestions_paused: { paused: true },
  message_rated: { messageUuid: "u", sentiment: "positive", surface: "tool_use", cleared: false },
  side_question: { question: "q" },
  generate_session_title: { description: "d" },
  stop_task: { task_id: "t" },
  get_task_output: { task_id: "t" },
};

control("requests of the client need their fields, and no others", () => {
  for (const subtype of Object.keys(outgoingRequestSchemas)) {
    const fields = required[subtype] ?? {};
    assert.ok(v.is(outgoingRequestSchema, { subtype, ...fields, extra: 1 }), subtype);
    for (const field of Object.keys(fields)) {
      const without = Object.fromEntries(Object.entries(fields).filter(([name]) => name !== field));
      assert.not(v.is(outgoingRequestSchema, { subtype, ...without }), `${subtype} without ${field}`);
    }
  }
  assert.ok(v.is(outgoingRequestSchema, { subtype: "brand_new" }));
});

control("an empty answer fits every request, since old versions of the CLI send one", () => {
  for (const [subtype, schema] of Object.entries(responsePayloadSchemas)) {
    assert.ok(v.is(schema, {}), subtype);
    assert.equal(v.parse(schema, { novelty: 1 }), { novelty: 1 }, subtype);
  }
});

control("the answer to initialize", () => {
  const payload = {
    commands: [{ name: "clear", description: "Clears", argumentHint: "", aliases: ["reset"] }],
    agents: [{ name: "general-purpose", description: "Does things" }],
    models: [{ value: "default", displayName: "Default", supportedEffortLevels: ["low", "beyond"] }],
    account: { tokenSource: "none", apiKeySource: "ANTHROPIC_API_KEY", apiProvider: "firstParty" },
    output_style: "default",
    available_output_styles: ["default"],
    sdk_mcp_manifests_parked: { db: "parked" },
    pid: 4711,
  };
  assert.equal(v.parse(responsePayloadSchemas.initialize, payload), payload);
  assert.not(v.is(responsePayloadSchemas.initialize, { commands: [{ description: "no name" }] }));
});

control("permission results", () => {
  assert.ok(v.is(permissionResultSchema, { behavior: "allow" }));
  assert.ok(
    v.is(permissionResultSchema, { behavior: "allow", updatedInput: { command: "ls" }, toolUseID: "t" }),
  );
  assert.ok(v.is(permissionResultSchema, { behavior: "deny", message: "no", interrupt: true }));
  assert.not(v.is(permissionResultSchema, { behavior: "deny" }));
  assert.not(v.is(permissionResultSchema, { behavior: "ask" }));
  assert.not(v.is(permissionResultSchema, { behavior: "allow", updatedInput: "ls" }));
});

control("MCP servers of every kind", () => {
  const configs = [
    { command: "db", args: ["-v"], env: { A: "1" } },
    { type: "stdio", command: "db" },
    { type: "sse", url: "https://a", headers: { B: "2" } },
    { type: "http", url: "https://a", tools: [{ name: "query", permission_policy: "always_ask" }] },
    { type: "sdk", name: "mine" },
    { type: "claudeai-proxy", url: "https://a", id: "1" },
    { type: "brand_new", where: "there" },
  ];
  for (const config of configs) assert.equal(v.parse(mcpServerConfigSchema, config), config);
  for (const config of [{}, { type: "sse" }, { type: "sdk" }, { command: 1 }, null, "db"]) {
    assert.not(v.is(mcpServerConfigSchema, config), JSON.stringify(config));
  }
});

control.run();
