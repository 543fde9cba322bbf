import { suite } from "uvu";
import * as assert from "uvu/assert";
import { roundsTable, summaryTable } from "../../../../bench/report/page/tables.js";
import { attribute, elementsIn, parsePage, rowsIn, withClass } from "../page-dom.js";
import { HOSTILE, sampleCase } from "../sample-report.js";

const tables = suite("page tables");

const summary = parsePage(summaryTable(sampleCase()).text).root;

tables("shows median, spread and relation to the first variant", () => {
  assert.equal(rowsIn(summary).slice(0, 4), [
    ["variant", "main thread, µslower is better", "throughput, MB/shigher is better"],
    ["offthread, untouched", "1.03± 3 % 1×", "310± 3 % 1×"],
    ["offthread, touched", "2.17± 1 % 2.11×", "151± 1 % 0.487×"],
    ["sdk", "43.7± 8 % 42.4×", "7.3± 4 % 0.0235×"],
  ]);
});

tables("shows why there are no figures across all columns", () => {
  assert.equal(rowsIn(summary).slice(4), [
    ["readline", `failed: exit code 1\n${HOSTILE}`],
    ["drain", `cannot do it: it reads no messages ${HOSTILE}`],
  ]);
  const reasons = withClass(summary, "reason").map((cell) => attribute(cell, "colspan"));
  assert.equal(reasons, ["2", "2"]);
});

tables("compares with the first variant that was measured", () => {
  const { variants, ...rest } = sampleCase();
  const turned = parsePage(summaryTable({ ...rest, variants: variants.toReversed() }).text).root;
  const ratios = rowsIn(turned).map((row) => /[\d.]+×/.exec(row[1] ?? "")?.[0]);
  assert.equal(ratios, [undefined, undefined, undefined, "1×", "0.0497×", "0.0236×"]);
});

tables("says so when the spread is unknown, a median is zero or a metric is missing", () => {
  const measured = (mainUs: number) => ({
    rounds: 1,
    median: mainUs,
    lowerQuartile: mainUs,
    upperQuartile: mainUs,
  });
  const [first, second] = sampleCase().variants;
  assert.ok(first && second);
  const { root } = parsePage(
    summaryTable({
      ...sampleCase(),
      variants: [
        { ...first, summaries: { mainUs: { ...measured(0), min: 0, max: 0 } } },
        { ...second, summaries: { mainUs: { ...measured(3), min: 3, max: 3 } } },
      ],
    }).text,
  );
  assert.equal(rowsIn(root).slice(1), [
    ["offthread, untouched", "0± ?", "not measured"],
    ["offthread, touched", "3± ?", "not measured"],
  ]);
});

tables("headers say what they head, and a wide table can be scrolled by keyboard", () => {
  const all = [summary, parsePage(roundsTable(sampleCase())?.text ?? "").root];
  for (const root of all) {
    const scopes = elementsIn(root, "th").map((cell) => attribute(cell, "scope"));
    assert.ok(scopes.length > 0 && scopes.every((scope) => scope !== undefined));
    const [region] = withClass(root, "scroll");
    assert.ok(region);
    assert.is(attribute(region, "tabindex"), "0");
    assert.ok(attribute(region, "aria-label"));
  }
});

tables("has no table of rounds where none was run", () => {
  const { variants, ...rest } = sampleCase();
  assert.is(
    roundsTable({ ...rest, variants: variants.filter(({ unable }) => unable !== undefined) }),
    undefined,
  );
});

tables.run();
