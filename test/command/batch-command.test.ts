import { spawnSync } from "node:child_process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { assistant, echo, init, onPrompt, onUser, result, turn } from "../../src/testing/index.js";
import { assertComplete, onBatchStage, rows } from "./batch-stage.js";
import { ended } from "./command-run.js";

const IN_AND_OUT = ["prompts.jsonl", "-o", "results.jsonl"];
const failing = onPrompt("fail", [
  init(),
  assistant("no"),
  result({ is_error: true, subtype: "error_during_execution", result: "it went wrong" }),
]);

const batch = suite("claude-offthread batch");

batch("asks every prompt once, each with its answer; again, it has nothing to do", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(30));
    const first = await stage.run(...IN_AND_OUT, "--concurrency", "3");
    assert.is(first.exitCode, 0, first.stderr);
    assert.is(first.stdout, "");
    assertComplete(stage.results(), 30);
    assert.match(first.stderr, /^done {4}30 of 30 prompts in .*\n {8}30 succeeded, 0 failed\n$/);
    const before = stage.read("results.jsonl");
    const again = await stage.run(...IN_AND_OUT);
    assert.is(again.exitCode, 0);
    assert.match(again.stderr, /^done {4}nothing to run\n {8}30 recorded before\n$/);
    assert.is(stage.read("results.jsonl"), before);
  });
});

batch("an input without prompts is told of, and leaves no results", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", "\n\n");
    const { exitCode, stderr } = await stage.run(...IN_AND_OUT);
    assert.equal([exitCode, stderr], [0, "done    nothing to run: prompts.jsonl has no prompts\n"]);
    assert.not.ok(stage.exists("results.jsonl"));
  });
});

batch("a line of results tells what became of a prompt", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", '{"custom_id":7,"prompt":"hi","metadata":{"mine":[1]},"timeoutMs":60000}\n');
    assert.is((await stage.run(...IN_AND_OUT)).exitCode, 0);
    const [line] = stage.results();
    assert.equal(Object.keys(line ?? {}), [
      ...["id", "status", "digest", "text", "costUsd", "attempts", "usage", "sessionId", "timings"],
      ...["metadata", "endedAt"],
    ]);
    assert.is(line?.id, "7");
    assert.ok(Object.values(line?.timings ?? {}).every(Number.isInteger), "whole milliseconds");
    assert.equal(line?.metadata, { mine: [1] });
    stage.write("prompts.jsonl", '{"id":"other","prompt":"hi"}\n');
    assert.is((await stage.run(...IN_AND_OUT, "--with-result")).exitCode, 0);
    assert.match(JSON.stringify(stage.results()[1]?.result), /"type":"result"/);
  });
});

batch("CSV by a template, and lines on stdin", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("in.csv", '\ufeffkey,body\r\na,"x\r\ny"\r\nb,"é, ""z"""\r\n');
    const csv = await stage.run(
      "in.csv",
      "--template",
      "<{{body}}>",
      "--id-column",
      "key",
      "-o",
      "results.jsonl",
    );
    assert.is(csv.exitCode, 0, csv.stderr);
    const run = stage.start("--format", "lines", "-o", "results.jsonl");
    run.send("first");
    run.send("");
    run.send("third");
    await run.end();
    const texts = Object.fromEntries(stage.results().map(({ id, text }) => [id, text]));
    assert.equal(texts, { a: "<x\ny>", b: '<é, "z">', "line-1": "first", "line-3": "third" });
  });
});

