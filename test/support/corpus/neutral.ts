/** Makes recorded lines fit to be kept: nothing of this machine in them, and few of each kind. */

import { hostname } from "node:os";
import { fileURLToPath } from "node:url";
import type { OfflineEnv } from "../../../src/testing/index.js";
import type { Frame, Line } from "./recorder.js";

const HOME = "/home/user";
const PROJECT = `${HOME}/project`;

/** How the CLI writes a path as the name of one folder. */
function asFolder(path: string): string {
  return path.replace(/[^A-Za-z0-9]/g, "-");
}

/** Replaces the places of a run by neutral ones, the same way everywhere. */
export function neutralizer(offline: OfflineEnv, binary: string): (text: string) => string {
  const host = hostname();
  const places: [string, string][] = [
    [asFolder(offline.cwd), asFolder(PROJECT)],
    [offline.cwd, PROJECT],
    [offline.home, HOME],
    [offline.tmp, "/tmp"],
    [binary, `${HOME}/.local/bin/claude`],
    [process.execPath, "/usr/bin/node"],
    [fileURLToPath(new URL(".", import.meta.url)), `${HOME}/servers/`],
    // Short names are words of their own.
    ...(host.length > 3 ? ([[host, "localhost"]] satisfies [string, string][]) : []),
  ];
  return (text) => {
    let neutral = text;
    for (const [place, name] of places) neutral = neutral.replaceAll(place, name);
    return neutral
      .replace(/(127\.0\.0\.1|localhost):\d{2,5}/g, "$1:8080")
      .replace(/\/claude-\d+\//g, "/claude-1000/")
      .replace(/("pid":|\/cc-socks\/)\d+/g, (_, before: string) => `${before}4242`);
  };
}

/** Of each kind that is not in `known` yet, the shortest line; adds to `known`. */
export function oneOfEach(lines: readonly Line[], known: Set<string>): Line[] {
  const shortest = new Map<string, Line>();
  for (const line of lines) {
    const kind = kindOf(line.frame);
    if (known.has(kind)) continue;
    const before = shortest.get(kind);
    if (before === undefined || line.text.length < before.text.length) shortest.set(kind, line);
  }
  for (const kind of shortest.keys()) known.add(kind);
  const kept = new Set(shortest.values());
  return lines.filter((line) => kept.has(line));
}

type Fields = Readonly<Record<string, unknown>>;

/** Two frames of the same kind have the same parts, of whatever content. */
export function kindOf(frame: Frame): string {
  const { type, subtype = "" } = frame;
  return [type, subtype, ...partsOf(frame)].filter((part) => part !== "").join(" ");
}

function partsOf(frame: Frame): string[] {
  switch (frame.type) {
    case "assistant":
    case "user":
      return [...marksOf(frame), ...blocksOf(frame), resultShape(frame.tool_use_result)];
    case "stream_event":
      return eventParts(fieldsOf(frame.event));
    case "control_request":
      return requestParts(fieldsOf(frame.request));
    case "control_response":
      return responseParts(fieldsOf(frame.response));
    case "result":
      return [
        ...named(frame, ["terminal_reason", "startup_failure_reason"]),
        ...present(frame, ["origin", "structured_output", "local_command", "deferred_tool_use"]),
        ...filled(frame, ["permission_denials"]),
        frame.is_error === true ? "error" : "",
      ];
    case "rate_limit_event":
      return named(fieldsOf(frame.rate_limit_info), ["status"]);
    case "system":
      return [
        ...named(frame, [
          ...["status", "state", "outcome", "level", "hook_event", "task_type", "compact_result"],
          ...["error", "decision_reason_type"],
        ]),
        ...named(fieldsOf(frame.patch), ["status"]),
        ...(frame.subtype === "init"
          ? filled(frame, ["mcp_servers", "plugins", "plugin_errors", "agents", "skills", "tools"])
          : present(frame, ["subagent_type", "permissionMode", "usage", "exit_code"])),
      ];
    default:
      return [...named(frame, ["state", "trigger"]), ...present(frame, ["startup_mark", "heartbeat"])];
  }
}

function marksOf(frame: Frame): string[] {
  const marks = ["isReplay", "isSynthetic", "aborted", "agent_id", "origin", "supersedes"];
  return [
    ...named(frame, ["error"]),
    ...present(frame, marks),
    typeof frame.parent_tool_use_id === "string" ? "nested" : "",
  ];
}

function blocksOf(frame: Frame): string[] {
  const { content, stop_reason } = fieldsOf(frame.message);
  const stop = typeof stop_reason === "string" ? stop_reason : "";
  if (!Array.isArray(content)) return [typeof content, stop];
  return [stop, ...content.map((block: Fields) => blockShape(block))];
}

function blockShape(block: Fields): string {
  const inner = Array.isArray(block.content)
    ? block.content.map((part: Fields) => String(part.type)).join("+")
    : typeof block.content;
  const tool = block.type === "tool_use" || block.type === "server_tool_use" ? String(block.name) : inner;
  return `${String(block.type)}:${tool}${block.is_error === true ? ":error" : ""}${block.citations ? ":cited" : ""}`;
}

function resultShape(result: unknown): string {
  if (typeof result !== "object" || result === null) return result === undefined ? "" : typeof result;
  return Object.keys(result).sort().join(",");
}

function eventParts(event: Fields): string[] {
  const block = fieldsOf(event.content_block);
  const { type: delta = "" } = fieldsOf(event.delta);
  return [String(event.type), block.type === undefined ? "" : blockShape(block), String(delta)];
}

function requestParts(request: Fields): string[] {
  const { method = "" } = fieldsOf(request.message);
  const { hook_event_name = "" } = fieldsOf(request.input);
  return [...named(request, ["subtype", "tool_name"]), String(method), String(hook_event_name)];
}

const PENDING = [
  "pending_permission_requests",
  "pending_user_dialog_requests",
  "pending_elicitation_requests",
];

/** The recorder's request ids begin with the subtype of the request. */
function responseParts(response: Fields): string[] {
  const asked = String(response.request_id).replace(/-\d+$/, "");
  return [...named(response, ["subtype", "error_code"]), ...filled(response, PENDING), asked];
}

function named(fields: Fields, names: readonly string[]): string[] {
  return names.flatMap((name) => (typeof fields[name] === "string" ? [`${name}=${fields[name]}`] : []));
}

/** Those of the fields that are lists with something in them. */
function filled(fields: Fields, names: readonly string[]): string[] {
  return names.filter((name) => Array.isArray(fields[name]) && fields[name].length > 0);
}

function present(fields: Fields, names: readonly string[]): string[] {
  return names.filter((name) => fields[name] !== undefined && fields[name] !== null);
}

function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}
