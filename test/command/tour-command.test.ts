import { readdirSync } from "node:fs";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { onUser, result } from "../../src/testing/index.js";
import { realCli } from "../testing/child-run.js";
import { ended, onStage, stdoutWith } from "./command-run.js";
import { standIn } from "./stand-in.js";

const tour = suite("claude-offthread tour");

tour("shows all three parts with their figures, and leaves nothing behind", async () => {
  await onStage("unused", async ({ start, offline, model }) => {
    const { exitCode, stdout, stderr } = await ended(start("tour", "--claude", realCli()));
    assert.equal({ exitCode, stderr }, { exitCode: 0, stderr: "" }, stdout);

    assert.match(stdout, /^1\. .*[\s\S]*^2\. .*[\s\S]*^3\. /m);
    assert.match(stdout, /^ +claude {2}A worker thread started me[\s\S]*even while I talk\.$/m);
    assert.match(stdout, /start of the CLI to its first word +[\d.,]+ ms$/m);
    assert.ok(Number(/the whole answer +(\d+) pieces/.exec(stdout)?.[1]) > 10);

    assert.match(
      stdout,
      /^ +asks +may I use Bash {2}echo "hello from a real shell" > note\.txt && cat note\.txt/m,
    );
    assert.match(stdout, /^ +shell +hello from a real shell$/m);
    assert.match(stdout, /your yes to the tool's result +[\d.,]+ ms/);

    assert.match(stdout, "(400,000 characters)");
    const inTime =
      /the worker had the frame +[\d.,]+ ms into the block\n.* to receive it untouched +[\d.,]+ ms$/m;
    const late = /the worker had the frame +not within the block: .*\n.* untouched +not measured$/m;
    assert.ok(inTime.test(stdout) || late.test(stdout), stdout);
    assert.match(stdout, /to read its text +[\d.,]+ ms$/m);

    assert.equal(readdirSync(offline.tmp), []);
    assert.is(model.requests.length, 0, "the tour talks to a model of its own");
  });
});

tour("Ctrl+C ends it, and cleans up", async () => {
  await onStage("unused", async ({ start, offline }) => {
    const run = start("tour", "--claude", realCli());
    await stdoutWith(run, "A worker");
    run.kill("SIGINT");
    assert.is((await ended(run)).exitCode, 130);
    assert.equal(readdirSync(offline.tmp), []);
  });
});

tour("without a claude, says how to get one", async () => {
  await onStage("unused", async ({ start, offline }) => {
    const { exitCode, stderr } = await ended(start("tour", "--claude", "/nonexistent/claude"));
    assert.is(exitCode, 3);
    assert.match(stderr, /^error \[BINARY_NOT_FOUND\]: .*Install Claude Code/);
    assert.equal(readdirSync(offline.tmp), []);
  });
});

tour("a claude whose turns fail ends the tour with the reason", async () => {
  await onStage("unused", async ({ start, offline }) => {
    const failed = result({ subtype: "error_during_execution", is_error: true, errors: ["no luck today"] });
    const claude = standIn(offline.tmp, [onUser(failed)]);
    const { exitCode, stderr } = await ended(start("tour", "--claude", claude));
    assert.is(exitCode, 1);
    assert.match(stderr, "no luck today");
    assert.equal(readdirSync(offline.tmp), ["claude-stand-in"]);
  });
});

tour.run();
