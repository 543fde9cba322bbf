import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { echo, onPrompt, onUser, sleep, turn } from "../../src/testing/index.js";
import { assertComplete, type BatchStage, onBatchStage, recorded, rows } from "./batch-stage.js";
import { ended, MAIN } from "./command-run.js";

const IN_AND_OUT = ["prompts.jsonl", "-o", "results.jsonl"];
const failures = suite("claude-offthread batch: how it fails");

type Wrong = [args: string[], said: RegExp, code?: number];
const WRONG: readonly Wrong[] = [
  [["prompts.jsonl"], /required option '-o, --output <file>'/],
  [["-o", "", "prompts.jsonl"], /It is empty/],
  [["missing.jsonl", "-o", "out"], /^error \[BAD_INPUT\]: missing\.jsonl does not exist\.\n$/],
  [["semicolons.csv", "-o", "out"], /its? header is one column, "id;prompt": .* not by ";"\.\n$/i],
  [["folder", "-o", "out", "--format", "jsonl"], /folder is a folder/],
  [["prompts.json", "-o", "out"], /cannot be told by its ending; say so with --format/],
  [["prompts.jsonl", "-o", "out", "--template", "{{a}}"], /are for CSV/],
  [["prompts.jsonl", "-o", "out", "--format", "xml"], /Allowed choices are jsonl, csv, lines/],
  [
    ["in.csv", "-o", "out", "--template", "nothing"],
    /^error \[INVALID_ARGUMENT\]: The template names no column/,
  ],
  [
    ["in.csv", "-o", "out", "--template", "{{c}}"],
    /in\.csv:1: The template names columns that are missing: "c"/,
  ],
  [["prompts.jsonl", "-o", "-"], /^error \[INVALID_ARGUMENT\]: The results need a file/],
  [["prompts.jsonl", "-o", "prompts.jsonl"], /prompts\.jsonl is the input/],
  [["prompts.jsonl", "-o", "link.jsonl"], /link\.jsonl is the input/],
  [["prompts.jsonl", "-o", "out", "--concurrency", "0"], /Give a whole number from 1/],
  [["prompts.jsonl", "-o", "out", "--attempts", "1.5"], /Give a whole number from 1/],
  [["prompts.jsonl", "-o", "out", "--max-budget-usd", "none"], /Give US dollars/],
  [["prompts.jsonl", "-o", "out", "--timeout", "0"], /Give seconds/],
  [["prompts.jsonl", "-o", "out", "--isolation", "none"], /Allowed choices are session, process/],
  [["prompts.jsonl", "-o", "out", "-q", "--json-progress"], /cannot be used with/],
  [["prompts.jsonl", "-o", "out", "--claude", "/nonexistent/claude"], /^error \[BINARY_NOT_FOUND\]/, 3],
  [["prompts.jsonl", "-o", "out", "--cwd", "/nonexistent"], /^error \[SPAWN_FAILED\]/, 3],
  [
    ["prompts.jsonl", "-o", "no/where/out"],
    /^error \[OUTPUT_FAILED\]: .*the folder no\/where does not exist/,
    5,
  ],
  [["prompts.jsonl", "-o", "folder"], /^error \[OUTPUT_FAILED\]: .*It is a folder/, 5],
  [["prompts.jsonl", "-o", "in.csv"], /^error \[OUTPUT_FAILED\]: .*in\.csv:1 is no outcome of a batch/, 5],
];

failures("what cannot work is told before anything runs", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(1));
    stage.write("prompts.json", rows(1));
    stage.write("in.csv", "a,b\n1,2\n");
    stage.write("semicolons.csv", "id;prompt\n1;2\n");
    symlinkSync("prompts.jsonl", join(stage.folder, "link.jsonl"));
    symlinkSync(".", join(stage.folder, "folder"));
    const runs = WRONG.map(async ([given, said, code = 2], index) => {
      // Side by side, so each has results of its own.
      const args = given.map((item) => (item === "out" ? `out-${index}` : item));
      return { args, said, code, ended: await stage.run(...args) };
    });
    for (const { args, said, code, ended } of await Promise.all(runs)) {
      assert.is(ended.exitCode, code, `${args.join(" ")}: ${ended.stderr}`);
      assert.match(ended.stderr, said);
      assert.is(ended.stdout, "");
    }
    assert.is(stage.read("in.csv"), "a,b\n1,2\n");
    assert.equal(
      readdirSync(stage.folder).filter((name) => name.startsWith("out")),
      [],
    );
  });
});

