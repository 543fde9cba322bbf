import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { toolResultsOf } from "../../../src/testing/index.js";
import { holdLoopUntil } from "../../support/hold-loop.js";
import { startModelThread } from "../../support/model-thread.js";
import { assertNothingLeft, realCliOn, startRealCli } from "../../support/real-cli.js";
import { answerOf, bash, ECHO, resultOf } from "./turns.js";

const hooks = suite("hooks on the real CLI");

hooks("outputs act: another input, a denial, added context", async () => {
  const calls = [
    bash("echo plain"),
    bash("touch denied"),
    bash("touch broken"),
    bash("touch late"),
    bash("touch rubbish"),
  ];
  await using cli = await startRealCli([{ when: "work", reply: [...calls, "finished"] }, ECHO]);
  const client = await cli.open({
    launch: (builder) => builder.allowedTools("Bash"),
    hooks: {
      UserPromptSubmit: () => ({
        hookSpecificOutput: { hookEventName: "UserPromptSubmit", additionalContext: "It is Friday." },
      }),
      PreToolUse: [
        {
          matcher: "Bash",
          timeoutMs: 300,
          handler: async ({ tool_input }, { toolUseId }) => {
            const { command } = tool_input as { command: string };
            assert.type(toolUseId, "string");
            if (command.includes("broken")) throw new Error("the hook is broken");
            if (command.includes("late")) await new Promise(() => {});
            if (command.includes("rubbish")) return { continue: "perhaps" } as never;
            const event = { hookEventName: "PreToolUse" } as const;
            if (command.includes("plain"))
              return { hookSpecificOutput: { ...event, updatedInput: { command: "echo replaced" } } };
            return {
              hookSpecificOutput: {
                ...event,
                permissionDecision: "deny",
                permissionDecisionReason: "Not today.",
              },
            };
          },
        },
        { matcher: "Write", handler: () => assert.unreachable("not a Write") },
      ],
      PostToolUse: () => ({
        hookSpecificOutput: { hookEventName: "PostToolUse", additionalContext: "Well done." },
      }),
    },
  });
  assert.is(answerOf(await client.query("work")), "finished");
  const results = cli.model.mainRequests.slice(1).flatMap((request) => toolResultsOf(request).slice(-1));
  assert.is(results[0], "replaced");
  assert.match(results[1] ?? "", "Not today.");
  assert.match(results[2] ?? "", "the hook is broken");
  assert.match(results[3] ?? "", "no output within 300 ms");
  assert.match(results[4] ?? "", "no output");
  for (const name of ["denied", "broken", "late", "rubbish"]) {
    assert.not.ok(existsSync(join(cli.offline.cwd, name)), `${name} has not run`);
  }
  const [first, second] = cli.model.mainRequests.map(({ body }) => JSON.stringify(body.messages));
  assert.match(first ?? "", "It is Friday.");
  assert.match(second ?? "", "Well done.");
});

hooks("a prompt is blocked, a run is stopped, and async outputs hold nobody up", async () => {
  await using cli = await startRealCli([{ when: "work", reply: [bash("echo one"), "finished"] }, ECHO]);
  const client = await cli.open({
    launch: (builder) => builder.allowedTools("Bash"),
    hooks: {
      UserPromptSubmit: ({ prompt }) =>
        prompt.includes("secret") ? { decision: "block", reason: "Too secret." } : undefined,
      PreToolUse: () => ({ async: true }),
      PostToolUse: () => ({ continue: false, stopReason: "Enough." }),
    },
  });
  const blocked = await client.query("a secret");
  assert.match(JSON.stringify(blocked), "Too secret.");
  assert.is(cli.model.mainRequests.length, 0);
  const stopped = resultOf(await client.query("work"));
  assert.is(cli.model.mainRequests.length, 1, "the model was not asked again");
  assert.is(stopped.type, "result");
});

hooks("in the worker thread they need no host, and both are called", async () => {
  await using model = await startModelThread([bash("touch forbidden"), bash("touch fine"), "finished"]);
  await using cli = await realCliOn(model);
  const client = await cli.open({
    workerModule: new URL("../../fixtures/worker-modules/hooking.js", import.meta.url),
    launch: (builder) => builder.allowedTools("Bash"),
  });
  const stream = await client.queryStream("work");
  holdLoopUntil("the tool", () => existsSync(join(cli.offline.cwd, "fine")));
  assert.not.ok(existsSync(join(cli.offline.cwd, "forbidden")));
  assert.is(await stream.text(), "finished");
});

hooks("no trace is left", assertNothingLeft);

hooks.run();
