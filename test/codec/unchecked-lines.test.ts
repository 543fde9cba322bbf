import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { linesOf, mayStayUnchecked, readUnchecked } from "../../src/codec/unchecked-lines.js";
import { checkFrame, isSurelyMessage } from "../../src/protocol/frame-check.js";

const passing = suite("unchecked-lines: what may pass");

/** The lines as a run: with line feeds between them, and where each ends. */
function may(...lines: string[]): boolean {
  const run = Buffer.from(lines.join("\n"));
  const ends: number[] = [];
  for (const line of lines) ends.push((ends.at(-1) ?? -1) + 1 + Buffer.byteLength(line));
  return mayStayUnchecked(run, ends);
}

const PASSING = [
  '{"type":"x"}',
  '{"type":"stream_event","event":{"type":"content_block_delta"},"text":"“日本” \\u0041"}',
  '{"type":""}',
  '{"type":"x" broken }',
];

const STAYING: readonly (readonly [string, string])[] = [
  ["a control request", '{"type":"control_request","request_id":"1"}'],
  ["a control response", '{"type":"control_response"}'],
  ["a withdrawal", '{"type":"control_cancel_request"}'],
  ["whatever begins with the same letter", '{"type":"conversation_reset"}'],
  ["a type that begins with an escape", '{"type":"\\u0063ontrol_request"}'],
  ["another key first", '{"uuid":"1","type":"x"}'],
  ["white space first", ' {"type":"x"}'],
  ["white space inside of the head", '{"type": "x"}'],
  ["white space behind", '{"type":"x"} '],
  ["a carriage return behind", '{"type":"x"}\r'],
  ["a byte order mark", '\uFEFF{"type":"x"}'],
  ["colours", '\u001b[31m{"type":"x"}'],
  ["a type that is no string", '{"type":1}'],
  ["an end that is missing", '{"type":"x","a":1'],
  ["two frames on one line", '{"type":"x"}{"type":"control_request"}'],
  ["a number", "0"],
  ["nothing", ""],
  ["less than a head", '{"type"}'],
];

for (const line of PASSING) passing(`passes: ${line}`, () => assert.ok(may(line)));

for (const [what, line] of STAYING) {
  passing(`does not pass: ${what}`, () => {
    assert.not(may(line));
    for (const other of PASSING) assert.not(may(other, line, other), "one line of a run speaks for all");
  });
}

passing("a run of many", () => assert.ok(may(...PASSING, ...PASSING)));

passing.run();

const reading = suite("unchecked-lines: reading");

const joined = (...entries: string[]): string => `[${entries.join(",\n")}]`;

reading("messages come as they are", () => {
  const text = joined('{"type":"x","n":1}', '{"type":"y"}');
  assert.equal(readUnchecked(text, 2), [{ type: "x", n: 1 }, { type: "y" }]);
  assert.equal(linesOf(text), ['{"type":"x","n":1}', '{"type":"y"}']);
});

const ODD: readonly (readonly [string, string, number])[] = [
  ["no JSON", joined('{"type":"x"', '{"type":"y"}'), 2],
  ["two lines that are one value together", joined('{"type":"x","a":[{}', '{"type":"y"}]}'), 2],
  ["a line that is two values", joined('{"type":"x"},{"type":"y"}'), 1],
  ["an object without a type", joined('{"type":"x"}', "{}"), 2],
  ["a type that is empty", joined('{"type":""}'), 1],
  ["a control frame", joined('{"type":"x","type":"control_request"}'), 1],
  ["an answer without a message", joined('{"type":"assistant"}'), 1],
  ["a scalar", joined("0"), 1],
  ["null", joined("null"), 1],
];

for (const [what, text, lines] of ODD) {
  reading(`is refused as a whole: ${what}`, () => assert.is(readUnchecked(text, lines), undefined));
}

reading.run();

const surely = suite("frame-check: isSurelyMessage");

surely("what it says is what the whole check says", () => {
  const type = fc.oneof(
    fc.constantFrom("assistant", "user", "x", "", "control_request", "control_response"),
    fc.constantFrom("control_cancel_request", "__proto__", "constructor", 1, null),
  );
  const body = fc.oneof(
    fc.constantFrom(null, 1, "x"),
    fc.constant({}),
    fc.constant([]),
    fc.constant(undefined),
  );
  const value = fc.oneof(
    { weight: 1, arbitrary: fc.constantFrom<unknown>(null, undefined, 1, "x", [], [{ type: "x" }]) },
    { weight: 4, arbitrary: fc.record({ type, message: body, request_id: type }, { requiredKeys: [] }) },
  );
  fc.assert(
    fc.property(value, (frame) => {
      const check = checkFrame(frame);
      if (isSurelyMessage(frame)) assert.equal(check, { route: "message" });
      else assert.not("route" in check && check.route === "message");
    }),
    { numRuns: 1_000 },
  );
});

surely.run();
