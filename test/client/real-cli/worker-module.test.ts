import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { permission, type ToolDecision } from "../../../src/index.js";
import { toolResultsOf } from "../../../src/testing/index.js";
import { holdLoopUntil } from "../../support/hold-loop.js";
import { startModelThread } from "../../support/model-thread.js";
import { assertNothingLeft, realCliOn, startRealCli, until } from "../../support/real-cli.js";
import { answerOf, bash, ECHO } from "./turns.js";

const modules = suite("a module in the worker thread, on the real CLI");

const MODULE = new URL("../../fixtures/worker-modules/approving.js", import.meta.url);

modules("decides by itself; what it leaves open comes to the host", async () => {
  const commands = ["touch allowed", "touch refused", "touch throws", "touch rubbish", "touch open"];
  await using cli = await startRealCli([
    { when: "do it", reply: [...commands.map((command) => bash(command)), "finished"] },
    ECHO,
  ]);
  const decisions: ToolDecision[] = [];
  const asked: unknown[] = [];
  const client = await cli.open({
    workerModule: MODULE,
    onDecision: (decision) => decisions.push(decision),
    onToolApproval: (request) => {
      asked.push(request.input.command);
      return permission.deny(request, "The host says no.");
    },
  });
  assert.ok(client.isToolApprovalEnabled());
  assert.is(answerOf(await client.query("do it")), "finished");
  assert.equal(
    ["allowed", "refused", "throws", "rubbish", "open"].filter((name) =>
      existsSync(join(cli.offline.cwd, name)),
    ),
    ["allowed"],
  );
  const results = cli.model.mainRequests.slice(1).flatMap(toolResultsOf);
  assert.is(results[1], "The module says no.");
  assert.match(results[2] ?? "", "the module is at its wits' end");
  assert.match(results[3] ?? "", "no usable answer");
  assert.is(results[4], "The host says no.");
  assert.equal(asked, ["touch open"]);
  assert.equal(
    decisions.map(({ toolName, behavior, by }) => [toolName, behavior, by]),
    [
      ["Bash", "allow", "module"],
      ["Bash", "deny", "module"],
      ["Bash", "deny", "module"],
      ["Bash", "allow", "module"],
    ],
  );
});

modules("lets a turn go on while the host's loop is held", async () => {
  const commands = Array.from({ length: 3 }, (_, call) => bash(`touch allowed-${call}`));
  await using model = await startModelThread([...commands, "finished"]);
  await using cli = await realCliOn(model);
  const client = await cli.open({ workerModule: MODULE });
  const stream = await client.queryStream("do it");
  const last = join(cli.offline.cwd, "allowed-2");
  // This thread's loop does not turn until all tools have run: nothing of it can have helped.
  holdLoopUntil("the tools", () => existsSync(last));
  assert.is(await stream.text(), "finished");
});

modules("one that never decides is overruled in time, and so is one whose request is withdrawn", async () => {
  await using cli = await startRealCli([
    { when: "do it", reply: [bash("touch endless"), "finished"] },
    { when: "again", reply: [bash("touch endless-2"), "finished"] },
    ECHO,
  ]);
  const limited = await cli.open({ workerModule: MODULE, approvalTimeoutMs: 300 });
  assert.is(answerOf(await limited.query("do it")), "finished");
  assert.match(cli.model.mainRequests.flatMap(toolResultsOf)[0] ?? "", "no decision within 300 ms");
  const patient = await cli.open({ workerModule: MODULE });
  const stream = await patient.queryStream("again");
  await until("the tool call", () => cli.model.mainRequests.length >= 3);
  await patient.interrupt();
  assert.is((await stream.result()).subtype, "error_during_execution");
});

for (const [what, module, reason] of [
  ["that breaks", "../../fixtures/worker-modules/broken.js", /broken on purpose/],
  ["that is not there", "../../fixtures/worker-modules/absent.js", /cannot be loaded/],
  [
    "that exports nothing known",
    "../../fixtures/worker-modules/nothing-known.js",
    /exports nothing that is known/,
  ],
  ["whose handler is no function", "../../fixtures/worker-modules/no-function.js", /no function/],
] as const) {
  modules(`a module ${what} makes the opening fail`, async () => {
    await using cli = await startRealCli([ECHO]);
    const error = await cli.open({ workerModule: new URL(module, import.meta.url) }).then(
      () => assert.unreachable("it was opened"),
      (failure: unknown) => failure,
    );
    assert.is((error as { code?: string }).code, "INVALID_ARGUMENT");
    assert.match((error as Error).message, reason);
  });
}

modules("one that never finishes loading makes the opening fail in time", async () => {
  await using cli = await startRealCli([ECHO]);
  const workerModule = new URL("../../fixtures/worker-modules/endless.js", import.meta.url);
  const error = await cli.open({ workerModule, requestTimeoutMs: 300 }).then(
    () => assert.unreachable("it was opened"),
    (failure: unknown) => failure,
  );
  assert.is((error as { code?: string }).code, "TIMEOUT");
});

modules("no trace is left", () => assertNothingLeft());

modules.run();
