import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { ANY, fits, literal, ONE, starPattern } from "../../src/policy/wildcard.js";

const wildcards = suite("wildcards");

function sourceOf(pattern: readonly number[]): string {
  const pieces = new Map([
    [ANY, ".*"],
    [ONE, "."],
  ]);
  return pattern.map((each) => pieces.get(each) ?? String.fromCharCode(each)).join("");
}

wildcards("fit what a regular expression of the same meaning fits", () => {
  const token = fc.constantFrom(ANY, ONE, ...literal("ab"));
  const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(token, { maxLength: 8 }), text, (pattern, given) => {
      assert.is(fits(pattern, given), new RegExp(`^${sourceOf(pattern)}$`).test(given));
    }),
    { numRuns: 3_000 },
  );
});

wildcards("take no more time than the product of both lengths", () => {
  const stars = starPattern("*a".repeat(250));
  assert.is(fits([...stars, ...literal("b")], "a".repeat(16_000)), false);
  assert.is(fits([...stars, ANY], "a".repeat(16_000)), true);
});

wildcards.run();
