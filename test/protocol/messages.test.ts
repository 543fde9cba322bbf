import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import {
  claudeOutputSchema,
  messageSchemas,
  parseMessage,
  resultMessageSchema,
  systemMessageSchemas,
} from "../../src/protocol/index.js";
import { changed, withGetters } from "./copies.js";
import { resultFrames, sampleFrames, systemFrames } from "./sample-frames.js";

const messages = suite("messages");

for (const [name, frame] of Object.entries(sampleFrames)) {
  messages(`${name} is known, untouched and complete`, () => {
    const before = JSON.stringify(frame);
    const parsed = parseMessage(frame);
    assert.is(parsed.kind, "known", JSON.stringify(parsed));
    assert.is(parsed.kind === "known" && parsed.message, frame);
    assert.is(JSON.stringify(frame), before);
    assert.equal(v.parse(claudeOutputSchema, frame), frame, "the schema's own output loses nothing");
    assert.is(parseMessage(withGetters(frame)).kind, "known", "with getters for properties");
    assert.is(parseMessage(Object.freeze({ ...frame, novelty: { deep: [1] } })).kind, "known");
  });
}

messages("there is a sample of everything that is modelled", () => {
  const types = Object.keys(sampleFrames).map((name) => name.split("/")[0]);
  assert.equal([...new Set(types)].sort(), Object.keys(messageSchemas).sort());
  assert.equal(Object.keys(systemFrames).sort(), Object.keys(systemMessageSchemas).sort());
  assert.equal(Object.keys(resultFrames).sort(), [...resultMessageSchema.tags].sort());
});

const unknown: Readonly<Record<string, object>> = {
  "a type": { type: "brand_new", payload: { x: 1 }, session_id: "s" },
  "a type that is a name of Object.prototype": { type: "constructor" },
  "a type with odd characters": { type: "__proto__" },
  "a system subtype": { type: "system", subtype: "brand_new", session_id: "s", more: [1] },
  "a result subtype": { type: "result", subtype: "error_brand_new", is_error: true },
  "a control request": { type: "control_request", request_id: "1", request: { subtype: "brand_new", a: 1 } },
  "a control answer": { type: "control_response", response: { subtype: "brand_new", request_id: "1" } },
};

for (const [name, frame] of Object.entries(unknown)) {
  messages(`unknown: ${name} passes through`, () => {
    const parsed = parseMessage(frame);
    assert.is(parsed.kind, "unknown");
    assert.is(parsed.kind === "unknown" && parsed.message, frame);
  });
}

const success = sampleFrames["result/success"] ?? {};
const assistant = sampleFrames.assistant ?? {};

const invalid: readonly [name: string, value: unknown, path: string][] = [
  ["null", null, ""],
  ["undefined", undefined, ""],
  ["a string", "text", ""],
  ["a number", 7, ""],
  ["an array", [], "type"],
  ["no type", { subtype: "init" }, "type"],
  ["a type that is no string", { type: 7 }, "type"],
  ["system without a subtype", { type: "system" }, "subtype"],
  ["result without a subtype", { type: "result", is_error: false }, "subtype"],
  ["result whose is_error is no boolean", changed(success, "is_error", "no"), "is_error"],
  ["init without a session", { type: "system", subtype: "init" }, "session_id"],
  ["assistant without a message", { type: "assistant" }, "message"],
  ["assistant without content", changed(assistant, "message.content", undefined), "message.content"],
  [
    "a text block without text",
    changed(assistant, "message.content.0.text", undefined),
    "message.content.0.text",
  ],
  ["a block without a type", changed(assistant, "message.content.0", {}), "message.content.0.type"],
  ["a number where a text belongs", changed(success, "result", 7), "result"],
  [
    "control_request without an id",
    { type: "control_request", request: { subtype: "ui_copy" } },
    "request_id",
  ],
  [
    "control_request without a subtype",
    { type: "control_request", request_id: "1", request: {} },
    "request.subtype",
  ],
];

for (const [name, value, path] of invalid) {
  messages(`invalid: ${name}`, () => {
    const parsed = parseMessage(value);
    assert.is(parsed.kind, "invalid");
    assert.is(parsed.kind === "invalid" && parsed.issues[0]?.path, path);
  });
}

messages("a getter that throws and a nesting without end are issues, not exceptions", () => {
  const throwing = {
    get type(): string {
      throw new Error("leaf is gone");
    },
  };
  const parsed = parseMessage(throwing);
  assert.is(parsed.kind === "invalid" && parsed.issues[0]?.message, "could not be read: leaf is gone");

  let deep: unknown = [];
  for (let depth = 0; depth < 200_000; depth++) deep = [deep];
  assert.is(parseMessage({ type: "brand_new", deep }).kind, "unknown");
  assert.is(parseMessage(changed(assistant, "message.content.0.citations", [{ deep: 1 }])).kind, "known");
});

messages("issues tell the kind of a value and never the value", () => {
  const parsed = parseMessage(changed(assistant, "message.content.0.text", { token: "sk-secret" }));
  assert.is(parsed.kind, "invalid");
  assert.not.match(JSON.stringify(parsed), "sk-secret");
  assert.match(JSON.stringify(parsed), "expected string, got a value of type object");
});

messages.run();
