import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  ANY,
  ANY_BUT_SEPARATOR,
  fits,
  literal,
  ONE_BUT_SEPARATOR,
  SEPARATOR,
} from "../../src/policy/wildcard.js";

const wildcards = suite("wildcards");

const token = fc.constantFrom(ANY, ANY_BUT_SEPARATOR, ONE_BUT_SEPARATOR, ...literal(`ab${SEPARATOR}`));

function sourceOf(pattern: readonly number[]): string {
  const pieces = new Map([
    [ANY, "[^]*"],
    [ANY_BUT_SEPARATOR, "[^\\0]*"],
    [ONE_BUT_SEPARATOR, "[^\\0]"],
  ]);
  return pattern.map((each) => pieces.get(each) ?? `\\x${each.toString(16).padStart(2, "0")}`).join("");
}

wildcards("fit what a regular expression of the same meaning fits", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "b", SEPARATOR), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(token, { maxLength: 8 }), text, (pattern, given) => {
      assert.is(fits(pattern, given), new RegExp(`^${sourceOf(pattern)}$`).test(given));
    }),
    { numRuns: 3_000 },
  );
});

wildcards("take no more time than the product of both lengths", () => {
  const pattern = Array.from({ length: 500 }, (_, index) => (index % 2 === 0 ? ANY : 97));
  assert.is(fits([...pattern, 98], "a".repeat(16_000)), false);
  assert.is(fits([...pattern, ANY], "a".repeat(16_000)), true);
});

wildcards.run();
