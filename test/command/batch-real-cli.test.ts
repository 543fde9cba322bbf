import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { apiError, type ModelRequest, promptOf } from "../../src/testing/index.js";
import { realCli } from "../testing/child-run.js";
import { files, recorded } from "./batch-stage.js";
import { ended, onStage } from "./command-run.js";

const COUNT = 24;
/** The row that fails: so late that no run before the last one comes to it. */
const LATE = "22";
const CSV = `review,body\r\n${Array.from({ length: COUNT }, (_, index) => `r${index},"No. ${index}, ""fine""\r\nindeed"\r\n`).join("")}`;
const ARGS = ["reviews.csv", "--template", "Judge: {{body}}", "--id-column", "review", "-o", "results.jsonl"];

/** The number that a prompt asks about. */
function numberOf(request: ModelRequest): string {
  return /Judge: No\. (\d+), "fine"\nindeed/.exec(promptOf(request))?.[1] ?? "none";
}

const real = suite("claude-offthread batch on the real CLI");

real("from a CSV to results: killed, interrupted, with failures, and retried", async () => {
  let broken = true;
  await onStage(
    (request) => {
      const number = numberOf(request);
      return number === LATE && broken ? apiError(400, { message: "no such luck" }) : `Verdict ${number}`;
    },
    async ({ start, offline, model }) => {
      const stage = files(offline.cwd);
      stage.write("reviews.csv", CSV);
      const begin = (...args: string[]) =>
        start("batch", ...ARGS, "--claude", realCli(), "--concurrency", "2", ...args);

      const killed = begin();
      await recorded(stage, killed, 3);
      killed.kill("SIGKILL");
      await killed.ended;
      const afterKill = stage.results().length;

      const interrupted = begin();
      await recorded(stage, interrupted, afterKill + 3);
      interrupted.kill("SIGINT");
      assert.is((await ended(interrupted)).exitCode, 130);
      const afterStop = stage.results().map(({ id }) => id);
      assert.ok(afterStop.length < COUNT, "it was stopped too late to show anything");

      const seen = model.mainRequests.length;
      const rest = await ended(begin());
      assert.is(rest.exitCode, 1, rest.stderr);
      assert.match(rest.stderr, /^failed {2}1 \w+, first "r22": .*no such luck/m);
      const asked = model.mainRequests.slice(seen).map((request) => `r${numberOf(request)}`);
      assert.equal(
        asked.filter((id) => afterStop.includes(id)),
        [],
        "what was recorded is not asked again",
      );

      broken = false;
      const retried = await ended(begin("--retry-failed"));
      assert.is(retried.exitCode, 0, retried.stderr);
      const results = stage.results();
      assert.is(results.length, COUNT + 1, "the failure and its retry");
      const last = new Map(results.map((line) => [line.id, line]));
      assert.equal(
        [...last.values()].map(({ id, status, text }) => `${id} ${status} ${text}`).sort(),
        Array.from({ length: COUNT }, (_, index) => `r${index} succeeded Verdict ${index}`).sort(),
      );
      assert.is(new Set(results.map(({ sessionId }) => sessionId)).size, COUNT + 1, "a session for each");
      assert.not.match(readFileSync(join(offline.cwd, "results.jsonl"), "utf8"), "sk-offline-dummy");
    },
  );
});

real("--lean, and another system prompt for one", async () => {
  await onStage("An answer", async ({ start, offline, model }) => {
    const rows = [
      { id: "plain", prompt: "first" },
      { id: "other", prompt: "second", systemPrompt: "You are a pirate." },
    ];
    writeFileSync(join(offline.cwd, "p.jsonl"), rows.map((row) => JSON.stringify(row)).join("\n"));
    const flags = ["--lean", "--system-prompt", "You are a judge.", "--claude", realCli()];
    const { exitCode, stderr } = await ended(start("batch", "p.jsonl", "-o", "results.jsonl", ...flags));
    assert.is(exitCode, 0, stderr);
    const systems = new Map(
      model.mainRequests.map((request) => [promptOf(request), JSON.stringify(request.body.system)]),
    );
    assert.match(systems.get("first") ?? "", "You are a judge.");
    assert.match(systems.get("second") ?? "", "You are a pirate.");
    assert.not.match(systems.get("second") ?? "", "judge");
  });
});

real.run();
