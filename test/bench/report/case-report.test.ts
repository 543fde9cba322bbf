import { suite } from "uvu";
import * as assert from "uvu/assert";
import { reportCase } from "../../../bench/report/case-report.js";
import type { CaseReport, Round } from "../../../bench/report/report.js";
import { renderCase } from "../../../bench/report/terminal.js";
import type { Case } from "../../../bench/scenario.js";

const work = { workload: "flood", input: {} };
const CASE: Case = {
  name: "300 KB text",
  metrics: [
    { key: "us", title: "per frame", unit: "µs", better: "lower" },
    { key: "ms", title: "in all", unit: "ms", better: "lower" },
  ],
  variants: [
    { name: "ours", peer: "offthread", work },
    { name: "theirs", peer: "sdk", work },
    { name: "floor", peer: "drain", work: { unable: "it parses nothing" } },
  ],
  goals: [{ metric: "us", variant: "ours", against: "theirs", relation: "times better", factor: 20 }],
};

function report(ours: readonly (number | string)[], theirs: readonly (number | string)[]): CaseReport {
  const rounds = (values: readonly (number | string)[]) =>
    values.map(
      (value): Round =>
        typeof value === "string" ? { failure: value } : { measurement: { us: value, ms: value * 100 } },
    );
  return reportCase(
    CASE,
    new Map([
      ["ours", rounds(ours)],
      ["theirs", rounds(theirs)],
      ["floor", []],
    ]),
  );
}

const cases = suite("case report");

cases("adds up every metric, and keeps the raw rounds", () => {
  const { variants, goals, warnings } = report([60, 62, 61], [1_500, 1_510, 1_600]);
  const [ours] = variants;
  assert.is(ours?.summaries.us?.median, 61);
  assert.is(ours?.summaries.ms?.median, 6_100);
  assert.is(ours?.rounds.length, 3);
  assert.is(goals[0]?.status, "met");
  assert.equal(warnings, []);
});

const doubts: readonly [title: string, ours: number[], theirs: number[], warning: RegExp][] = [
  ["rounds that overlap", [60, 70, 80], [65, 75, 85], /^"ours" cannot be told from "theirs"/],
  ["rounds that differ widely", [10, 50, 90], [1_000, 1_001, 1_002], /^"ours" varies by 80 % /],
  ["too few rounds", [60, 61], [1_000, 1_001], /^Less than three rounds/],
];
for (const [title, ours, theirs, warning] of doubts) {
  cases(`warns of ${title}`, () => {
    const { warnings } = report(ours, theirs);
    assert.is(warnings.length, 1, warnings.join("\n"));
    assert.match(warnings[0] ?? "", warning);
  });
}

cases("a failed round takes all figures of its variant with it", () => {
  const { variants, goals } = report([60, 61, "it hung"], [1_000, 1_001, 1_002]);
  assert.is(variants[0]?.failure, "it hung");
  assert.equal(variants[0]?.summaries, {});
  assert.is(goals[0]?.status, "not measured");
});

cases("the table shows medians, spread, relation, raw rounds, verdict and reasons", () => {
  const lines = renderCase(report([60, 62, 61], [1_500, 1_510, 1_600]));
  const text = lines.join("\n");
  assert.match(text, /^300 KB text +per frame, µs +± +x +in all, ms +rounds$/m);
  assert.match(text, /^ {2}ours +61 +2 % +1 +6,100 +60 62 61$/m);
  assert.match(text, /^ {2}theirs +1,510 +3 % +24\.8 +151,000 +1,500 1,510 1,600$/m);
  assert.match(text, /^ {2}- floor: it parses nothing$/m);
  assert.match(text, /^ {2}✓ met: ours, per frame: at least 20x better than theirs: 24\.8x/m);
  assert.match(renderCase(report([60], ["it hung"])).join("\n"), /^ {2}FAILED theirs: it hung$/m);
});

cases.run();
