import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { apiError, reply, text, toolUse } from "../../src/testing/index.js";
import { realCli } from "../testing/child-run.js";
import { ended, MAIN, onStage } from "./command-run.js";
import { executable } from "./stand-in.js";

const failures = suite("claude-offthread query: how it fails");

failures("a failed turn is exit code 1, its reason on stderr alone", async () => {
  await onStage(
    () => apiError(400, { message: "no such luck" }),
    async ({ query }) => {
      const { exitCode, stdout, stderr } = await ended(query("hi"));
      assert.is(exitCode, 1);
      assert.is(stdout, "");
      assert.match(stderr, /^error \[TURN_FAILED\]: .*no such luck/m);
    },
  );
});

failures("an unknown session is exit code 1", async () => {
  await onStage("ok", async ({ query }) => {
    const { exitCode, stderr } = await ended(query("--resume", "00000000-0000-4000-8000-000000000000", "hi"));
    assert.is(exitCode, 1);
    assert.match(stderr, /^error \[TURN_FAILED\]: No conversation found/m);
  });
});

failures("--timeout is exit code 124; what came is printed", async () => {
  await onStage(
    [reply([text("Wait for it."), toolUse("Bash", { command: "tail -f /dev/null", description: "d" })])],
    async ({ query }) => {
      const { exitCode, stdout, stderr } = await ended(query("--timeout", "5", "--allowed-tools=Bash", "hi"));
      assert.is(exitCode, 124, stderr);
      assert.is(stdout, "Wait for it.\n");
      assert.match(
        stderr,
        "error [TIMEOUT]: There was no result within 5 s. Give it more time with --timeout <seconds>.\n",
      );
    },
  );
});

failures("--timeout also bounds the wait for stdin", async () => {
  await onStage("ok", async ({ query, model }) => {
    const { exitCode } = await ended(query("--timeout", "0.2"));
    assert.is(exitCode, 124);
    assert.is(model.requests.length, 0);
  });
});

failures("a missing binary is exit code 3, and a hint", async () => {
  await onStage("ok", async ({ start }) => {
    const { exitCode, stdout, stderr } = await ended(start("query", "--claude", "/nonexistent/claude", "hi"));
    assert.is(exitCode, 3);
    assert.is(stdout, "");
    assert.match(stderr, /^error \[BINARY_NOT_FOUND\]: \/nonexistent\/claude does not exist\./);
    assert.match(stderr, "hint: On the command line its file is named by --claude <path>");
    assert.not.match(stderr, /\n {4}at /);
  });
});

failures(
  "a claude that ends without a word is exit code 4; with debugging on, the stack is shown",
  async () => {
    await onStage("ok", async ({ offline, start }) => {
      offline.env.CLAUDE_OFFTHREAD_DEBUG = "1";
      const claude = executable(
        offline.tmp,
        "sleep 1",
        "echo first line >&2",
        "echo why it ended >&2",
        "exit 7",
      );
      const { exitCode, stderr } = await ended(start("query", "--claude", claude, "hi"));
      assert.is(exitCode, 4);
      assert.match(stderr, /^error \[CONNECTION_CLOSED\]: .*code 7/);
      assert.match(stderr, "why it ended");
      assert.match(stderr, /\n {4}at /);
    });
  },
);

failures("a full disk is an error", async () => {
  if (process.platform !== "linux") return;
  await onStage("an answer", async ({ offline }) => {
    const full = openSync("/dev/full", "w");
    const child = spawn(process.execPath, [MAIN, "query", "--claude", realCli(), "hi"], {
      env: offline.env,
      cwd: offline.cwd,
      stdio: ["ignore", full, "pipe"],
    });
    closeSync(full);
    let stderr = "";
    child.stderr?.on("data", (chunk) => (stderr += chunk));
    const [exitCode] = await once(child, "close");
    assert.is(exitCode, 1);
    assert.match(stderr, "ENOSPC");
  });
});

failures.run();
