import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { parseLine } from "../../../workers/transcripts/entries.js";

const entries = suite("entries of a line");

const LINES: readonly (readonly [line: string, found: readonly unknown[], problem: boolean])[] = [
  ["", [], false],
  [" \t\r\0", [], false],
  ['{"a":1}', [{ a: 1 }], false],
  ['\0\0 {"a":1} \r', [{ a: 1 }], false],
  ['\ufeff{"a":1}', [{ a: 1 }], false],
  ['{"a":1}{"b":2} {"c":3}', [{ a: 1 }, { b: 2 }, { c: 3 }], false],
  ['{"a":1}\0\0{"b":2}\0', [{ a: 1 }, { b: 2 }], false],
  ['{"a":1}{"b":', [{ a: 1 }], true],
  ['{"a":1}junk', [{ a: 1 }], true],
  ['{"a":{"b":2}', [], true],
  ['junk {"a":1}', [], true],
  ["[]", [], true],
  ["null", [], true],
  ['"text"', [], true],
];

for (const [line, found, problem] of LINES) {
  entries(JSON.stringify(line), () => {
    const bytes = Buffer.from(line);
    const parsed = parseLine(bytes);
    assert.equal(
      parsed.entries.map(({ entry }) => entry),
      found,
    );
    assert.is(parsed.problem !== undefined, problem);
    for (const { entry, start, end } of parsed.entries) {
      assert.equal(parseLine(bytes.subarray(start, end)).entries, [{ entry, start: 0, end: end - start }]);
    }
  });
}

entries("no bytes make it throw", async () => {
  const bytes = fc.uint8Array();
  await fc.assert(
    fc.asyncProperty(bytes, fc.constantFrom("", '{"a":', '{"a":1}'), async (tail, head) => {
      parseLine(Buffer.concat([Buffer.from(head), tail]));
    }),
  );
});

entries.run();
