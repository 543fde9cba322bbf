import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { byteLines } from "../src/byte-lines.js";
import { chunked } from "./batch/rows/chunked.js";

async function linesOf(text: string, sizes?: readonly number[], longest?: number) {
  const all = [];
  for await (const lines of byteLines(chunked(text, sizes), longest)) all.push(...lines);
  return all.map(({ bytes, ...rest }) => ({ text: bytes.toString("utf8"), ...rest }));
}

const lines = suite("byte lines");

lines("joined again they are the text, and tell where they began", async () => {
  const text = fc.string({ unit: fc.constantFrom("a", "\n", "é", "\r") });
  const sizes = fc.array(fc.integer({ min: 1, max: 5 }));
  await fc.assert(
    fc.asyncProperty(text, sizes, async (whole, cuts) => {
      const found = await linesOf(whole, cuts);
      assert.is(found.map((line) => line.text + (line.ended ? "\n" : "")).join(""), whole);
      const bytes = Buffer.from(whole);
      for (const { text, start, length } of found) {
        assert.is(bytes.subarray(start, start + length).toString("utf8"), text);
      }
    }),
  );
});

lines("of one that is too long only the place is kept", async () => {
  for (const sizes of [[], [1, 1, 1, 1, 1, 1], [4]]) {
    assert.equal(await linesOf("ab\nabcd\ncd", sizes, 3), [
      { text: "ab", start: 0, length: 2, ended: true, tooLong: false },
      { text: "", start: 3, length: 4, ended: true, tooLong: true },
      { text: "cd", start: 8, length: 2, ended: false, tooLong: false },
    ]);
  }
});

lines.run();
