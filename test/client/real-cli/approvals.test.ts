import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ToolApprovalHandler } from "../../../src/approvals/tool-approval.js";
import * as permission from "../../../src/client/permission.js";
import type { ToolPermissionRequest } from "../../../src/protocol/index.js";
import { type ModelReply, reply, toolResultsOf } from "../../../src/testing/index.js";
import { assertNothingLeft, type OpenOptions, type RealCli, startRealCli } from "../../support/real-cli.js";
import { answerOf, assertUndisturbed, bash, ECHO, kindsOf, resultOf, toolTextsOf } from "./turns.js";

const approvals = suite("onToolApproval on the real CLI");

/** Needs approval, and leaves a trace when it has run. */
const TOUCH = "touch made-by-tool && echo touched";

function startWith(...steps: ModelReply[]): Promise<RealCli> {
  return startRealCli([{ when: "do it", reply: [...steps, "finished"] }, ECHO]);
}

function hasRun(cli: RealCli): boolean {
  return existsSync(join(cli.offline.cwd, "made-by-tool"));
}

/** A handler that notes what it was asked. */
function noting(decide: ToolApprovalHandler): OpenOptions & { readonly asked: ToolPermissionRequest[] } {
  const asked: ToolPermissionRequest[] = [];
  return {
    asked,
    onToolApproval: (request, context) => {
      asked.push(request);
      return decide(request, context);
    },
  };
}

approvals("allowed: the tool runs", async () => {
  await using cli = await startWith(bash(TOUCH));
  const options = noting((request) => permission.allow(request));
  const client = await cli.open(options);
  assert.ok(client.isToolApprovalEnabled());
  const messages = await client.query("do it");
  assert.is(answerOf(messages), "finished");
  assert.equal(toolTextsOf(messages), ["touched"]);
  assert.ok(hasRun(cli));
  const [request] = options.asked;
  assert.is(options.asked.length, 1);
  assert.is(request?.tool_name, "Bash");
  assert.equal(request?.input, { command: TOUCH, description: "a scripted command" });
  assert.not(kindsOf(messages).includes("control_request"), "the request is no message");
});

approvals("denied: the model reads why, and the turn goes on", async () => {
  await using cli = await startWith(bash(TOUCH));
  const options = noting((request) => permission.deny(request, "Not on a Sunday."));
  const client = await cli.open(options);
  const messages = await client.query("do it");
  assert.is(answerOf(messages), "finished");
  assert.not(hasRun(cli));
  assert.equal(cli.model.mainRequests.slice(1).flatMap(toolResultsOf), ["Not on a Sunday."]);
  assert.equal(
    resultOf(messages).permission_denials?.map(({ tool_name, tool_use_id }) => [tool_name, tool_use_id]),
    [["Bash", options.asked[0]?.tool_use_id]],
  );
});

approvals("denied and stopped: the turn ends there", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await cli.open(noting((request) => permission.denyAndStop(request, "Stop it.")));
  const result = resultOf(await client.query("do it"));
  assert.is(result.subtype, "error_during_execution");
  assert.not(hasRun(cli));
  assert.is(cli.model.mainRequests.length, 1, "the model was not asked again");
  await assertUndisturbed(client, "the next one");
});

approvals("changed input: the tool runs with that one", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await cli.open(
    noting((request) =>
      permission.allow(request, { updatedInput: { ...request.input, command: "echo something else" } }),
    ),
  );
  assert.equal(toolTextsOf(await client.query("do it")), ["something else"]);
  assert.not(hasRun(cli));
});

approvals("remembered: the second call does not ask", async () => {
  await using cli = await startWith(bash(TOUCH), bash(TOUCH));
  const options = noting((request) => permission.allowAndRemember(request));
  const client = await cli.open(options);
  const messages = await client.query("do it");
  assert.equal(toolTextsOf(messages), ["touched", "touched"]);
  assert.is(options.asked.length, 1);
  assert.ok((options.asked[0]?.permission_suggestions?.length ?? 0) > 0);
});

approvals("not remembered: the second call asks again", async () => {
  await using cli = await startWith(bash(TOUCH), bash(TOUCH));
  const options = noting((request) => permission.allow(request));
  const client = await cli.open(options);
  await client.query("do it");
  assert.is(options.asked.length, 2);
});

