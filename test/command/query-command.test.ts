import { spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { apiError, hang, promptOf, reply, text, toolResultsOf, toolUse } from "../../src/testing/index.js";
import { realCli } from "../testing/child-run.js";
import { ended, MAIN, onStage } from "./command-run.js";
import { executable } from "./stand-in.js";

const query = suite("claude-offthread query");

query("streams the answer to stdout, and tells of tools and cost on stderr", async () => {
  const call = toolUse("Bash", { command: "echo real-$((40 + 2))", description: "count" });
  const script = [reply([text("Let me look."), call]), text("It is 42.", { chunkSize: 3, delayMs: 60 })];
  await onStage(script, async ({ query, model }) => {
    const run = query("--allowed-tools", "Bash", "what is it?");
    const { exitCode, stdout, stderr } = await ended(run);
    assert.is(stderr.replace(/^done .*$/m, "done"), "tool    Bash  echo real-$((40 + 2))\ndone\n");
    assert.match(
      stderr,
      /^done {4}2 turns, \d+\.\d s, [\d,]+ tokens in and \d+ out, \$\d\.\d{4}, session [0-9a-f-]{36}$/m,
    );
    assert.is(stdout, "Let me look.\nIt is 42.\n");
    assert.ok(run.chunkSizes.length > 3, `arrived in ${run.chunkSizes.length} pieces`);
    assert.is(exitCode, 0);
    const [, second] = model.mainRequests;
    assert.equal(second && toolResultsOf(second), ["real-42"]);
  });
});

query("--json gives every message as a line, and nothing on stderr", async () => {
  await onStage("an answer", async ({ query }) => {
    const run = query("--json", "hi");
    assert.equal(await ended(run).then(({ exitCode, stderr }) => ({ exitCode, stderr })), {
      exitCode: 0,
      stderr: "",
    });
    const kinds = run.frames.map(({ type, subtype }) => `${type}/${subtype ?? ""}`);
    assert.is(kinds[0], "system/init");
    assert.is(kinds.at(-1), "result/success");
    assert.ok(kinds.includes("assistant/"));
    assert.not(kinds.includes("stream_event/"));
    assert.is(run.unfinishedLine, "");
  });
});

query("--json --include-partial-messages gives the pieces too", async () => {
  await onStage(text("in pieces", { chunkSize: 3 }), async ({ query }) => {
    const run = query("--json", "--include-partial-messages", "hi");
    assert.is((await ended(run)).exitCode, 0);
    assert.match(run.stdout.toString(), '"text":"in "');
  });
});

const STDIN: [title: string, args: string[], prompt: string][] = [
  ["without a prompt", ["--quiet"], "from a pipe, größer\nin two lines"],
  ["with -", ["-q", "-"], "--looks-like-a-flag"],
];
for (const [title, args, prompt] of STDIN) {
  query(`takes the prompt from stdin ${title}`, async () => {
    await onStage("fine", async ({ query, model }) => {
      const run = query(...args);
      run.send(prompt);
      await run.end();
      const { exitCode, stdout, stderr } = await ended(run);
      assert.equal({ exitCode, stdout, stderr }, { exitCode: 0, stdout: "fine\n", stderr: "" });
      assert.equal(model.mainRequests.map(promptOf), [prompt]);
    });
  });
}

query("without a terminal, a tool that needs approval is denied, and both sides are told why", async () => {
  const script = [toolUse("Bash", { command: "touch forbidden.txt", description: "d" }), "I may not."];
  await onStage(script, async ({ query, model, offline }) => {
    const { exitCode, stdout, stderr } = await ended(query("--quiet", "do it"));
    assert.is(
      stderr,
      "denied  Bash  touch forbidden.txt (no terminal to ask at; allow it with --allowed-tools=Bash)\n",
    );
    assert.is(stdout, "I may not.\n");
    assert.is(exitCode, 0);
    const [, second] = model.mainRequests;
    assert.match(second === undefined ? "" : toolResultsOf(second).join(), "nobody can approve tools");
    assert.not(existsSync(join(offline.cwd, "forbidden.txt")));
  });
});

query("--resume and --continue go on where a session ended", async () => {
  await onStage(["The word is plum.", "It was plum.", "Still plum."], async ({ query, model }) => {
    const first = query("--json", "say a word");
    await first.ended;
    const id = String(first.frames.at(-1)?.session_id);
    const second = await ended(query("--resume", id, "which word?"));
    assert.is(second.stdout, "It was plum.\n");
    assert.match(second.stderr, `session ${id}`);
    const third = await ended(query("--continue", "once more?"));
    assert.is(third.stdout, "Still plum.\n");
    for (const request of model.mainRequests.slice(1)) {
      assert.match(JSON.stringify(request.body.messages), "The word is plum.");
    }
  });
});

query("options reach claude", async () => {
  await onStage("ok", async ({ query, model, offline }) => {
    const { exitCode } = await ended(
      query(
        "--model",
        "claude-sonnet-4-5",
        "--append-system-prompt",
        "-Be brief-",
        "--cwd",
        offline.home,
        "--json",
        "--permission-mode",
        "plan",
        "--claude-arg",
        "max-turns=3",
        "hi",
      ),
    );
    assert.is(exitCode, 0);
    const [request] = model.mainRequests;
    assert.is(request?.body.model, "claude-sonnet-4-5");
    assert.match(JSON.stringify(request?.body.system), "-Be brief-");
    assert.match(JSON.stringify(request?.body), offline.home);
  });
});

query("a failed turn is exit code 1, its reason on stderr alone", async () => {
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

query("an unknown session is exit code 1", async () => {
  await onStage("ok", async ({ query }) => {
    const { exitCode, stderr } = await ended(query("--resume", "00000000-0000-4000-8000-000000000000", "hi"));
    assert.is(exitCode, 1);
    assert.match(stderr, /^error \[TURN_FAILED\]: No conversation found/m);
  });
});

query("--timeout is exit code 124; what came is printed", async () => {
  await onStage(
    [reply([text("Wait for it."), toolUse("Bash", { command: "tail -f /dev/null", description: "d" })])],
    async ({ query }) => {
      const { exitCode, stdout, stderr } = await ended(query("--timeout", "3", "--allowed-tools=Bash", "hi"));
      assert.is(exitCode, 124, stderr);
      assert.is(stdout, "Wait for it.\n");
      assert.match(
        stderr,
        "error [TIMEOUT]: There was no result within 3 s. Give it more time with --timeout <seconds>.\n",
      );
    },
  );
});

query("--timeout also bounds the wait for stdin", async () => {
  await onStage("ok", async ({ query, model }) => {
    const { exitCode } = await ended(query("--timeout", "0.2"));
    assert.is(exitCode, 124);
    assert.is(model.requests.length, 0);
  });
});

query("a missing binary is exit code 3, and a hint", async () => {
  await onStage("ok", async ({ start }) => {
    const { exitCode, stdout, stderr } = await ended(start("query", "--claude", "/nonexistent/claude", "hi"));
    assert.is(exitCode, 3);
    assert.is(stdout, "");
    assert.match(stderr, /^error \[BINARY_NOT_FOUND\]: \/nonexistent\/claude does not exist\./);
    assert.match(stderr, "hint: On the command line its file is named by --claude <path>");
    assert.not.match(stderr, /\n {4}at /);
  });
});

query("a claude that ends without a word is exit code 4; with debugging on, the stack is shown", async () => {
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
});

query("a full disk is an error", async () => {
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

query("hangs up on nobody: a model that does not answer is waited for until --timeout", async () => {
  await onStage(hang(), async ({ query, model }) => {
    const { exitCode } = await ended(query("--timeout", "2", "hi"));
    assert.is(exitCode, 124);
    assert.is(model.mainRequests.length, 1);
  });
});

query.run();
