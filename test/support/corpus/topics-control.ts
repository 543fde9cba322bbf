/** Control requests of the client, and what the CLI tells at its start. */

import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { OfflineEnv } from "../../../src/testing/index.js";
import { PLAIN, run, type Topic } from "./topic.js";

/** Requests that a session answers, with what they need. */
const REQUESTS: readonly [subtype: string, fields?: object][] = [
  ["get_binary_version"],
  ["side_question", { question: "what is it?" }],
  ["mcp_status"],
  ["list_models"],
  ["get_session_cost"],
  ["get_usage", { skip_behaviors: true }],
  ["get_status"],
  ["get_plan"],
  ["get_settings"],
  ["get_hooks_listing"],
  ["list_permission_rules"],
  ["get_context_usage", { detail: "summary" }],
  ["get_workspace_diff"],
  ["export_conversation"],
  ["set_permission_mode", { mode: "acceptEdits" }],
  ["set_permission_mode", { mode: "no-such-mode" }],
  ["set_model", { model: "haiku" }],
  ["set_model", { model: "no-such-model" }],
  ["set_max_thinking_tokens", { max_thinking_tokens: 1_000 }],
  ["rename_session", { title: "a title" }],
  ["set_color", { color: "red" }],
  ["apply_flag_settings", { settings: { model: "sonnet" } }],
  ["update_settings", { source: "localSettings", settings: { model: "sonnet" } }],
  ["file_suggestions", { query: "a" }],
  ["read_file", { path: "a.txt" }],
  ["read_file", { path: "missing.txt" }],
  ["seed_read_state", { path: "a.txt", mtime: 1 }],
  ["rewind_files", { user_message_id: "0a0b0c0d-9999-4222-8333-444455556666", dry_run: true }],
  ["cancel_async_message", { message_uuid: "0a0b0c0d-9999-4222-8333-444455556666" }],
  ["reload_skills"],
  ["reload_output_styles"],
  ["reload_plugins"],
  ["reload_connectors"],
  ["mcp_set_servers", { servers: { broken: { type: "stdio", command: "no-such-command" } } }],
  ["mcp_status"],
  ["mcp_reconnect", { serverName: "no-such-server" }],
  ["mcp_toggle", { serverName: "broken", enabled: false }],
  ["mcp_read_resource", { serverName: "no-such-server", uri: "x" }],
  ["mcp_call", { tool: "no_such_tool" }],
  ["stop_task", { task_id: "no-such-task" }],
  ["background_tasks"],
  ["get_task_output", { task_id: "no-such-task" }],
  ["set_cwd", { cwd: "/" }],
  ["register_repo_root", { directory: "/no/such/folder" }],
  ["set_has_subscribers", { has_subscribers: true }],
  ["set_prompt_suggestions_paused", { paused: true }],
  ["no_such_request"],
  ["interrupt"],
];

const control: Topic = {
  name: "control",
  runs: [
    run({ flags: PLAIN }, async (cli) => {
      await cli.request("initialize", { title: "a title" });
      await cli.ask("hello");
      for (const [subtype, fields] of REQUESTS) await cli.request(subtype, fields).catch(() => undefined);
      await cli.pause();
    }),
  ],
};

/** A marketplace with one plugin, which the settings want. */
function layOutPlugin({ home }: OfflineEnv): void {
  const write = (path: string, content: object): void => {
    mkdirSync(dirname(join(home, path)), { recursive: true });
    writeFileSync(join(home, path), JSON.stringify(content));
  };
  const plugins = [{ name: "tidy", source: "./tidy", description: "tidies up" }];
  write("market/.claude-plugin/marketplace.json", { name: "market", owner: { name: "user" }, plugins });
  write("market/tidy/.claude-plugin/plugin.json", { name: "tidy", version: "1.0.0" });
  write(".claude/settings.json", {
    extraKnownMarketplaces: { market: { source: { source: "directory", path: join(home, "market") } } },
    enabledPlugins: { "tidy@market": true },
  });
}

const startup: Topic = {
  name: "startup",
  runs: [
    run(
      { flags: PLAIN, env: { CLAUDE_CODE_SYNC_PLUGIN_INSTALL: "1" }, prepare: layOutPlugin },
      async (cli) => {
        await cli.ask("hello");
        await cli.request("reload_plugins");
      },
    ),
    run(
      {
        flags: PLAIN,
        prepare: ({ home }) => writeFileSync(join(home, ".claude", ".claude.json"), "{ no JSON"),
      },
      async (cli) => {
        cli.tell("hello");
        await cli.pause(1_500);
      },
    ),
  ],
};

/** Topics about control requests of the client. */
export const CONTROL_TOPICS: readonly Topic[] = [control, startup];
