import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClaudeInput, encodeInput, userMessage } from "../../src/protocol/index.js";
import { refusal } from "./thrown.js";

const encode = suite("encode");

encode("is the frame's JSON and one newline", () => {
  assert.is(encodeInput({ type: "keep_alive" }), '{"type":"keep_alive"}\n');
});

encode("whatever is in it, it is one line that means the same", () => {
  // Code units of all kinds, halves of surrogate pairs too, and often those that matter to a line of JSON.
  const unit = fc.oneof(
    fc.constantFrom("\n", "\r", "\u2028", "\u2029", "\0", '"', "\\", "\ud800", "\udc00"),
    fc.nat({ max: 0xffff }).map((code) => String.fromCharCode(code)),
  );
  const anything = fc.dictionary(fc.string({ unit }), fc.jsonValue({ stringUnit: unit }));
  fc.assert(
    fc.property(anything, fc.string({ unit }), (fields, type) => {
      const frame: ClaudeInput = { ...fields, type };
      const line = encodeInput(frame);
      assert.is(line.indexOf("\n"), line.length - 1);
      assert.not(line.includes("\r"));
      assert.equal(JSON.parse(line), JSON.parse(JSON.stringify(frame)));
      assert.equal(JSON.parse(line), frame);
    }),
  );
});

encode("newlines of all kinds survive inside strings", () => {
  const text = "a\nb\r\nc\rd\u2028e\u2029f\u0085g\0h";
  const line = encodeInput(userMessage(text));
  assert.is(line.indexOf("\n"), line.length - 1);
  assert.ok(line.includes("\u2028") && line.includes("\u2029"), "left as they are");
  assert.equal(JSON.parse(line), userMessage(text));
});

encode("a lone surrogate is escaped, so that the line is valid UTF-8", () => {
  assert.is(encodeInput({ type: "x", text: "\ud800" }), '{"type":"x","text":"\\ud800"}\n');
});

const circle: Record<string, unknown> = { type: "x" };
circle.self = circle;

class Shouting {
  type = "x";
  toJSON(): string {
    return "not an object";
  }
}

class Inherited {
  get type(): string {
    return "x";
  }
}

const refused: readonly [name: string, input: unknown, message: RegExp][] = [
  ["nothing", undefined, /plain object/],
  ["null", null, /plain object/],
  ["a string", '{"type":"user"}', /plain object/],
  ["an array", [{ type: "user" }], /plain object/],
  ["a function", () => ({ type: "user" }), /plain object/],
  ["no type", { message: {} }, /string "type"/],
  ["a type that is no string", { type: 7 }, /string "type"/],
  ["an inherited type, which JSON leaves out", new Inherited(), /of its own/],
  ["a hidden type, which JSON leaves out", Object.defineProperty({}, "type", { value: "x" }), /of its own/],
  ["toJSON, which writes something else", new Shouting(), /plain object/],
  ["a bigint", { type: "x", n: 1n }, /cannot be written as JSON/],
  ["a circle", circle, /cannot be written as JSON/],
];

for (const [name, input, message] of refused) {
  encode(`refused: ${name}`, () => {
    assert.match(
      refusal(() => encodeInput(input as ClaudeInput)),
      message,
    );
  });
}

encode("a nesting too deep for the stack is refused, not a crash", () => {
  let deep: unknown = [];
  for (let depth = 0; depth < 200_000; depth++) deep = [deep];
  const frame: ClaudeInput = { type: "x", deep };
  let line: string | undefined;
  try {
    line = encodeInput(frame);
  } catch {
    assert.match(
      refusal(() => encodeInput(frame)),
      /cannot be written as JSON/,
    );
  }
  if (line !== undefined) assert.ok(line.endsWith("]}\n"));
});

encode.run();
