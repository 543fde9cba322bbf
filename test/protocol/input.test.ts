import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import {
  claudeInputSchema,
  imageBlock,
  textBlock,
  type UserMessageOptions,
  userMessage,
} from "../../src/protocol/index.js";
import { refusal } from "./thrown.js";

const input = suite("input");

input("a string becomes one text block, and nothing else is added", () => {
  assert.is(
    JSON.stringify(userMessage("hi")),
    '{"type":"user","message":{"role":"user","content":[{"type":"text","text":"hi"}]}}',
  );
});

input("a session id comes last, as the CLI's other clients write it", () => {
  assert.is(
    JSON.stringify(userMessage("hi", { sessionId: "s" })),
    '{"type":"user","message":{"role":"user","content":[{"type":"text","text":"hi"}]},"session_id":"s"}',
  );
});

const options: readonly [option: UserMessageOptions, field: object][] = [
  [{ uuid: "u" }, { uuid: "u" }],
  [{ parentToolUseId: "toolu_1" }, { parent_tool_use_id: "toolu_1" }],
  [{ priority: "now" }, { priority: "now" }],
  [{ shouldQuery: false }, { shouldQuery: false }],
  [{ clientComposed: true }, { client_composed: true }],
  [{ isSynthetic: true }, { isSynthetic: true }],
  [{ origin: { kind: "human" } }, { origin: { kind: "human" } }],
];

for (const [option, field] of options) {
  input(`option ${JSON.stringify(option)}`, () => {
    const message = userMessage("hi", option);
    assert.equal(message, { ...userMessage("hi"), ...field });
    assert.ok(v.is(claudeInputSchema, message));
  });
}

input("blocks go through as they are, in a list of their own", () => {
  const blocks = [
    textBlock("look"),
    imageBlock({ url: "https://a/b.png" }),
    { type: "document", source: { type: "text", media_type: "text/plain", data: "a" } },
    { type: "hologram", depth: 3 },
  ];
  const message = userMessage(blocks);
  assert.equal(message.message.content, blocks);
  assert.is.not(message.message.content, blocks);
  assert.is(message.message.content[0], blocks[0]);
});

const prompts: readonly [name: string, prompt: unknown][] = [
  ["nothing", undefined],
  ["null", null],
  ["a number", 7],
  ["no blocks", []],
  ["a string among the blocks", [textBlock("a"), "b"]],
  ["null among the blocks", [null]],
  ["a hole among the blocks", Array(1)],
  ["a block without a type", [{ text: "a" }]],
  ["a block instead of a list", textBlock("a")],
];

for (const [name, prompt] of prompts) {
  input(`refused as a prompt: ${name}`, () => {
    assert.match(
      refusal(() => userMessage(prompt as string)),
      /A prompt is a string or a list|is not a content block/,
    );
  });
}

input("stdin takes known frames, and any other with a type", () => {
  const accepted = [
    { type: "user", message: { role: "user", content: "hi" } },
    { type: "control_request", request_id: "1", request: { subtype: "interrupt" } },
    { type: "control_response", response: { subtype: "success", request_id: "1" } },
    { type: "control_cancel_request", request_id: "1" },
    { type: "keep_alive" },
    { type: "update_environment_variables", variables: { A: "1" } },
    { type: "brand_new", x: 1 },
  ];
  for (const frame of accepted) assert.equal(v.parse(claudeInputSchema, frame), frame);
  const refused = [
    {},
    null,
    { type: "user" },
    { type: "user", message: { role: "assistant", content: "hi" } },
    { type: "control_request", request: { subtype: "interrupt" } },
    { type: "update_environment_variables", variables: { A: 1 } },
  ];
  for (const frame of refused) assert.not(v.is(claudeInputSchema, frame), JSON.stringify(frame));
});

input.run();