batch("rows on stdin run as they come; a bad one ends the run after those before it", async () => {
  await onBatchStage([], async (stage) => {
    const bad = stage.start("-o", "results.jsonl");
    bad.send(rows(2).trim());
    bad.send("{");
    bad.send('{"id":"late","prompt":"never read"}');
    await bad.end();
    const { exitCode, stderr } = await ended(bad);
    assert.is(exitCode, 2);
    assertComplete(stage.results(), 2);
    assert.match(stderr, /^stopped 2 prompts in .*broken off by an error$/m);
    assert.match(stderr, /^error \[BAD_INPUT\]: A row cannot be run:\n {2}stdin:3: it is not JSON/m);
    const mended = stage.start("-", "-o", "results.jsonl", "--skip-bad");
    mended.send(rows(2).trim());
    mended.send("{");
    mended.send('{"id":"p2","prompt":"say 2"}');
    await mended.end();
    assert.is((await mended.ended).exitCode, 0);
    assertComplete(stage.results(), 3);
    assert.match(mended.stderr, /2 recorded before, 1 bad row set aside\nbad row stdin:3: it is not JSON/);
  });
});

batch("bad rows of a file are told before anything runs, or are set aside", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", `${rows(2)}{"id":"p0","prompt":"again"}\nnonsense\n{"id":"x"}\n`);
    const { exitCode, stderr } = await stage.run(...IN_AND_OUT);
    assert.is(exitCode, 2);
    assert.match(stderr, /^error \[BAD_INPUT\]: 3 rows cannot be run:\n/);
    assert.match(stderr, '\n  prompts.jsonl:3: its id "p0" was used on an earlier line\n');
    assert.match(stderr, "\n  prompts.jsonl:4: it is not JSON");
    assert.match(stderr, '\n  prompts.jsonl:5: it has no "prompt"\n');
    assert.match(stderr, "hint: --skip-bad");
    assert.not(stage.exists("results.jsonl"));
    const skipped = await stage.run(...IN_AND_OUT, "--skip-bad");
    assert.is(skipped.exitCode, 0);
    assertComplete(stage.results(), 2);
    assert.match(skipped.stderr, "3 bad rows set aside");
  });
});

batch("a changed prompt under a recorded id is an error, and its outcome stays", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(2));
    await stage.run(...IN_AND_OUT);
    for (const changed of [rows(2, (index) => `other ${index}`), rows(1).replace("}", ',"model":"opus"}')]) {
      stage.write("prompts.jsonl", changed);
      const { exitCode, stderr } = await stage.run(...IN_AND_OUT);
      assert.is(exitCode, 2);
      assert.match(
        stderr,
        'prompts.jsonl:1: its prompt or an override is not what was recorded under the id "p0"',
      );
    }
    assertComplete(stage.results(), 2);
  });
});

batch("--dry-run checks and tells, and starts and writes nothing", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(3));
    await stage.run(...IN_AND_OUT, "--max-prompts", "1");
    const before = stage.read("results.jsonl");
    stage.write("prompts.jsonl", `${rows(6)}{"id":"m","prompt":"with a model","model":"opus"}\nbad\n`);
    const args = [...IN_AND_OUT, "--dry-run", "--claude", "/nonexistent/claude"];
    const bad = await stage.run(...args);
    assert.is(bad.exitCode, 2);
    assert.match(bad.stderr, "prompts.jsonl:8: it is not JSON");
    const { exitCode, stdout, stderr } = await stage.run(...args, "--skip-bad", "--max-prompts", "4");
    assert.equal({ exitCode, stderr }, { exitCode: 0, stderr: "" });
    assert.match(
      stdout,
      /^would run {2}6 prompts, 4 of them this time\nrecorded {3}1, 0 of them failed\nset aside {2}1 bad row\n/,
    );
    assert.match(stdout, /\nprompt {5}"p1": say 1\n.*"p2": say 2\n.*"p3": say 3\n {11}and 3 more\n$/);
    assert.is(stage.read("results.jsonl"), before);
    const empty = await stage.run("prompts.jsonl", "-o", "new.jsonl", "--dry-run", "--skip-bad");
    assert.match(empty.stdout, "would run  7 prompts\n");
    assert.not(stage.exists("new.jsonl"));
  });
});

