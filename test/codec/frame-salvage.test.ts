import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodeLine, isBlank } from "../../src/codec/frame-decoder.js";
import { decode, FILLER, MODES, problemOf } from "./decoded-line.js";
import { objectText } from "./json-text.js";

const ESC = "\u001b";

const junk = suite("frame-decoder: junk around frames");

const A = '{"type":"a","n":{"m":[1,{}]}}';
const LARGE = `{"type":"large","filler":"${FILLER}"}`;
const cut: readonly (readonly [title: string, line: string, frames: string[]])[] = [
  ["colour codes", `${ESC}[0m${A}${ESC}[39m`, [A]],
  ["a byte order mark", `\uFEFF${A}`, [A]],
  ["a log prefix", `[12:00:01] info: ${A}`, [A]],
  ["a prefix with braces", `{debug} {1,2} { ${A}`, [A]],
  ["a suffix", `${A} -- done`, [A]],
  ["a carriage return", `${A}\r`, [A]],
  ["a form feed, which JSON does not know", `${A}\f`, [A]],
  ["a NUL byte on either side", `\u0000${A}\u0000`, [A]],
  ["two frames", `${A}${LARGE}`, [A, LARGE]],
  ["two large frames", `${LARGE}${LARGE}`, [LARGE, LARGE]],
  ["three frames with junk between", `${A} then ${A}, and ${LARGE}`, [A, A, LARGE]],
  ["a frame and an object that is none", `{"no":"type"}${A}`, [A]],
  ["sixteen frames", A.repeat(16), Array.from({ length: 16 }, () => A)],
  ["a large frame behind a prefix", `warning ${LARGE}`, [LARGE]],
];
for (const [title, line, frames] of cut) {
  junk(title, () => {
    for (const lazy of MODES)
      deepStrictEqual(
        decode(line, lazy),
        frames.map((text) => JSON.parse(text)),
      );
  });
}

junk("the same around any frame", () => {
  const around = fc.constantFrom("", `${ESC}[2K`, "\uFEFF", "log: ", "] ", '"', "\u0007", "} ");
  fc.assert(
    fc.property(around, objectText, around, fc.boolean(), (before, text, after, lazy) => {
      const frame = `{"type":"x","value":${text}}`;
      // A brace behind a frame shows that it may have stood inside another: then it is refused.
      const expected = after === "} " ? undefined : [JSON.parse(frame)];
      deepStrictEqual(decode(before + frame + after, lazy), expected);
    }),
    { numRuns: 200 },
  );
});

const refused: readonly (readonly [title: string, line: string])[] = [
  ["text", "hello"],
  ["an opening brace", "{"],
  ["null", "null"],
  ["a number", "42"],
  ["a string", '"{}"'],
  ["an array", `[${A}]`],
  ["a large array", `[${LARGE}]`],
  ["an object without a type", "{}"],
  ["an empty type", '{"type":""}'],
  ["a type that is no string", '{"type":1}'],
  ["an assistant frame without a message", '{"type":"assistant"}'],
  ["a control request without an id", '{"type":"control_request","request":{"subtype":"x"}}'],
  ["a large frame without a type", `{"filler":"${FILLER}"}`],
  ["a frame with a bad escape", '{"type":"\\x"}'],
  ["a frame with a control character", '{"type":"a\u0001"}'],
  ["a frame within one that is broken before it", `{"type":"a","b":oops,"c":${A}}`],
  ["a frame within one that is broken behind it", `{"type":"a","c":${A},oops}`],
  ["a frame within one whose beginning is missing", `"a":{"b":${A}}}`],
  ["a frame within one whose beginning and end are missing", `"a":{"b":${A}},"c":{"d":`],
  ["the same, right inside of it", `"a":${A},"b":1},"c":{"d":`],
];
for (const [title, line] of refused) {
  junk(`${title} is refused, with a reason`, () => {
    for (const lazy of MODES) assert.ok(problemOf(line, lazy).length > 0);
  });
}

junk("a reason quotes nothing of the line, which may hold anything", () => {
  for (const line of [
    "secret",
    '{"type": secret}',
    '{"type":"secret","x":}',
    `{"filler":"${FILLER}", secret}`,
  ]) {
    for (const lazy of MODES) assert.not.match(problemOf(line, lazy), /secret|ecret/);
  }
});

const blanks: readonly (readonly [line: string, blank: boolean])[] = [
  ["", true],
  [" \t\r\n\v\f", true],
  ["\u00a0", false],
  ["\u0000", false],
  ["\uFEFF", false],
  [" . ", false],
];
for (const [line, blank] of blanks) {
  junk(`${JSON.stringify(line)} is ${blank ? "" : "not "}blank`, () =>
    assert.is(isBlank(Buffer.from(line)), blank),
  );
}

junk.run();

const broken = suite("frame-decoder: broken frames");

/** Frames full of parts that could pass for frames themselves. */
const nested = objectText.map(
  (text) =>
    `{"type":"a","list":[{"type":"b","value":${text}},{"type":"c"}],"object":{"type":"d","inner":${text}}}`,
);

broken("whatever is missing at its end, no part of a frame passes for one", () => {
  fc.assert(
    fc.property(nested, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (frame, where, lazy) => {
      const bytes = Buffer.from(frame);
      assert.is(decode(bytes.subarray(0, Math.floor(where * (bytes.length - 1))), lazy), undefined);
    }),
    { numRuns: 500 },
  );
});

broken("nor whatever is missing at its beginning", () => {
  fc.assert(
    fc.property(nested, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (frame, where, lazy) => {
      const bytes = Buffer.from(frame);
      assert.is(decode(bytes.subarray(1 + Math.floor(where * (bytes.length - 1))), lazy), undefined);
    }),
    { numRuns: 500 },
  );
});

broken("a frame cut off by another one: the other one passes, or neither", () => {
  fc.assert(
    fc.property(nested, nested, fc.double({ min: 0, max: 1, noNaN: true }), (first, second, where) => {
      const frames = decode(first.slice(0, Math.floor(where * (first.length - 1))) + second);
      if (frames !== undefined) deepStrictEqual(frames, [JSON.parse(second)]);
    }),
    { numRuns: 300 },
  );
});

broken("it never throws, whatever the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), fc.boolean(), (bytes, lazy, long) => {
      decodeLine(Buffer.concat([Buffer.from(long ? `{"type":"${FILLER}` : "{"), bytes]), lazy);
    }),
    { numRuns: 500 },
  );
});

broken("bytes that are no UTF-8 become U+FFFD, as everywhere in Node", () => {
  for (const filler of ["", FILLER]) {
    const line = Buffer.concat([
      Buffer.from(`{"type":"x","f":"${filler}","v":"`),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    for (const lazy of MODES) deepStrictEqual(decode(line, lazy), [{ type: "x", f: filler, v: "\uFFFD" }]);
  }
});

broken("a line of nothing but opening braces is given up soon", () => {
  const line = Buffer.alloc(2_000_000, "{");
  assert.ok("problem" in decodeLine(line, true));
});

broken.run();
