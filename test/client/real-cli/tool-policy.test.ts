import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { permission, type ToolDecision, type ToolPolicy } from "../../../src/index.js";
import { type ModelReply, stepOf, toolResultsOf, toolUse } from "../../../src/testing/index.js";
import { holdLoopUntil } from "../../support/hold-loop.js";
import { startModelThread } from "../../support/model-thread.js";
import { assertNothingLeft, realCliOn, startRealCli } from "../../support/real-cli.js";
import { answerOf, bash, ECHO } from "./turns.js";

const policies = suite("a policy, on the real CLI");

const POLICY: ToolPolicy = {
  rules: [
    { deny: "Bash(touch secret*)", message: "Secrets stay where they are." },
    { ask: "Bash(touch asked)" },
    { allow: "Bash(touch *)" },
    { allow: "Edit(./notes/**)" },
  ],
};
const MODULE = new URL("../../fixtures/worker-modules/approving.js", import.meta.url);

policies("decides first, then the module, then the host", async () => {
  const calls = [
    bash("touch by-rule"),
    bash("touch secret-1"),
    bash("touch also && curl example.org"),
    bash("touch asked"),
  ];
  // The CLI's folder is known only once it is there.
  const write = (name: string): ModelReply =>
    toolUse("Write", { file_path: join(cli.offline.cwd, name), content: name });
  await using cli = await startRealCli([
    {
      when: "do it",
      reply: (request) =>
        [...calls, write("notes/one.md"), write("two.md"), "finished"][stepOf(request)] ?? "?",
    },
    ECHO,
  ]);
  const asked: unknown[] = [];
  const decisions: ToolDecision[] = [];
  const client = await cli.open({
    policy: POLICY,
    workerModule: MODULE,
    onDecision: (decision) => decisions.push(decision),
    onToolApproval: (request) => {
      asked.push(request.input.command);
      return permission.allow(request);
    },
  });
  assert.is(answerOf(await client.query("do it")), "finished");
  const made = ["by-rule", "secret-1", "also", "asked", "notes/one.md", "two.md"];
  assert.equal(
    made.filter((name) => existsSync(join(cli.offline.cwd, name))),
    ["by-rule", "asked", "notes/one.md"],
  );
  assert.equal(asked, ["touch asked"]);
  assert.equal(
    decisions.map(({ behavior, by, rule }) => [behavior, by, rule]),
    [
      ["allow", "policy", "Bash(touch *)"],
      ["deny", "policy", "Bash(touch secret*)"],
      ["deny", "policy", undefined],
      ["allow", "policy", "Edit(./notes/**)"],
      ["deny", "policy", undefined],
    ],
  );
  assert.is(cli.model.mainRequests.slice(2, 3).flatMap(toolResultsOf)[0], "Secrets stay where they are.");
});

policies("lets a turn go on while the host's loop is held", async () => {
  const calls = Array.from({ length: 3 }, (_, call) => bash(`touch made-${call}`));
  await using model = await startModelThread([...calls, "finished"]);
  await using cli = await realCliOn(model);
  const client = await cli.open({ policy: POLICY });
  const stream = await client.queryStream("do it");
  holdLoopUntil("the tools", () => existsSync(join(cli.offline.cwd, "made-2")));
  assert.is(await stream.text(), "finished");
});

policies("without anybody to ask, a question is a message, and query() denies it", async () => {
  await using cli = await startRealCli([{ when: "do it", reply: [bash("touch asked"), "finished"] }, ECHO]);
  const client = await cli.open({ policy: POLICY });
  const messages = await client.query("do it");
  assert.ok(messages.some(({ type }) => type === "control_request"));
  assert.not.ok(existsSync(join(cli.offline.cwd, "asked")));
  assert.is(answerOf(messages), "finished");
});

policies("one that is not understood makes the opening fail, and leaves no process", async () => {
  await using cli = await startRealCli([ECHO]);
  const error: unknown = await cli.open({ policy: { rules: [{ allow: "Bash(" }] } }).then(
    () => assert.unreachable("it was opened"),
    (failure: unknown) => failure,
  );
  assert.is((error as { code?: string }).code, "INVALID_ARGUMENT");
  assert.match((error as Error).message, "Bash(");
  assertNothingLeft();
});

policies("no trace is left", assertNothingLeft);

policies.run();