batch("failures are exit code 1; the command that the summary gives runs them again", async () => {
  await onBatchStage([failing], async (stage) => {
    stage.write(
      "it's prompts.jsonl",
      rows(6, (index) => (index % 3 === 0 ? `fail ${index}` : `say ${index}`)),
    );
    const args = ["it's prompts.jsonl", "-o", "results.jsonl", "--attempts", "1"];
    const { exitCode, stderr } = await stage.run(...args);
    assert.is(exitCode, 1);
    assert.match(
      stderr,
      /\n {8}4 succeeded, 2 failed\nfailed {2}2 refused, first "p[03]": it went wrong\nretry {3}node /,
    );
    const [, retry = ""] = /^retry {3}(.*)$/m.exec(stderr) ?? [];
    assert.match(retry, / --retry-failed$/);

    const resumed = await stage.run(...args);
    assert.is(resumed.exitCode, 1, "what failed before is not run again, and still counts");
    assert.match(resumed.stderr, "6 recorded before, 2 of them failed");
    assert.is(stage.results().length, 6);

    stage.script([]);
    const again = spawnSync("sh", ["-c", retry], {
      cwd: stage.folder,
      env: { PATH: process.env.PATH },
      encoding: "utf8",
    });
    assert.is(again.status, 0, again.stderr);
    const results = stage.results();
    assert.is(results.length, 8);
    const last = new Map(results.map(({ id, status }) => [id, status]));
    assert.equal([...last.values()], Array(6).fill("succeeded"));
    assert.is((await stage.run(...args)).exitCode, 0, "the last line of an id counts");
  });
});

batch("--max-prompts is exit code 6 while prompts are left", async () => {
  await onBatchStage([], async (stage) => {
    stage.write("prompts.jsonl", rows(5));
    for (const [left, code, total] of [
      [3, 6, 2],
      [1, 6, 2],
      [0, 0, 1],
    ] as const) {
      const { exitCode, stderr } = await stage.run(...IN_AND_OUT, "--max-prompts", "2", "--json-progress");
      assert.is(exitCode, code, stderr);
      const lines = stderr
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line));
      const summary = lines.pop();
      assert.equal([lines.at(-1).total, summary.left, summary.exitCode], [total, left, code]);
      assert.match(summary.again, /node .*--max-prompts 2 --json-progress$/);
      assert.is(stage.results().length, 5 - left);
    }
    assertComplete(stage.results(), 5);
  });
});

batch("a claude that nobody is logged in to is not asked for every prompt", async () => {
  const refused = result({
    is_error: true,
    subtype: "success",
    result: "Please run /login",
    api_error_status: 401,
  });
  await onBatchStage([onUser([init(), echo(), refused])], async (stage) => {
    stage.write("prompts.jsonl", rows(200));
    const { exitCode, stderr } = await stage.run(...IN_AND_OUT, "--concurrency", "2");
    assert.is(exitCode, 1);
    assert.ok(stage.results().length < 100, `${stage.results().length} were asked`);
    assert.match(stderr, /every prompt failed in the same way/);
    assert.match(stderr, /^failed {2}\d+ auth, first "p\d+": Please run \/login$/m);
    assert.match(stderr, /^go on {3}/m);
  });
});

batch("a schema for all prompts, and the flags that query has too", async () => {
  await onBatchStage([onUser(turn("ok"))], async (stage) => {
    stage.write("prompts.jsonl", rows(1));
    stage.write("schema.json", '{"type":"object"}');
    const flags = [
      "--json-schema",
      "schema.json",
      "--lean",
      "--model",
      "opus",
      "--system-prompt",
      "s",
      "--allowed-tools",
      "Read",
    ];
    const { exitCode, stderr } = await stage.run(
      ...IN_AND_OUT,
      ...flags,
      "--isolation",
      "process",
      "--stall",
      "60",
    );
    assert.is(exitCode, 0, stderr);
    stage.write("schema.json", "nonsense");
    const broken = await stage.run(...IN_AND_OUT, "--json-schema", "schema.json");
    assert.is(broken.exitCode, 2);
    assert.match(broken.stderr, "The JSON Schema in schema.json cannot be read");
  });
});

batch.run();
