import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AnswerText } from "../../src/command/answer-text.js";
import type { ClaudeOutput } from "../../src/protocol/index.js";

const piece = (text: unknown, fields: object = {}) => ({
  type: "stream_event",
  parent_tool_use_id: null,
  event: { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
  ...fields,
});
const begin = { type: "stream_event", parent_tool_use_id: null, event: { type: "message_start" } };
const block = (content: unknown, fields: object = {}) => ({
  type: "assistant",
  parent_tool_use_id: null,
  message: { id: "m", role: "assistant", model: "x", content },
  ...fields,
});
const said = (text: string, fields?: object) => block([{ type: "text", text }], fields);
const tool = block([{ type: "tool_use", id: "t", name: "Bash", input: {} }]);
const result = (fields: object = {}) => ({
  type: "result",
  subtype: "success",
  is_error: false,
  result: "all",
  ...fields,
});

const answer = suite("the answer as text");
const rows: [title: string, messages: object[], text: string][] = [
  ["pieces, then the block they make up", [begin, piece("a"), piece("b"), said("ab"), result()], "ab\n"],
  ["blocks alone", [said("ab"), result()], "ab\n"],
  ["two blocks, each on its line", [piece("a"), said("a"), tool, piece("b"), said("b"), result()], "a\nb\n"],
  ["a line feed of its own", [piece("a\n"), said("a\n"), result()], "a\n"],
  ["pieces of one block, none of the next", [piece("a"), said("a"), said("b"), result()], "a\nb\n"],
  [
    "an answer that broke off and began again",
    [begin, piece("ab"), begin, piece("abc"), said("abc")],
    "ab\nabc\n",
  ],
  [
    "subagents keep to themselves",
    [piece("x", { parent_tool_use_id: "t" }), said("x", { parent_tool_use_id: "t" })],
    "",
  ],
  ["a failed call of the API is no answer", [said("API Error", { error: "server_error" })], ""],
  ["a local command", [result({ result: "42% used" })], "42% used\n"],
  ["an error result", [result({ is_error: true, result: "API Error" })], ""],
  [
    "a result without text",
    [result({ subtype: "error_during_execution", result: undefined, is_error: true })],
    "",
  ],
  [
    "odd pieces",
    [
      piece(undefined),
      { ...begin, event: { type: "new" } },
      { ...begin, event: { type: "content_block_delta" } },
      block([]),
      { type: "new" },
    ],
    "",
  ],
];
for (const [title, messages, text] of rows) {
  answer(title, () => {
    const under = new AnswerText();
    assert.is(messages.map((message) => under.take(message as ClaudeOutput)).join(""), text);
    assert.is(under.end(), "");
  });
}

answer("a text that was cut short ends its line", () => {
  const under = new AnswerText();
  assert.is(under.take(piece("ab") as ClaudeOutput) + under.end(), "ab\n");
});

answer.run();
