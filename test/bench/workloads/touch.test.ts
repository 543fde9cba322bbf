import { suite } from "uvu";
import * as assert from "uvu/assert";
import { TOUCH } from "../../../bench/workloads/touch.js";

const delta = { type: "content_block_delta", delta: { type: "text_delta", text: "four" } };
const rows: readonly [title: string, message: unknown, text: number, everything: number][] = [
  ["no message", null, 0, 1],
  [
    "text blocks",
    { message: { content: [{ text: "abc" }, { thinking: "de" }, { input: { a: "xyz" } }] } },
    5,
    8,
  ],
  ["a plain text", { message: { content: "abc" } }, 3, 3],
  [
    "a tool result as text",
    { message: { content: [{ content: "abcd" }] }, tool_use_result: "12345678" },
    4,
    12,
  ],
  ["a tool result in blocks", { message: { content: [{ content: [{ text: "ab" }, { text: "c" }] }] } }, 3, 3],
  ["a piece of text", { event: delta }, 4, 33],
  ["numbers and nulls", { result: { a: 1, b: null, c: [true, 2.5] } }, 0, 4],
];

const touch = suite("touch");
for (const [title, message, text, everything] of rows) {
  touch(`sees of ${title} what it should`, () => {
    assert.is(TOUCH.nothing(message), 0);
    assert.is(TOUCH.text(message), text);
    assert.is(TOUCH.everything(message), everything);
  });
}

touch("really reads the values", () => {
  const seen: string[] = [];
  const result = {
    get rows() {
      seen.push("rows");
      return ["row"];
    },
  };
  TOUCH.text({ message: { content: "text" }, result });
  assert.equal(seen, [], "a text's reader leaves the rest alone");
  TOUCH.everything({ message: { content: "text" }, result });
  assert.equal(seen, ["rows"]);
});

touch.run();
