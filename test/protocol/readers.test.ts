import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  asToolUse,
  errorsOf,
  sessionIdOf,
  textOf,
  thinkingOf,
  toolPermissionRequest,
  toolResults,
  toolUses,
} from "../../src/protocol/index.js";
import { changed, withGetters } from "./copies.js";
import { canUseTool, sampleFrames } from "./sample-frames.js";

const assistant = (content: unknown) => ({ type: "assistant", message: { role: "assistant", content } });
const user = (content: unknown) => ({ type: "user", message: { role: "user", content } });

const bash = { type: "tool_use", id: "toolu_1", name: "Bash", input: { command: "ls" } };
const read = { type: "tool_use", id: "toolu_2", name: "Read", input: { file_path: "/a" } };
const result = { type: "tool_result", tool_use_id: "toolu_1", content: "a\nb" };

const mixed = assistant([
  { type: "thinking", thinking: "first I " },
  { type: "text", text: "Hello, " },
  bash,
  { type: "thinking", thinking: "think" },
  { type: "hologram", text: "not a text block" },
  read,
  { type: "text", text: "world" },
]);

/** What no reader may stumble over. */
const odd: readonly unknown[] = [
  undefined,
  null,
  7,
  "text",
  [],
  {},
  { type: "assistant" },
  { type: "assistant", message: null },
  { type: "assistant", message: "hi" },
  assistant(undefined),
  assistant(null),
  assistant(7),
  assistant({ type: "text", text: "not in a list" }),
  assistant([null, 7, "text", [], {}, { type: "text" }, { type: "text", text: 7 }, { type: "tool_use" }]),
  assistant([
    { type: "tool_use", id: 7, name: "Bash" },
    { type: "tool_use", id: "toolu_1" },
  ]),
  assistant([{ type: "thinking" }]),
  user([null, { type: "tool_result" }]),
  { type: "user" },
  { type: "result", subtype: "error", errors: "none" },
  { type: "control_request" },
];

const readers = suite("readers");

readers("textOf joins text blocks as they are", () => {
  assert.is(textOf(mixed), "Hello, world");
  assert.is(textOf(withGetters(mixed)), "Hello, world");
  assert.is(textOf(assistant("a bare string")), "a bare string");
  assert.is(textOf(assistant([{ type: "text", text: "" }])), "", "an empty text is a text");
  assert.is(textOf(assistant([bash])), undefined);
  assert.is(textOf(user([{ type: "text", text: "of the user" }])), undefined, "only the model's");
  for (const message of odd) assert.is(textOf(message), undefined);
});

readers("thinkingOf joins thinking blocks as they are", () => {
  assert.is(thinkingOf(mixed), "first I think");
  assert.is(thinkingOf(assistant("a bare string")), undefined);
  for (const message of odd) assert.is(thinkingOf(message), undefined);
});

readers("toolUses gives the blocks themselves, in order", () => {
  const uses = toolUses(mixed);
  assert.is(uses.length, 2);
  assert.is(uses[0], bash);
  assert.is(uses[1], read);
  const server = { type: "server_tool_use", id: "srvtoolu_1", name: "web_search", input: {} };
  assert.equal(toolUses(assistant([server])), [], "calls that the API runs are not the CLI's");
  assert.equal(toolUses(user([bash])), []);
  for (const message of odd) assert.equal(toolUses(message), []);
});

readers("toolResults gives the blocks themselves", () => {
  const results = toolResults(user([{ type: "text", text: "a" }, result]));
  assert.is(results.length, 1);
  assert.is(results[0], result);
  assert.equal(toolResults(user("a bare string")), []);
  assert.equal(toolResults(assistant([result])), []);
  for (const message of odd) assert.equal(toolResults(message), []);
});

readers("asToolUse finds a call in a message or takes a block", () => {
  assert.is(asToolUse(mixed, "Read"), read);
  assert.is(asToolUse(read, "Read"), read);
  assert.is(asToolUse(read, "Bash"), undefined);
  assert.is(asToolUse(mixed, "WebFetch"), undefined);
  for (const message of odd) assert.is(asToolUse(message, "Bash"), undefined);
});

readers("asToolUse does not pass over the first call when that one does not fit", () => {
  const broken = { ...bash, input: { cmd: "rm -rf /" } };
  assert.is(asToolUse(assistant([broken, bash]), "Bash"), undefined);
  assert.is(asToolUse(assistant([read, bash, broken]), "Bash"), bash);
});

readers("toolPermissionRequest has all of the request, and its id", () => {
  const request = toolPermissionRequest(canUseTool);
  assert.equal(request, { ...canUseTool.request, request_id: "5b7e" });
  assert.is(request?.permission_suggestions, canUseTool.request.permission_suggestions);
  const malformed = [
    changed(canUseTool, "request.tool_name", undefined),
    changed(canUseTool, "request.input", undefined),
    changed(canUseTool, "request.input", "ls"),
    changed(canUseTool, "request.subtype", "hook_callback"),
    changed(canUseTool, "request_id", undefined),
    changed(canUseTool, "request", null),
    canUseTool.request,
  ];
  for (const message of [...malformed, ...odd]) assert.is(toolPermissionRequest(message), undefined);
});

readers("toolPermissionRequest leaves an input alone that is parsed when it is touched", () => {
  let touched = 0;
  const { input } = canUseTool.request;
  const lazy = Object.defineProperty({ ...canUseTool.request }, "input", {
    enumerable: true,
    configurable: true,
    get: () => {
      touched += 1;
      return input;
    },
  });
  const request = toolPermissionRequest({ ...canUseTool, request: lazy });
  assert.is(touched, 0);
  assert.is(request?.input, input);
  assert.equal({ ...request }, { ...canUseTool.request, request_id: "5b7e" });
});

readers("sessionIdOf is the session, never the frame", () => {
  const session = sessionIdOf(sampleFrames["system/init"]);
  for (const frame of Object.values(sampleFrames)) {
    const expected = "uuid" in frame ? session : undefined;
    assert.is(sessionIdOf(frame), expected);
  }
  assert.is(sessionIdOf({ type: "user", session_id: null, uuid: "u" }), undefined);
  assert.is(sessionIdOf({ type: "brand_new", session_id: "s" }), "s");
  for (const message of odd) assert.is(sessionIdOf(message), undefined);
});

const failed = { type: "result", subtype: "error_during_execution", is_error: true };

const errors: readonly [name: string, result: unknown, errors: string[]][] = [
  ["errors of a failed turn", { ...failed, errors: ["a", "b"] }, ["a", "b"]],
  ["none told", failed, []],
  ["null", { ...failed, errors: null }, []],
  ["odd ones left out", { ...failed, errors: ["a", 7, null] }, ["a"]],
  ["a success", { type: "result", subtype: "success", is_error: false, result: "fine" }, []],
  [
    "a success that failed",
    { type: "result", subtype: "success", is_error: true, result: "API Error" },
    ["API Error"],
  ],
  ["a success that failed silently", { type: "result", subtype: "success", is_error: true }, []],
  ["a subtype of tomorrow", { type: "result", subtype: "error_x", is_error: true, errors: ["x"] }, ["x"]],
];

for (const [name, value, expected] of errors) {
  readers(`errorsOf: ${name}`, () => assert.equal(errorsOf(value), expected));
}

readers("errorsOf anything else is empty", () => {
  for (const message of odd) assert.equal(errorsOf(message), []);
});

readers.run();
