import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClaudeOutput, SpokenText } from "../../src/protocol/index.js";
import {
  assistantFrame,
  cut,
  event,
  type ScriptedBlock,
  streamed,
  textBlock,
  toolBlock,
  unended,
} from "./streamed-answer.js";

const spoken = suite("spoken text");

function said(frames: readonly unknown[]): string[] {
  const text = new SpokenText();
  return frames.flatMap((frame) => text.add(frame as ClaudeOutput));
}

const RESULT = { type: "result", subtype: "success", result: "the result" };
const TOOL_RESULT = {
  type: "user",
  parent_tool_use_id: null,
  message: { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1" }] },
};

const CASES: readonly [what: string, frames: readonly unknown[], text: string][] = [
  ["a whole message", [assistantFrame("m1", [textBlock("Hello.")]), RESULT], "Hello."],
  ["a streamed message, which comes again", [...streamed("m1", [textBlock("Hello.")], 2), RESULT], "Hello."],
  ["a turn without a word of the model", [RESULT], "the result"],
  ["content that is a string", [assistantFrame("m1", "Plain."), RESULT], "Plain."],
  [
    "texts around a tool call",
    [
      ...streamed("m1", [textBlock("Let me look."), toolBlock("toolu_1", { a: 1 })], 3),
      TOOL_RESULT,
      ...streamed("m2", [textBlock("It was there.")], 3),
      RESULT,
    ],
    "Let me look.\n\nIt was there.",
  ],
  [
    "the same without partial messages",
    [
      assistantFrame("m1", [textBlock("Let me look.\n")]),
      assistantFrame("m1", [toolBlock("toolu_1", { a: 1 })]),
      TOOL_RESULT,
      assistantFrame("m2", [textBlock("It was there.")]),
      RESULT,
    ],
    "Let me look.\n\nIt was there.",
  ],
  [
    "neighbouring blocks of one answer, as with citations",
    [...streamed("m1", [textBlock("One, "), textBlock("two.")], 2), RESULT],
    "One, two.",
  ],
  [
    "what subagents say is left out",
    [
      assistantFrame("s1", [textBlock("secret")], "toolu_1"),
      { ...event({ type: "message_start", message: { id: "s2" } }), parent_tool_use_id: "toolu_1" },
      assistantFrame("m1", [textBlock("Aloud.")]),
      RESULT,
    ],
    "Aloud.",
  ],
  [
    "an answer that is cut off and given again",
    [...cut("m1", "Hello wor"), ...streamed("m2", [textBlock("Hello world.")], 3), RESULT],
    "Hello world.",
  ],
  [
    "an answer that is cut off, and another one",
    [...cut("m1", "Hello wor"), ...streamed("m2", [textBlock("Help!")], 2), RESULT],
    "Hello wor\n\nHelp!",
  ],
  [
    "an answer that is cut off and given in one piece",
    [...cut("m1", "Hello wor"), assistantFrame("m2", [textBlock("Hello world.")]), RESULT],
    "Hello world.",
  ],
  [
    "an answer that is cut off, and another one in one piece",
    [...cut("m1", "Hello wor"), assistantFrame("m2", [textBlock("Help!")]), RESULT],
    "Hello wor\n\nHelp!",
  ],
  [
    "an answer without an end, and again in one piece",
    [...unended("m1", "Hello wor"), assistantFrame("m2", [textBlock("Hello world.")]), RESULT],
    "Hello world.",
  ],
  [
    "a block that was streamed in part and comes whole",
    [...unended("m1", "Hello wor"), assistantFrame("m1", [textBlock("Hello world.")]), RESULT],
    "Hello world.",
  ],
  [
    "the same text in two answers",
    [
      ...streamed("m1", [textBlock("Done.")], 2),
      TOOL_RESULT,
      ...streamed("m2", [textBlock("Done.")], 2),
      RESULT,
    ],
    "Done.\n\nDone.",
  ],
  [
    "interleaved blocks",
    [
      event({ type: "message_start", message: { id: "m1" } }),
      event({ type: "content_block_start", index: 0, content_block: { type: "text", text: "" } }),
      event({ type: "content_block_start", index: 1, content_block: { type: "text", text: "" } }),
      event({ type: "content_block_delta", index: 1, delta: { type: "text_delta", text: "two" } }),
      event({ type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "one, " } }),
      event({ type: "content_block_stop", index: 0 }),
      event({ type: "content_block_stop", index: 1 }),
      event({ type: "message_delta", delta: { stop_reason: "end_turn" } }),
      event({ type: "message_stop" }),
      RESULT,
    ],
    "one, two",
  ],
  [
    "a message sent by hand while the model writes",
    (() => {
      const frames: unknown[] = streamed("m1", [textBlock("Unbroken.")], 4);
      frames.splice(3, 0, { type: "user", message: { role: "user", content: "also this" } });
      return [...frames, RESULT];
    })(),
    "Unbroken.",
  ],
  [
    "partial messages alone, as by `deliver`",
    [...streamed("m1", [textBlock("One.")], 2), ...streamed("m2", [textBlock("Two.")], 2), RESULT].filter(
      (frame) => (frame as { type: string }).type !== "assistant",
    ),
    "One.\n\nTwo.",
  ],
  [
    "odd frames",
    [
      event(null),
      event({ type: "content_block_delta", index: "x", delta: 7 }),
      event({ type: "content_block_start" }),
      { type: "assistant", message: { content: [null, 1, {}] } },
      RESULT,
    ],
    "the result",
  ],
];

for (const [what, frames, text] of CASES) {
  spoken(what, () => assert.is(said(frames).join(""), text));
}

spoken("comes as it is streamed, not at the end", () => {
  assert.equal(said(streamed("m1", [textBlock("abcdef")], 2)), ["ab", "cd", "ef"]);
});

const blocks = fc.array(
  fc.oneof(
    fc.string({ minLength: 1 }).map((text): ScriptedBlock => textBlock(text)),
    fc.nat().map((n): ScriptedBlock => toolBlock(`toolu_${n}`, { n })),
  ),
  { minLength: 1, maxLength: 5 },
);

spoken("is the same however it is cut into pieces", () => {
  fc.assert(
    fc.property(blocks, fc.integer({ min: 1, max: 9 }), (given, size) => {
      const whole = said(given.map((block) => assistantFrame("m1", [block]))).join("");
      assert.is(said(streamed("m1", given, size)).join(""), whole);
    }),
  );
});

spoken("is the same when an answer is cut off anywhere and repeated", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.nat(), fc.integer({ min: 1, max: 5 }), (text, at, size) => {
      const head = text.slice(0, at % (text.length + 1));
      for (const beginning of [cut("m1", head), unended("m1", head)]) {
        const frames = [...beginning, ...streamed("m2", [textBlock(text)], size)];
        assert.is(said(frames).join(""), text);
      }
    }),
  );
});

spoken.run();
