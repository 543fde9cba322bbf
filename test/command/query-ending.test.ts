import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  ignoreEof,
  ignoreSigterm,
  onControl,
  onUser,
  reply,
  sleep,
  spawnGrandchild,
  text,
  toolUse,
  turn,
} from "../../src/testing/index.js";
import { ended, onStage, processThat, stdoutWith } from "./command-run.js";
import { standIn } from "./stand-in.js";

const ending = suite("claude-offthread query: how it is ended");

const LONG_TOOL = [
  reply([text("I begin."), toolUse("Bash", { command: "tail -f /dev/null", description: "wait" })]),
  "never asked",
];

ending("Ctrl+C stops the turn: exit code 130, what came is printed, the tool is gone", async () => {
  await onStage(LONG_TOOL, async ({ query, model, offline }) => {
    const run = query("--allowed-tools=Bash", "hi");
    await processThat(offline.home, /tail -f/);
    run.kill("SIGINT");
    const { exitCode, signal, stdout, stderr } = await ended(run);
    assert.equal({ exitCode, signal }, { exitCode: 130, signal: null });
    assert.is(stdout, "I begin.\n");
    assert.match(stderr, /^stopping the turn; .*\nstopped \d turns/m);
    assert.not.match(stderr, "error");
    assert.is(model.mainRequests.length, 1);
  });
});

ending("Ctrl+C before claude has booted stops the turn too", async () => {
  await onStage(text("slow ".repeat(200), { chunkSize: 5, delayMs: 50 }), async ({ query, offline }) => {
    const run = query("--json", "hi");
    await processThat(offline.home, /claude .*--input-format/);
    assert.is(run.stdout.length, 0);
    run.kill("SIGINT");
    assert.is((await ended(run)).exitCode, 130);
  });
});

ending("a second Ctrl+C ends everything at once, also a claude that ignores all", async () => {
  await onStage("unused", async ({ start, offline }) => {
    const claude = standIn(offline.tmp, [
      ignoreEof(),
      ignoreSigterm(),
      onControl("interrupt", "ignore"),
      onUser(turn(spawnGrandchild({ ignoreSigterm: true }), "working", sleep(50_000))),
    ]);
    const run = start("query", "--json", "--claude", claude, "hi");
    await run.frame(({ type }) => type === "assistant");
    const grandchild = run.frames.find(({ subtype }) => subtype === "scripted_grandchild")?.pid;
    run.kill("SIGINT");
    await run.stderrWith("Ctrl+C once more");
    assert.ok(processIsAlive(Number(grandchild)));
    run.kill("SIGINT");
    const { exitCode } = await ended(run);
    assert.is(exitCode, 130);
    assert.not(
      run.frames.some(({ type }) => type === "result"),
      "it waited for the end of the turn",
    );
  });
});

for (const signal of ["SIGTERM", "SIGHUP"] as const) {
  ending(`${signal} leaves nothing behind`, async () => {
    await onStage(LONG_TOOL, async ({ query, offline }) => {
      const run = query("--allowed-tools=Bash", "hi");
      await processThat(offline.home, /tail -f/);
      run.kill(signal);
      assert.is((await ended(run)).signal, signal);
    });
  });
}

ending("a reader that goes away (| head -1) is a quiet end", async () => {
  const slow = text("line\n".repeat(400), { chunkSize: 5, delayMs: 20 });
  for (const args of [["--quiet"], ["--json", "--include-partial-messages"]]) {
    await onStage(slow, async ({ query }) => {
      const run = query(...args, "hi");
      await stdoutWith(run, "line");
      run.closeStdout();
      const { exitCode, signal, stderr } = await ended(run);
      assert.equal({ exitCode, signal, stderr }, { exitCode: 0, signal: null, stderr: "" });
    });
  }
});

ending.run();

function processIsAlive(pid: number): boolean {
  return process.kill(pid, 0);
}
