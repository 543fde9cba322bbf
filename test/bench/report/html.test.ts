import { createHash } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { renderHtml } from "../../../bench/report/html.js";
import { formatNumber } from "../../../bench/report/number.js";
import type { ChartSpec } from "../../../bench/report/page/chart-spec.js";
import type { Report } from "../../../bench/report/report.js";
import { attribute, elementsIn, parsePage, rowsIn, textIn, withClass } from "./page-dom.js";
import { HOSTILE, sampleReport } from "./sample-report.js";

const page = suite("HTML page");

const reports: Readonly<Record<string, Report>> = {
  "a full one": sampleReport(),
  "an empty one": sampleReport({ scenarios: [] }),
  "a scenario without cases": sampleReport({
    scenarios: [{ name: "none", title: "None", question: "?", rounds: 1, cases: [] }],
  }),
  "a stopped, quick one": sampleReport({
    interrupted: true,
    settings: { quick: true, rounds: 2, peers: ["sdk"] },
  }),
  "a case without metrics": sampleReport({
    scenarios: [
      {
        name: "bare",
        title: "Bare",
        question: "?",
        rounds: 1,
        cases: [{ name: "bare", metrics: [], variants: [], goals: [], warnings: [] }],
      },
    ],
  }),
};

for (const [name, report] of Object.entries(reports)) {
  const html = renderHtml(report);
  const { root, errors } = parsePage(html);

  page(`${name}: is well-formed`, () => {
    assert.equal(errors, []);
  });

  page(`${name}: ids are unique, and links and labels point to them`, () => {
    const ids = elementsIn(root).flatMap((element) => attribute(element, "id") ?? []);
    assert.equal(ids.length, new Set(ids).size);
    const targets = elementsIn(root, "a").map((link) => attribute(link, "href")?.replace(/^#/, "") ?? "");
    const labels = elementsIn(root).flatMap((element) => attribute(element, "aria-labelledby") ?? []);
    for (const target of [...targets, ...labels]) assert.ok(ids.includes(target), `no element "${target}"`);
  });

  page(`${name}: loads nothing from anywhere`, () => {
    for (const element of elementsIn(root)) {
      for (const { name: key, value } of element.attrs) {
        assert.not(
          ["src", "srcset", "action", "ping", "poster", "style"].includes(key),
          `${element.tagName} ${key}`,
        );
        assert.not(/^on/.test(key), `${element.tagName} ${key}`);
        if (key === "href") assert.match(value, /^(?:#|data:,$)/);
      }
    }
    assert.not.match(elementsIn(root, "style").map(textIn).join(""), /url\(|@import/);
    assert.not.match(html, /sourceMappingURL/);
  });

  page(`${name}: only what the policy names may run`, () => {
    const meta = elementsIn(root, "meta").find(
      (element) => attribute(element, "http-equiv") === "Content-Security-Policy",
    );
    const policy = (meta && attribute(meta, "content")) ?? "";
    assert.match(policy, /^default-src 'none'; /);
    const code = elementsIn(root, "script").filter((script) => attribute(script, "type") === undefined);
    const hashes = [...code, ...elementsIn(root, "style")].map(
      (element) => `'sha256-${createHash("sha256").update(textIn(element)).digest("base64")}'`,
    );
    assert.is(hashes.length, 3);
    assert.equal(policy.match(/'sha256-[^']+'/g), hashes);
    assert.not.match(policy, /unsafe|https?:/);
  });
}

const full = parsePage(renderHtml(sampleReport())).root;
const articles = elementsIn(full, "article");

page("every case has its name, and every round of every variant all its numbers", () => {
  const cases = sampleReport().scenarios.flatMap((scenario) => scenario.cases);
  assert.is(articles.length, cases.length);
  cases.forEach((report, index) => {
    const [article] = articles.slice(index);
    assert.ok(article);
    assert.is(elementsIn(article, "h3").map(textIn).join(), report.name);
    const rows = elementsIn(article, "details").flatMap(rowsIn).slice(1);
    const expected = report.variants.flatMap(({ name, rounds }) =>
      rounds.map((round, at) => [
        ...(at === 0 ? [name] : []),
        String(at + 1),
        ...("failure" in round
          ? ["failed"]
          : ["mainUs", "speed", "frames"].map((key) => formatNumber(round.measurement[key] ?? Number.NaN))),
      ]),
    );
    assert.equal(rows, expected);
  });
});

page(
  "charts have every measured variant with its raw rounds, and words for those who cannot see them",
  () => {
    const data = elementsIn(full, "script").find((script) => attribute(script, "id") === "charts");
    assert.ok(data);
    const charts: ChartSpec[] = JSON.parse(textIn(data));
    assert.is(charts.length, articles.length);
    for (const { id, bars } of charts) {
      const canvas = elementsIn(full, "canvas").find((element) => attribute(element, "id") === id);
      assert.ok(canvas);
      assert.is(attribute(canvas, "role"), "img");
      for (const { label, text } of bars)
        assert.match(attribute(canvas, "aria-label") ?? "", `${label} ${text}`);
      assert.equal(
        bars.map(({ rounds }) => rounds),
        [
          [1.01, 1.03, 1.07],
          [2.13, 2.17, 2.19],
          [41.3, 43.7, 47.9],
        ],
      );
    }
  },
);

page("hostile text stays text, wherever it stands", () => {
  const text = textIn(full);
  assert.is(elementsIn(full, "img").length, 0);
  assert.is(elementsIn(full, "script").length, 3);
  for (const before of [
    "Processor ",
    "unknown (",
    "Title ",
    "Question ",
    "Case ",
    "it reads no messages ",
    "exit code 1\n",
  ]) {
    assert.ok(text.includes(before + HOSTILE), before);
  }
  assert.equal(
    withClass(full, "warnings")
      .map(textIn)
      .filter((warning) => warning === HOSTILE),
    [HOSTILE],
  );
});

page("goals are counted, with the missed ones first", () => {
  const [goals] = withClass(full, "goals");
  assert.ok(goals);
  const verdicts = withClass(goals, "badge").map((badge) => textIn(badge).slice(2));
  const each = ["missed", "within noise", "not measured", "met"];
  assert.equal(
    verdicts,
    each.flatMap((status) => [status, status]),
  );
  assert.equal(withClass(full, "counts").map(textIn), [each.map((status) => `2 ${status}`).join("")]);
});

page("tells of machine, versions, date and settings", () => {
  const facts = (report: Report) => {
    const [head] = elementsIn(parsePage(renderHtml(report)).root, "header");
    assert.ok(head);
    return textIn(head).replaceAll(/\s+/g, " ");
  };
  const told = facts(sampleReport());
  for (const fact of [
    "14 March 2026 at 09:26 UTC",
    "8 cores",
    "16 GiB",
    "v20.20.2",
    "0.3.330",
    "0.25, 0.50, 0.75",
  ]) {
    assert.ok(told.includes(fact), fact);
  }
  assert.match(told, "6 min 52 s, default settings");
  assert.not.match(told, "busy");
  const odd = facts({
    ...sampleReport({
      interrupted: true,
      settings: { quick: true, rounds: 2, peers: ["sdk"] },
      durationMs: 900,
    }),
    machine: { ...sampleReport().machine, loadAverage: [7, 1, 1] },
  });
  for (const fact of [
    "stopped",
    "no more than an impression",
    "busy",
    "1 s, quick, rounds set to 2, only sdk",
  ]) {
    assert.ok(odd.includes(fact), fact);
  }
});

page.run();