failures("two runs on the same results refuse each other, by whatever name", async () => {
  await onBatchStage([onUser(turn(sleep(1_500), echo()))], async (stage) => {
    stage.write("prompts.jsonl", rows(2));
    const args = [...IN_AND_OUT, "--concurrency", "1"];
    symlinkSync("results.jsonl", join(stage.folder, "other.jsonl"));
    stage.write("results.jsonl", "");
    const first = [
      stage.start(...args),
      stage.start("prompts.jsonl", "-o", "other.jsonl", "--concurrency", "1"),
    ];
    const ends = await Promise.all(first.map(ended));
    assert.equal(ends.map(({ exitCode }) => exitCode).sort(), [0, 5]);
    const refused = ends.find(({ exitCode }) => exitCode === 5);
    assert.match(
      refused?.stderr ?? "",
      /^error \[OUTPUT_LOCKED\]: Process \d+ writes to .*results\.jsonl already/,
    );
    assertComplete(stage.results(), 2);
  });
});

/** Runs with files limited to so many KiB, as on a disk that fills up. */
async function limited(stage: BatchStage, kib: number, args: readonly string[], env: NodeJS.ProcessEnv) {
  const script = `ulimit -f ${2 * kib}; exec "$@"`;
  const child = spawn("sh", ["-c", script, "sh", process.execPath, MAIN, "batch", ...args], {
    cwd: stage.folder,
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk) => (stderr += chunk));
  const [exitCode] = await once(child, "close");
  return { exitCode, stderr };
}

failures("when the disk is full it stops, tells what was lost, and goes on from there later", async () => {
  if (process.platform === "win32") return;
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(60));
    const args = [
      ...IN_AND_OUT,
      "--concurrency",
      "3",
      "--claude",
      join(stage.folder, "../tmp/claude-stand-in"),
    ];
    const { exitCode, stderr } = await limited(stage, 8, args, { PATH: process.env.PATH });
    assert.is(exitCode, 5, stderr);
    const kept = stage.results().length;
    assert.ok(kept > 5 && kept < 60, `${kept} lines`);
    assert.ok(stage.read("results.jsonl").endsWith("\n"), "no torn line");
    assert.match(stderr, /^stopped \d+ of 60 prompts in .*broken off by an error$/m);
    assert.match(
      stderr,
      /^error \[OUTPUT_FAILED\]: .*results\.jsonl cannot be written\. .*\(EFBIG\)\. \d+ prompts? had ended and (is|are) not recorded: "p\d+"/m,
    );
    assert.is((await stage.run(...IN_AND_OUT)).exitCode, 0);
    assertComplete(stage.results(), 60);
  });
});

failures("a torn last line is cut off, and its prompt runs again", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(3));
    await stage.run(...IN_AND_OUT);
    stage.write("results.jsonl", stage.read("results.jsonl").slice(0, -20));
    const { exitCode, stderr } = await stage.run(...IN_AND_OUT);
    assert.is(exitCode, 0);
    assert.match(
      stderr,
      /^results\.jsonl: cut off an unfinished line of \d+ bytes; its prompt runs again\ndone {4}1 of 1 prompt /,
    );
    assertComplete(stage.results(), 3);
  });
});

failures("a file that changes while it runs ends the run", async () => {
  await onBatchStage([onPrompt("say 0", turn(sleep(1_000), echo()))], async (stage) => {
    const count = 3_000;
    const long = "x".repeat(1_000);
    stage.write(
      "prompts.jsonl",
      rows(count, (index) => `say ${index} ${long}`),
    );
    const run = stage.start(...IN_AND_OUT, "--concurrency", "1");
    await recorded(stage, run, 1);
    stage.write(
      "prompts.jsonl",
      rows(count, (index) => `now ${index} ${long}`),
    );
    run.kill("SIGCONT");
    const { exitCode, stderr } = await ended(run);
    assert.is(exitCode, 2, stderr);
    assert.match(stderr, /^error \[BAD_INPUT\]: prompts\.jsonl:\d+ has changed while the batch ran/m);
  });
});

const DEATHS = ["SIGTERM", "SIGKILL"] as const;
for (const signal of DEATHS) {
  failures(`${signal} to claude at each attempt costs one prompt, not the batch`, async () => {
    await onBatchStage([], async (stage) => {
      stage.write("prompts.jsonl", rows(4));
      stage.script([onPrompt("say 2", { do: "kill", signal }, turn(echo()))]);
      const { exitCode, stderr } = await stage.run(...IN_AND_OUT, "--concurrency", "1", "--attempts", "2");
      assert.is(exitCode, 1, stderr);
      const failed = stage.results().filter(({ status }) => status === "failed");
      assert.equal(
        failed.map(({ id, error }) => `${id} ${error?.kind}`),
        ["p2 poison"],
      );
      assert.is(stage.results().length, 4);
    });
  });
}

failures.run();
