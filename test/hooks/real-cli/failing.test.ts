import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { HookTable } from "../../../src/hooks/hook-table.js";
import { type Hooks, isControlRequest } from "../../../src/index.js";
import { promptOf, stepOf } from "../../../src/testing/index.js";
import { bash } from "../../client/real-cli/turns.js";
import { assertNothingLeft, PATIENCE_MS, type RealCli, startRealCli } from "../../support/real-cli.js";

const failing = suite("hooks that fail, on the real CLI");

/** Has the prompt's last word made as a file, through a tool. */
function startWorker(): Promise<RealCli> {
  return startRealCli((request) =>
    stepOf(request) === 0 ? bash(`touch ${promptOf(request).split(" ").at(-1)}`) : "finished",
  );
}

/** Answers that are none, as a handler without types may give them. */
const ODD: Readonly<Record<string, () => unknown>> = {
  unnamed: () => ({
    hookSpecificOutput: { permissionDecision: "deny", permissionDecisionReason: "Unnamed." },
  }),
  elsewhere: () => ({ hookSpecificOutput: { hookEventName: "PostToolUse", additionalContext: "No." } }),
  misspelt: () => ({ hookSpecificOutput: { hookEventName: "PreToolUse", permissionDecision: "refuse" } }),
  unwritable: () => ({ reason: "no", size: 1n }),
  thrown: () => assert.unreachable("on purpose"),
};

async function ran(cli: RealCli, client: AsyncClient, name: string): Promise<boolean> {
  await client.query(`please make ${name}`, { timeoutMs: PATIENCE_MS });
  return existsSync(join(cli.offline.cwd, name));
}

failing("a guard that fails, in whatever way, lets no tool run, unless it is told to", async () => {
  await using cli = await startWorker();
  const handler = ({ tool_input }: { tool_input?: unknown }): undefined => {
    const name = String((tool_input as { command: string }).command.split(" ").at(-1)).split("-")[0];
    return ODD[name ?? ""]?.() as undefined;
  };
  const launch = (builder: RealCli["builder"]) => builder.allowedTools("Bash");
  const guarded = await cli.open({ launch, hooks: { PreToolUse: handler } });
  const trusting = await cli.open({
    launch,
    hooks: { PreToolUse: { handler, onFailure: "continue" } },
  });
  assert.ok(await ran(cli, guarded, "allowed"), "nothing is wrong with this one");
  for (const name of Object.keys(ODD)) {
    assert.not.ok(await ran(cli, guarded, name), `${name} ran`);
    // A denial is one, whatever becomes of failures.
    assert.is(await ran(cli, trusting, `${name}-trusting`), name !== "unnamed", `${name}, trusting`);
  }
});

failing("a prompt goes on when its hook fails, unless that is to block", async () => {
  await using cli = await startWorker();
  const handler = () => assert.unreachable("on purpose");
  const launch = (builder: RealCli["builder"]) => builder.allowedTools("Bash");
  const lenient = await cli.open({ launch, hooks: { UserPromptSubmit: handler } });
  const strict = await cli.open({ launch, hooks: { UserPromptSubmit: { handler, onFailure: "block" } } });
  assert.ok(await ran(cli, lenient, "lenient"));
  const asked = cli.model.mainRequests.length;
  assert.not.ok(await ran(cli, strict, "strict"));
  assert.is(cli.model.mainRequests.length, asked, "the model has not seen the prompt");
});

failing("a host that does not answer at all: neither the tool nor the prompt is run", async () => {
  await using cli = await startWorker();
  for (const event of ["PreToolUse", "UserPromptSubmit"] as const) {
    const hooks: Hooks = { [event]: { handler: () => {}, timeoutMs: 1, onFailure: "continue" } };
    const client = await cli.open({ launch: (builder) => builder.allowedTools("Bash") });
    // By hand, so that nobody answers.
    const { registration } = new HookTable(hooks, "x-");
    const request = { subtype: "initialize", hooks: registration };
    await client.send({ type: "control_request", request_id: "by-hand", request });
    await client.receive({ timeoutMs: PATIENCE_MS });
    const kinds: string[] = [];
    for await (const message of await client.queryStream(`please make ${event}`, {
      timeoutMs: PATIENCE_MS,
    })) {
      if (isControlRequest(message) || message.type === "control_cancel_request") kinds.push(message.type);
    }
    assert.equal(kinds, ["control_request", "control_cancel_request"], event);
    assert.not.ok(existsSync(join(cli.offline.cwd, event)), event);
  }
});

failing("leave no process behind", assertNothingLeft);

failing.run();
