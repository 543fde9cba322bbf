import { isUtf8 } from "node:buffer";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { scanJson } from "../../src/codec/json-scanner.js";
import { injury, jsonLikeText, jsonText } from "./json-text.js";

/** Whether the whole of it is one JSON value, by the scanner. */
function accepts(bytes: Buffer): boolean {
  const scan = scanJson(bytes);
  return "end" in scan && /^[ \t\r\n]*$/.test(bytes.toString("latin1", scan.end));
}

function parses(bytes: Buffer): boolean {
  try {
    JSON.parse(bytes.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

function assertSameVerdict(bytes: Buffer): void {
  const scan = scanJson(bytes);
  assert.is(accepts(bytes), parses(bytes));
  if ("errorAt" in scan)
    assert.ok(scan.errorAt >= 0 && scan.errorAt <= bytes.length, `error at ${scan.errorAt}`);
}

const verdict = suite("json-scanner: the verdict is JSON.parse's");

verdict("on any JSON", () => {
  fc.assert(
    fc.property(jsonText, (text) => {
      JSON.parse(text);
      assert.ok(accepts(Buffer.from(text)));
    }),
    { numRuns: 400 },
  );
});

verdict("on JSON with one or two injuries", () => {
  fc.assert(
    fc.property(jsonText, fc.array(injury, { minLength: 1, maxLength: 2 }), (text, injuries) => {
      assertSameVerdict(Buffer.from(injuries.reduce((hurt, injure) => injure(hurt), text)));
    }),
    { numRuns: 1_000 },
  );
});

verdict("on every beginning of a text, byte by byte", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 3 }), (text) => {
      const bytes = Buffer.from(text);
      for (let length = 0; length < Math.min(bytes.length, 200); length++) {
        const part = bytes.subarray(0, length);
        if (isUtf8(part)) assertSameVerdict(part);
      }
    }),
    { numRuns: 100 },
  );
});

verdict("on characters in any order", () => {
  fc.assert(
    fc.property(jsonLikeText, (text) => assertSameVerdict(Buffer.from(text))),
    { numRuns: 3_000 },
  );
});

verdict("on any bytes that are UTF-8", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      if (isUtf8(buffer)) assertSameVerdict(buffer);
    }),
    { numRuns: 2_000 },
  );
});

const rows = [
  ...[
    "",
    " ",
    "nul",
    "nulll",
    "tru",
    "truE",
    "+1",
    "-",
    "--1",
    "01",
    "-01",
    "00",
    "1.",
    ".5",
    "1.e1",
    "1e",
    "1e+",
  ],
  ...["0x10", "1_000", "Infinity", "NaN", "undefined", "'a'", '"', '"\\', '"\\u12', '"\\u123g"', '"\\U0041"'],
  ...[
    '"\\a"',
    '"\t"',
    '"\n"',
    '"\u0000"',
    '"\u007f"',
    '"\u2028"',
    "[",
    "]",
    "[,]",
    "[1,]",
    "[1 2]",
    "[1}",
    "{1}",
  ],
  ...[
    "{",
    "}",
    "{,}",
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{"a" 1}',
    "{a:1}",
    '{"a":1 "b":2}',
    '{"a":1]',
    "{}}",
    "[]]",
  ],
  ...[
    "// no\n1",
    "/* no */ 1",
    "\uFEFF{}",
    "\u00a01",
    "\v1",
    "\f1",
    "\r1",
    "1 // no",
    "1,2",
    '{"a":{"b":[{}]}}',
  ],
];
for (const text of rows) {
  verdict(`on ${JSON.stringify(text)}`, () => assertSameVerdict(Buffer.from(text)));
}

verdict("on every control character, in a string and outside of one", () => {
  for (let code = 0; code <= 0x20; code++) {
    const character = String.fromCharCode(code);
    for (const text of [`"${character}"`, `{"${character}":1}`, `[1,${character}2]`, `${character}1`]) {
      assertSameVerdict(Buffer.from(text));
    }
  }
});

verdict.run();

const ends = suite("json-scanner: where a value ends");

/** What cannot go on with any value, numbers included. */
const suffix = fc.constantFrom(
  "",
  " ",
  "\n",
  "}",
  "]",
  ",",
  "{",
  '"',
  "\u001b[0m",
  " junk",
  '{"type":"x"}',
  "\uFEFF",
);

ends("is right behind it, whatever stands before and behind", () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 5 }),
      fc.constantFrom("", " ", "\t\r\n"),
      jsonText,
      suffix,
      (before, space, text, after) => {
        const bytes = Buffer.from(before + space + text + after);
        const scan = scanJson(bytes, Buffer.byteLength(before));
        assert.ok("end" in scan);
        assert.is(scan.end, Buffer.byteLength(before + space + text));
      },
    ),
    { numRuns: 300 },
  );
});

const failures: readonly (readonly [text: string, errorAt: number])[] = [
  ["", 0],
  ["x", 0],
  ['{"a":x}', 5],
  ['{"a":1', 6],
  ['{"a', 3],
  ['{"a":"b\u0001"}', 7],
  ["[1,x]", 3],
  ["nulx", 3],
  ["01", 1],
  ['{"a":{"b":1', 11],
];
for (const [text, errorAt] of failures) {
  ends(`${JSON.stringify(text)} stops being JSON at ${errorAt}`, () => {
    assert.equal(scanJson(Buffer.from(text)), { errorAt });
  });
}

ends("a start behind the last byte is an error there", () => {
  assert.equal(scanJson(Buffer.from("{}"), 2), { errorAt: 2 });
});

ends.run();
