import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { RunSettings } from "../../bench/report/report.js";
import { countRounds, runSuite, type Step } from "../../bench/runner.js";
import type { Case, Scenario, Variant } from "../../bench/scenario.js";
import { PATIENCE_MS } from "../process/descendants.js";
import { PLAYED, type Played } from "./workloads/played.js";

interface Context {
  folder: string;
  diary: string;
}

const runs = suite<Context>("runner", { folder: "", diary: "" });
runs.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "bench-runner-"));
  context.diary = join(context.folder, "diary");
});
runs.after.each(({ folder }) => rmSync(folder, { recursive: true, force: true }));

function variant(
  name: string,
  how: Played["how"],
  diary: string,
  peer: Variant["peer"] = "offthread",
): Variant {
  return { name, peer, work: { workload: PLAYED, input: { how, diary, name } } };
}

function scenario(variants: readonly Variant[], more: Partial<Case> = {}): Scenario {
  const metrics = [{ key: "ms", title: "time", unit: "ms", better: "lower" }] as const;
  const cases = ({ quick }: { quick: boolean }) => [
    { name: quick ? "quick" : "whole", metrics, variants, ...more },
  ];
  return { name: "played", title: "Played", question: "Does it run?", rounds: 3, cases };
}

function run(
  scenarios: readonly Scenario[],
  settings: Partial<RunSettings> = {},
  more: { signal?: AbortSignal; budgetMs?: number; begins?: (step: Step) => void } = {},
) {
  const { signal, budgetMs, begins = () => {} } = more;
  const observer = { roundBegins: begins, roundEnds: () => {} };
  return runSuite({
    scenarios,
    settings: { quick: false, ...settings },
    deadlineMs: PATIENCE_MS,
    budgetMs,
    signal,
    observer,
  });
}

const diaryOf = (context: Context) => readFileSync(context.diary, "utf8").trim().split("\n");

runs("runs every variant in every round, in alternating order", async (context) => {
  const names = ["a", "b", "c"];
  const [report] = await run([scenario(names.map((name) => variant(name, "measure", context.diary)))]);
  assert.equal(diaryOf(context), ["a", "b", "c", "c", "b", "a", "a", "b", "c"]);
  assert.equal(
    report?.cases[0]?.variants.map(({ name, rounds, summaries }) => [
      name,
      rounds.length,
      summaries.ms?.median,
    ]),
    names.map((name) => [name, 3, 5]),
  );
});

runs("plays a round of every case before the next, and those that the time allows", async (context) => {
  const one = (name: string) => scenario([variant(name, "measure", context.diary)]);
  await run([one("a"), one("b")], { rounds: 2 });
  assert.equal(diaryOf(context), ["a", "b", "a", "b"]);
  const steps: string[] = [];
  const begins = ({ variant, round, total }: Step) => steps.push(`${variant} ${round} of ${total}`);
  const reports = await run([one("c"), one("d")], {}, { budgetMs: 0, begins });
  assert.equal(steps, ["c 1 of 6", "d 1 of 6"]);
  assert.equal(
    reports.map(({ cases }) => cases[0]?.variants[0]?.rounds.length),
    [1, 1],
  );
});

runs("goes on when a variant fails, and tries that one no more", async (context) => {
  const variants = [variant("good", "measure", context.diary), variant("bad", "throw", context.diary)];
  const goals = [{ metric: "ms", variant: "bad", against: "good", relation: "at most", factor: 1 }] as const;
  const [report] = await run([scenario(variants, { goals })]);
  assert.equal(diaryOf(context), ["good", "bad", "good", "good"]);
  const [good, bad] = report?.cases[0]?.variants ?? [];
  assert.is(good?.summaries.ms?.rounds, 3);
  assert.match(bad?.failure ?? "", "the digest does not fit");
  assert.equal(bad?.summaries, {});
  assert.is(report?.cases[0]?.goals[0]?.status, "not measured");
});

runs("shows a peer that cannot do it, with the reason, and starts nothing for it", async (context) => {
  const unable: Variant = { name: "idle", peer: "drain", work: { unable: "it parses nothing" } };
  const all = scenario([unable, variant("good", "measure", context.diary)]);
  assert.is(countRounds(all, { quick: false }), 3);
  const [report] = await run([all]);
  assert.is(report?.cases[0]?.variants[0]?.unable, "it parses nothing");
  assert.equal(report?.cases[0]?.variants[0]?.rounds, []);
});

runs("takes rounds, peers and quick from the settings", async (context) => {
  const all = scenario([
    variant("ours", "measure", context.diary),
    variant("theirs", "measure", context.diary, "sdk"),
  ]);
  const [report] = await run([all], { quick: true, rounds: 2, peers: ["sdk"] });
  assert.is(report?.rounds, 2);
  assert.is(report?.cases[0]?.name, "quick");
  assert.equal(diaryOf(context), ["theirs", "theirs"]);
  assert.equal(await run([all], { peers: ["drain"] }), []);
});

runs("tells of every round before it begins", async (context) => {
  const steps: string[] = [];
  const begins = ({ variant, round, done, total }: Step) =>
    steps.push(`${variant} ${round} ${done}/${total}`);
  await run([scenario([variant("a", "measure", context.diary)])], { rounds: 2 }, { begins });
  assert.equal(steps, ["a 1 0/2", "a 2 1/2"]);
});

runs("reports what there is when it is stopped", async (context) => {
  const stop = new AbortController();
  const variants = [variant("fast", "measure", context.diary), variant("stuck", "hang", context.diary)];
  const never = scenario([variant("never", "measure", context.diary)]);
  const begins = (step: Step) => {
    if (step.variant === "stuck") setTimeout(() => stop.abort(), 300);
  };
  const reports = await run([scenario(variants), never], {}, { signal: stop.signal, begins });
  assert.is(reports.length, 1);
  const [fast, stuck] = reports[0]?.cases[0]?.variants ?? [];
  assert.is(fast?.summaries.ms?.rounds, 1);
  assert.equal(stuck?.rounds, []);
  assert.is(stuck?.failure, undefined);
});

runs.run();
