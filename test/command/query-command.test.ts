import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { promptOf, reply, text, toolResultsOf, toolUse } from "../../src/testing/index.js";
import { ended, onStage } from "./command-run.js";

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

query.run();
