import { suite } from "uvu";
import * as assert from "uvu/assert";
import { activityOf, failureOf, summaryOf, toolLine } from "../../src/command/activity.js";
import type { ClaudeOutput, ResultMessage } from "../../src/protocol/index.js";

const activity = suite("what happens beside the answer");

const TOOLS: [name: string, input: unknown, line: string][] = [
  ["Bash", { command: "git\n  status", description: "look" }, "Bash  git status"],
  ["Read", { file_path: "a.txt", limit: 3 }, "Read  a.txt"],
  ["Grep", { pattern: "x" }, "Grep  x"],
  ["TodoWrite", { todos: [1] }, 'TodoWrite  {"todos":[1]}'],
  ["Empty", {}, "Empty"],
  ["Odd", undefined, "Odd"],
  ["Bash", { command: "\u001b]0;x\u0007\u202e" }, "Bash  \\u001b]0;x\\u0007\\u202e"],
  ["Bash", { command: "é".repeat(101) }, `Bash  ${"é".repeat(99)}…`],
  ["Bash", { command: `${" ".repeat(500)}x` }, "Bash  …"],
];
for (const [name, input, line] of TOOLS) {
  activity(`a call of ${line.slice(0, 20)}`, () => assert.is(toolLine(name, input), line));
}

activity("tool calls, also of subagents, and retries", () => {
  const call = (parent: string | null) => ({
    type: "assistant",
    parent_tool_use_id: parent,
    message: { content: [{ type: "tool_use", id: "t", name: "Glob", input: { pattern: "*" } }] },
  });
  const retry = { type: "system", subtype: "api_retry", attempt: 1, max_retries: 10, error_status: null };
  const lines = [call(null), call("t0"), retry, { type: "user" }].flatMap((message) =>
    activityOf(message as ClaudeOutput),
  );
  assert.equal(lines, [
    "tool    Glob  *",
    "tool      Glob  *",
    "retry   1 of 10: the API failed (no answer)",
  ]);
});

activity("the summary tells what is known", () => {
  const whole = {
    is_error: false,
    num_turns: 1,
    duration_ms: 1_449,
    usage: {
      input_tokens: 1_000,
      cache_read_input_tokens: 200,
      cache_creation_input_tokens: 34,
      output_tokens: 5,
    },
    total_cost_usd: 0.02113,
    session_id: "s",
  };
  const summary = (fields: object) => summaryOf("done", fields as ResultMessage);
  assert.is(summary(whole), "done    1 turn, 1.4 s, 1,234 tokens in and 5 out, $0.0211, session s");
  assert.is(summary({}), "done    ");
});

activity("a failure is told in the CLI's words, or at least by name", () => {
  const failure = (fields: object) =>
    failureOf({ type: "result", is_error: true, ...fields } as ResultMessage);
  assert.is(
    failure({ subtype: "error_max_turns" }),
    "error [TURN_FAILED]: The turn ended without an answer. (error_max_turns)",
  );
  assert.is(failure({ subtype: "success", result: "API Error: 500" }), "error [TURN_FAILED]: API Error: 500");
});

activity.run();
