import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { overlap, quantile, type Summary, summarize } from "../../bench/statistics.js";

const statistics = suite("statistics");

const rows: [values: number[], expected: Partial<Summary>][] = [
  [[7], { rounds: 1, median: 7, lowerQuartile: 7, upperQuartile: 7, min: 7, max: 7 }],
  [[4, 2], { rounds: 2, median: 3, lowerQuartile: 2.5, upperQuartile: 3.5, min: 2, max: 4 }],
  [[3, 1, 2], { median: 2, lowerQuartile: 1.5, upperQuartile: 2.5, spread: 0.5 }],
  [[10, 11, 9, 10, 1_000], { median: 10, lowerQuartile: 10, upperQuartile: 11, spread: 0.1, max: 1_000 }],
  [[-4, -2, -3], { median: -3, spread: 1 / 3 }],
];
for (const [values, expected] of rows) {
  statistics(`adds up ${values.join(" ")}`, () => {
    const summary = summarize(values);
    for (const [key, value] of Object.entries(expected)) {
      assert.is(summary?.[key as keyof Summary], value, key);
    }
  });
}

statistics("tells no spread of less than three rounds, or around zero", () => {
  for (const values of [[5], [5, 6], [0, 0, 0]]) assert.not.ok("spread" in (summarize(values) ?? {}));
});

statistics("has nothing to say without rounds", () => assert.is(summarize([]), undefined));

statistics("keeps the order min, quartile, median, quartile, max", () => {
  void fc.assert(
    fc.property(fc.array(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { minLength: 1 }), (values) => {
      const before = [...values];
      const { min, lowerQuartile, median, upperQuartile, max } = summarize(values) as Summary;
      const chain = [min, lowerQuartile, median, upperQuartile, max];
      assert.equal(
        chain,
        [...chain].sort((a, b) => a - b),
      );
      assert.equal(values, before, "the rounds stay in the order of time");
    }),
  );
});

statistics("interpolates between neighbours", () => {
  assert.is(quantile([10, 20], 0.25), 12.5);
  assert.is(quantile([1, 2, 3], 1), 3);
});

statistics("knows what cannot be told apart", () => {
  const of = (...values: number[]) => summarize(values) as Summary;
  assert.ok(overlap(of(1, 2, 3), of(2, 3, 4)));
  assert.not(overlap(of(1, 2, 3), of(10, 11, 12)));
  assert.not(overlap(of(10, 11, 12), of(1, 2, 3)));
});

statistics.run();