approvals("remembered with updates of one's own", async () => {
  await using cli = await startWith(bash(TOUCH), bash("touch made-by-tool-too"));
  const rule = { toolName: "Bash" };
  const options = noting((request) =>
    permission.allowAndRemember(request, {
      updatedPermissions: [{ type: "addRules", rules: [rule], behavior: "allow", destination: "session" }],
    }),
  );
  const client = await cli.open(options);
  await client.query("do it");
  assert.is(options.asked.length, 1);
});

approvals("the wire's own result will do for an answer", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await cli.open(noting(({ input }) => ({ behavior: "allow", updatedInput: input })));
  assert.equal(toolTextsOf(await client.query("do it")), ["touched"]);
});

const FAULTY: Readonly<Record<string, [ToolApprovalHandler, RegExp]>> = {
  throws: [
    () => {
      throw new Error("out of order");
    },
    /failed: out of order/,
  ],
  rejects: [() => Promise.reject(new Error("out of order")), /failed: out of order/],
  "gives nothing": [() => undefined as never, /no decision/],
};
for (const [name, [handler, reason]] of Object.entries(FAULTY)) {
  approvals(`a handler that ${name} denies`, async () => {
    await using cli = await startWith(bash(TOUCH));
    const client = await cli.open({ onToolApproval: handler });
    const messages = await client.query("do it");
    assert.is(answerOf(messages), "finished");
    assert.not(hasRun(cli));
    assert.match(toolTextsOf(messages).join(), reason);
    await assertUndisturbed(client, "the next one");
  });
}

approvals("answers while nobody reads messages", async () => {
  await using cli = await startWith(bash(TOUCH));
  const options = noting((request) => permission.allow(request));
  const client = await cli.open(options);
  const stream = await client.queryStream("do it");
  // Not a single message of the turn is read before it is over.
  await cli.model.waitForRequest(2);
  assert.ok(hasRun(cli));
  assert.is(await stream.text(), "finished");
});

approvals("a request for every call, also for several of one answer", async () => {
  await using cli = await startRealCli([
    reply([bash("touch a"), bash("touch b"), bash("touch c")]),
    "finished",
  ]);
  const options = noting((request) =>
    JSON.stringify(request.input).includes("touch b")
      ? permission.deny(request, "not b")
      : permission.allow(request),
  );
  const client = await cli.open(options);
  await client.query("do them");
  assert.is(options.asked.length, 3);
  assert.equal(
    ["a", "b", "c"].map((name) => existsSync(join(cli.offline.cwd, name))),
    [true, false, true],
  );
});

approvals("interrupting while it asks withdraws the request: the handler's signal fires", async () => {
  await using cli = await startWith(bash(TOUCH));
  let asked: () => void = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  let withdrawn: () => void = () => {};
  const isWithdrawn = new Promise<void>((resolve) => {
    withdrawn = resolve;
  });
  const client = await cli.open({
    onToolApproval: async (request, { signal }) => {
      asked();
      signal.addEventListener("abort", withdrawn);
      await isWithdrawn;
      return permission.allow(request);
    },
  });
  const turn = client.query("do it");
  await isAsked;
  await client.interrupt();
  await isWithdrawn;
  assert.is(resultOf(await turn).subtype, "error_during_execution");
  assert.not(hasRun(cli), "the late answer is worth nothing");
  await assertUndisturbed(client, "the next one");
});

approvals("shutting down while it asks fires the handler's signal as well", async () => {
  await using cli = await startWith(bash(TOUCH));
  let signalled = false;
  let asked: () => void = () => {};
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const client = await cli.open({
    onToolApproval: (request, { signal }) =>
      new Promise((resolve) => {
        signal.addEventListener("abort", () => {
          signalled = true;
          resolve(permission.deny(request, "gone"));
        });
        asked();
      }),
  });
  const turn = client.query("do it").catch((error: { code: string }) => error.code);
  await isAsked;
  await client.shutdown({ graceMs: 300 });
  assert.ok(signalled);
  assert.is(await turn, "CONNECTION_CLOSED");
  assert.not(hasRun(cli));
});

approvals("leaves no process behind", assertNothingLeft);

approvals.run();
