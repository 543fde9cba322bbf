import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseMessage } from "../../src/protocol/index.js";
import { changed } from "./copies.js";
import { canUseTool, sampleFrames } from "./sample-frames.js";

/** Frames that a stricter client is known to have refused, and what must not be lost of them. */

function sample(name: string): object {
  const frame = sampleFrames[name];
  if (frame === undefined) throw new Error(`no sample of ${name}`);
  return frame;
}

const block = (name: string, value: unknown): object => changed(sample("assistant"), name, value);
const toolResult = (content: unknown): object =>
  changed(sample("user"), "message.content.0.content", content);
const suggestion = (value: unknown): object => changed(canUseTool, "request.permission_suggestions", [value]);

const known: readonly [fault: string, frame: object][] = [
  ["permission_suggestions null", changed(canUseTool, "request.permission_suggestions", null)],
  ["permission_suggestions absent", changed(canUseTool, "request.permission_suggestions", undefined)],
  [
    "suggestion without destination",
    suggestion({ type: "addRules", rules: [{ toolName: "Bash" }], behavior: "allow" }),
  ],
  [
    "suggestion with an unofficial destination",
    suggestion({ type: "setMode", mode: "plan", destination: "project" }),
  ],
  ["suggestion of an unknown kind", suggestion({ type: "grantEverything", until: "noon" })],
  [
    "suggestion with directories",
    suggestion({ type: "addDirectories", directories: ["/a"], destination: "session" }),
  ],
  [
    "rule without ruleContent",
    suggestion({ type: "removeRules", rules: [{ toolName: "Read" }], behavior: "ask" }),
  ],
  [
    "rule with null ruleContent",
    suggestion({ type: "addRules", rules: [{ toolName: "Read", ruleContent: null }] }),
  ],
  ["request with title, agent and description", changed(canUseTool, "request.title", "Allow?")],
  ["request without tool_use_id", changed(canUseTool, "request.tool_use_id", undefined)],
  ["control_cancel_request", { type: "control_cancel_request", request_id: "1" }],
  ["transcript_mirror", { type: "transcript_mirror", filePath: "/a", entries: [] }],
  ["user without session_id", changed(sample("user"), "session_id", undefined)],
  ["user with null session_id", changed(sample("user"), "session_id", null)],
  ["user whose session_id is no UUID", changed(sample("user"), "session_id", "main")],
  ["user with string content", changed(sample("user"), "message.content", "hello")],
  [
    "image by URL",
    block("message.content.0", { type: "image", source: { type: "url", url: "https://a/b.png" } }),
  ],
  ["image by file", block("message.content.0", { type: "image", source: { type: "file", file_id: "f" } })],
  [
    "image from an unknown source",
    block("message.content.0", { type: "image", source: { type: "ipfs", cid: "x" } }),
  ],
  ["thinking without signature", block("message.content.0", { type: "thinking", thinking: "hm" })],
  ["assistant with string content", block("message.content", "hello")],
  ["assistant without usage", block("message.usage", undefined)],
  ["unknown stop_reason", block("message.stop_reason", "tired")],
  ["service_tier null", block("message.usage.service_tier", null)],
  ["result without total_cost_usd", changed(sample("result/success"), "total_cost_usd", undefined)],
  ["result without usage", changed(sample("result/success"), "usage", undefined)],
  ["result without text, as after an interrupt", changed(sample("result/success"), "result", undefined)],
  ["errors null", changed(sample("result/error_during_execution"), "errors", null)],
  ["errors absent", changed(sample("result/error_during_execution"), "errors", undefined)],
  ["fractional milliseconds", changed(sample("result/success"), "duration_ms", 2120.75)],
  ["num_turns -1", changed(sample("result/success"), "num_turns", -1)],
  ["unknown terminal_reason", changed(sample("result/success"), "terminal_reason", "bored")],
  ["fractional resetsAt", changed(sample("rate_limit_event"), "rate_limit_info.resetsAt", 1767330000.25)],
  ["unknown rateLimitType", changed(sample("rate_limit_event"), "rate_limit_info.rateLimitType", "monthly")],
  [
    "rate limit without optionals",
    changed(sample("rate_limit_event"), "rate_limit_info", { status: "allowed" }),
  ],
  ["tool_result with object content", toolResult({ rows: [1, 2] })],
  ["tool_result with null content", toolResult(null)],
  ["tool_result without content", toolResult(undefined)],
  [
    "tool_result with blocks",
    toolResult([
      { type: "text", text: "a" },
      { type: "tool_reference", tool_name: "b" },
    ]),
  ],
  ["tool_result with an unknown block", toolResult([{ type: "hologram", depth: 3 }])],
  ["init with the bare minimum", { type: "system", subtype: "init", session_id: "s" }],
  ["init with an unknown permission mode", changed(sample("system/init"), "permissionMode", "delegate")],
  ["status null", changed(sample("system/status"), "status", null)],
  ["task_updated without tool_use_id", changed(sample("system/task_updated"), "tool_use_id", undefined)],
  ["unknown task status", changed(sample("system/task_updated"), "patch.status", "pondering")],
  ["api_retry with a status", changed(sample("system/api_retry"), "error_status", 529)],
];

const tolerance = suite("tolerance");

for (const [fault, frame] of known) {
  tolerance(`${fault} is accepted`, () => {
    const parsed = parseMessage(frame);
    assert.is(parsed.kind, "known", JSON.stringify(parsed));
    assert.is(parsed.kind === "known" && parsed.message, frame);
  });
}

tolerance("every optional field of every kind may be null", () => {
  for (const [name, frame] of Object.entries(sampleFrames)) {
    for (const key of Object.keys(frame)) {
      const without = parseMessage(changed(frame, key, undefined)).kind === "known";
      // Absent and null are the same to the CLI's authors, so they must be the same to us.
      const withNull = parseMessage(changed(frame, key, null)).kind === "known";
      assert.is(withNull, without, `${name}: ${key}`);
    }
  }
});

tolerance("a field that the model does not know survives at every level", () => {
  for (const path of ["novelty", "message.novelty", "message.usage.novelty", "message.content.0.novelty"]) {
    const frame = block(path, { deep: [1] });
    assert.is(parseMessage(frame).kind, "known", path);
  }
});

tolerance.run();
