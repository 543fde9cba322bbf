import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assistantText, isDelta, resultOf } from "../../../bench/real-cli/wire-message.js";

const assistant = {
  type: "assistant",
  message: { content: [{ text: "a" }, { thinking: "b" }, { text: "c" }] },
};
const result = { type: "result", subtype: "success", result: "done" };
const delta = { type: "stream_event", event: { type: "content_block_delta" } };
const rows: readonly [
  what: string,
  message: unknown,
  text: string | undefined,
  piece: boolean,
  result: unknown,
][] = [
  ["an answer", assistant, "ac", false, undefined],
  ["an answer without text", { type: "assistant", message: {} }, "", false, undefined],
  ["a result", result, undefined, false, { subtype: "success", text: "done" }],
  ["a piece", delta, undefined, true, undefined],
  ["another event", { type: "stream_event", event: { type: "message_stop" } }, undefined, false, undefined],
  ["null", null, undefined, false, undefined],
];

const looks = suite("looks at messages of the wire");
for (const [what, message, text, piece, ended] of rows) {
  looks(`${what}`, () => {
    assert.is(assistantText(message), text);
    assert.is(isDelta(message), piece);
    assert.equal(resultOf(message), ended);
  });
}
looks.run();
