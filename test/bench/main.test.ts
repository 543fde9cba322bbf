import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Report } from "../../bench/report/report.js";
import { SCENARIOS } from "../../bench/scenarios/index.js";
import { until } from "../process/descendants.js";
import { ChildRun } from "../testing/child-run.js";

const MAIN = fileURLToPath(new URL("../../bench/main.js", import.meta.url));

interface Context {
  folder: string;
}

const bench = suite<Context>("npm run bench", { folder: "" });
bench.before((context) => {
  context.folder = mkdtempSync(join(tmpdir(), "bench-main-"));
});
bench.after(({ folder }) => rmSync(folder, { recursive: true, force: true }));

function start(context: Context, ...args: string[]): ChildRun {
  const { PATH = "" } = process.env;
  const files = [
    "--json",
    join(context.folder, "report.json"),
    "--html",
    join(context.folder, "report.html"),
  ];
  const all = args.includes("--quick") ? [...args, ...files] : args;
  return new ChildRun({
    command: process.execPath,
    args: [MAIN, ...all],
    env: { PATH, TMPDIR: context.folder },
    cwd: context.folder,
  });
}

bench(
  "a quick scenario runs with all peers, and is reported on the terminal and in files",
  async (context) => {
    const run = start(context, "throughput", "--quick");
    const { exitCode } = await run.ended;
    const stdout = run.stdout.toString("utf8");
    assert.is(exitCode, 0, `${stdout}\n${run.stderr}`);
    assert.match(stdout, "Throughput (throughput)");
    assert.match(run.stderr, /^4\/4 throughput: /m);
    const report: Report = JSON.parse(readFileSync(join(context.folder, "report.json"), "utf8"));
    assert.is(report.interrupted, false);
    const variants = report.scenarios[0]?.cases[0]?.variants ?? [];
    assert.equal(
      variants.map(({ name, rounds }) => [name, rounds.length]),
      [
        ["offthread", 1],
        ["sdk", 1],
        ["readline", 1],
        ["drain", 1],
      ],
    );
    for (const { name, summaries } of variants) {
      assert.ok((summaries.megabytesPerSecond?.median ?? 0) > 0, name);
      assert.match(stdout, new RegExp(`^  ${name} +[\\d.,]+ `, "m"));
    }
    const { machine } = report;
    for (const version of Object.values(machine.versions)) assert.match(version, /^\d+\.\d+\.\d+/);
    assert.is(machine.node, process.version);
  },
);

bench("Ctrl+C ends it, and what there was is reported", async (context) => {
  const run = start(context, "main-thread", "--peers", "offthread", "--quick");
  await until("the end of the first case", () => run.stderr !== "");
  run.kill("SIGINT");
  const { exitCode } = await run.ended;
  assert.is(exitCode, 130);
  assert.match(run.stdout.toString("utf8"), "The run was stopped");
});

bench("--list names every scenario", async (context) => {
  const run = start(context, "--list");
  assert.is((await run.ended).exitCode, 0);
  for (const { name } of SCENARIOS) assert.match(run.stdout.toString("utf8"), new RegExp(`^${name} `, "m"));
});

const wrong: readonly [args: readonly string[], complaint: RegExp][] = [
  [["nothing-like-it"], /no scenario "nothing-like-it"; there are: main-thread/],
  [["--peers", "offthread,other"], /There are: offthread, sdk, readline, drain/],
  [["--rounds", "0"], /whole number from 1/],
  [["--rounds"], /argument missing/],
  [["--slow"], /unknown option '--slow'/],
];
for (const [args, complaint] of wrong) {
  bench(`refuses ${args.join(" ")}`, async (context) => {
    const run = start(context, ...args);
    assert.is((await run.ended).exitCode, 2);
    assert.match(run.stderr, complaint);
    assert.is(run.stdout.length, 0);
  });
}

bench("--help tells how it ends", async (context) => {
  const run = start(context, "--help");
  assert.is((await run.ended).exitCode, 0);
  assert.match(run.stdout.toString("utf8"), "Exit codes:");
});

bench.run();
