import { suite } from "uvu";
import * as assert from "uvu/assert";
import { chartOf, describeChart } from "../../../../bench/report/page/chart-spec.js";
import { sampleCase } from "../sample-report.js";

const spec = suite("chart spec");

spec("has the first metric of every measured variant", () => {
  const chart = chartOf("id", sampleCase());
  assert.is(chart?.axis, "main thread, µs (lower is better)");
  assert.equal(chart?.bars[2], {
    label: "sdk",
    peer: "sdk",
    median: 43.7,
    text: "43.7 µs",
    rounds: [41.3, 43.7, 47.9],
    roundTexts: ["41.3 µs", "43.7 µs", "47.9 µs"],
  });
  assert.equal(
    chart?.bars.map(({ label }) => label),
    ["offthread, untouched", "offthread, touched", "sdk"],
  );
});

spec("says in words what it shows", () => {
  const chart = chartOf("id", sampleCase());
  assert.ok(chart);
  assert.match(
    describeChart(chart),
    "lower is better): offthread, untouched 1.03 µs; offthread, touched 2.17 µs; sdk 43.7 µs.",
  );
});

spec("there is none without a metric or without figures", () => {
  assert.is(chartOf("id", { ...sampleCase(), metrics: [] }), undefined);
  const { variants, ...rest } = sampleCase();
  assert.is(chartOf("id", { ...rest, variants: variants.slice(3) }), undefined);
});

spec.run();
