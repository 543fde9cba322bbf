import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isPlaceholder, type LeafKind, placeholderText } from "../../src/channel/envelope.js";

const KINDS: readonly LeafKind[] = ["string", "object", "array"];
const kind = fc.constantFrom(...KINDS);
const MARK = "leaf-0b7c9f6e-";

const envelope = suite("placeholders");

envelope("are JSON of their leaf's kind", () => {
  fc.assert(
    fc.property(kind, fc.nat(10_000), (kind, leaf) => {
      const value: unknown = JSON.parse(placeholderText(kind, MARK, leaf));
      const found = Array.isArray(value) ? "array" : typeof value;
      assert.is(found, kind);
    }),
  );
});

envelope("know their own leaf, and no other", () => {
  fc.assert(
    fc.property(kind, kind, fc.nat(200), fc.nat(200), (made, asked, a, b) => {
      const value: unknown = JSON.parse(placeholderText(made, MARK, a));
      assert.is(isPlaceholder(value, made, MARK, a), true);
      if (a !== b) assert.is(isPlaceholder(value, made, MARK, b), false);
      assert.is(isPlaceholder(value, made, "another-mark-", a), false);
      if (made === "string" || asked === "string") {
        assert.is(isPlaceholder(value, asked, MARK, a), made === asked);
      }
    }),
  );
});

const values: readonly unknown[] = [
  undefined,
  null,
  0,
  "",
  "text",
  `${MARK}0x`,
  [],
  {},
  [MARK],
  { a: 0 },
  true,
];
for (const value of values) {
  envelope(`${JSON.stringify(value)} is none`, () => {
    for (const one of KINDS) assert.is(isPlaceholder(value, one, MARK, 0), false);
  });
}

envelope("a name that is only inherited is none", () => {
  assert.is(isPlaceholder(Object.create({ [`${MARK}0`]: 0 }), "object", MARK, 0), false);
});

envelope.run();
