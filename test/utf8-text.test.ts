import { serialize } from "node:v8";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { utf8Text } from "../src/utf8-text.js";

const text = suite("utf8-text");

const LONG = 2_000;

text("gives what toString gives, whatever the bytes, short and long", () => {
  const pieces = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 50 }).map((piece) => Buffer.from(piece)),
    fc.string({ maxLength: 50 }).map((piece) => Buffer.from(piece)),
    // A surrogate half by itself, a byte order mark, a sequence that is cut off, one that is too long, junk.
    fc.constantFrom("\ud800", "\ufeff", "日本語").map((piece) => Buffer.from(piece)),
    fc.constantFrom("e697", "c0af", "eda080", "f4908080", "ff").map((hex) => Buffer.from(hex, "hex")),
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 20 }), fc.boolean(), (parts, long) => {
      const bytes = Buffer.concat([...parts, Buffer.alloc(long ? LONG : 0, "x"), ...parts]);
      assert.is(utf8Text(bytes), bytes.toString("utf8"));
    }),
    { numRuns: 500 },
  );
});

text("long text of every kind is what it was", () => {
  for (const piece of ["plain ascii ", "café ", "— “quoted” ", "日本語", "🙂👩‍👩‍👧", "\ufeff"]) {
    const whole = piece.repeat(LONG);
    assert.is(utf8Text(Buffer.from(whole)), whole);
  }
});

text("a part alone is decoded, also of a view that begins inside its buffer", () => {
  const bytes = Buffer.from(`junk${"é".repeat(LONG)}junk`).subarray(2);
  assert.is(utf8Text(bytes, 2, bytes.length - 4), "é".repeat(LONG));
  assert.is(utf8Text(bytes, 2, 8), "ééé");
  assert.is(utf8Text(bytes, 3, 3 + 2 * LONG), bytes.toString("utf8", 3, 3 + 2 * LONG));
});

text("plain ASCII stays a string of one byte per character", () => {
  // A string of UTF-16 code units would show in what it takes to be stored.
  const bytes = Buffer.alloc(LONG, "a");
  assert.is(serialize(utf8Text(bytes)).length, serialize(bytes.toString("latin1")).length);
});

text.run();
