import { existsSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import * as permission from "../../../src/client/permission.js";
import {
  type ClaudeOutput,
  type ControlAnswer,
  type ControlRequestMessage,
  isControlRequest,
  isResult,
  toolPermissionRequest,
  userMessage,
} from "../../../src/protocol/index.js";
import { type ModelReply, toolResultsOf } from "../../../src/testing/index.js";
import { assertNothingLeft, PATIENCE_MS, type RealCli, startRealCli } from "../../support/real-cli.js";
import { answerOf, assertUndisturbed, bash, ECHO, kindsOf, resultOf, toolTextsOf } from "./turns.js";

const approvals = suite("approvals by hand on the real CLI");

const TOUCH = "touch made-by-tool && echo touched";

function startWith(...steps: ModelReply[]): Promise<RealCli> {
  return startRealCli([{ when: "do it", reply: [...steps, "finished"] }, ECHO]);
}

async function open(cli: RealCli): Promise<AsyncClient> {
  return cli.open({ launch: (builder) => builder.permissionPromptTool("stdio") });
}

function hasRun(cli: RealCli): boolean {
  return existsSync(join(cli.offline.cwd, "made-by-tool"));
}

type Decide = (request: ControlRequestMessage) => ControlAnswer;

/** The two places where requests turn up, and what a turn looks like there. */
const READERS: Readonly<Record<string, (client: AsyncClient, decide: Decide) => Promise<ClaudeOutput[]>>> = {
  async "queryStream()"(client, decide) {
    const messages: ClaudeOutput[] = [];
    for await (const message of await client.queryStream("do it")) {
      messages.push(message);
      if (isControlRequest(message)) await client.sendControlResponse(decide(message));
    }
    return messages;
  },
  async "receive()"(client, decide) {
    await client.send(userMessage("do it"));
    const messages: ClaudeOutput[] = [];
    while (!isResult(messages.at(-1))) {
      const message = await client.receive({ timeoutMs: PATIENCE_MS });
      messages.push(message);
      if (isControlRequest(message)) await client.sendControlResponse(decide(message));
    }
    return messages;
  },
};

for (const [name, readTurn] of Object.entries(READERS)) {
  approvals(`allowed through ${name}`, async () => {
    await using cli = await startWith(bash(TOUCH));
    const client = await open(cli);
    const messages = await readTurn(client, (request) => permission.allow(request));
    assert.equal(kindsOf(messages).filter((kind) => kind === "control_request").length, 1);
    const request = messages.map(toolPermissionRequest).find((found) => found !== undefined);
    assert.is(request?.tool_name, "Bash");
    assert.is(request?.input.command, TOUCH);
    assert.equal(toolTextsOf(messages), ["touched"]);
    assert.is(answerOf(messages), "finished");
    assert.ok(hasRun(cli));
  });

  approvals(`denied through ${name}`, async () => {
    await using cli = await startWith(bash(TOUCH));
    const client = await open(cli);
    const messages = await readTurn(client, (request) => permission.deny(request, "Not today."));
    assert.equal(toolTextsOf(messages), ["Not today."]);
    assert.is(answerOf(messages), "finished");
    assert.not(hasRun(cli));
  });

  approvals(`denied and stopped through ${name}`, async () => {
    await using cli = await startWith(bash(TOUCH));
    const client = await open(cli);
    const messages = await readTurn(client, (request) => permission.denyAndStop(request, "Stop."));
    assert.is(resultOf(messages).subtype, "error_during_execution");
    assert.not(hasRun(cli));
    await assertUndisturbed(client, "the next one");
  });

  approvals(`changed input through ${name}`, async () => {
    await using cli = await startWith(bash(TOUCH));
    const client = await open(cli);
    const updatedInput = { command: "echo something else", description: "changed" };
    const messages = await readTurn(client, (request) => permission.allow(request, { updatedInput }));
    assert.equal(toolTextsOf(messages), ["something else"]);
    assert.not(hasRun(cli));
  });

  approvals(`remembered through ${name}: the second call does not ask`, async () => {
    await using cli = await startWith(bash(TOUCH), bash(TOUCH));
    const client = await open(cli);
    const messages = await readTurn(client, (request) => permission.allowAndRemember(request));
    assert.is(kindsOf(messages).filter((kind) => kind === "control_request").length, 1);
    assert.equal(toolTextsOf(messages), ["touched", "touched"]);
  });
}

approvals("a whole control_response frame will do for an answer", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await open(cli);
  for await (const message of await client.queryStream("do it")) {
    if (!isControlRequest(message)) continue;
    await client.sendControlResponse({ type: "control_response", response: permission.allow(message) });
  }
  assert.ok(hasRun(cli));
});

approvals("an error for an answer denies", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await open(cli);
  const messages: ClaudeOutput[] = [];
  for await (const message of await client.queryStream("do it")) {
    messages.push(message);
    if (!isControlRequest(message)) continue;
    await client.sendControlResponse({
      subtype: "error",
      request_id: message.request_id,
      error: "the host is in no mood",
    });
  }
  assert.match(toolTextsOf(messages).join(), "the host is in no mood");
  assert.not(hasRun(cli));
});

approvals("an answer to nothing is ignored", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await open(cli);
  await client.sendControlResponse({ subtype: "success", request_id: "never-asked", response: {} });
  await assertUndisturbed(client, "still fine");
});

approvals("a plain query() denies with a clear reason instead of hanging", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await open(cli);
  assert.not(client.isToolApprovalEnabled());
  const messages = await client.query("do it", { timeoutMs: PATIENCE_MS });
  assert.is(answerOf(messages), "finished");
  assert.not(hasRun(cli));
  const [reason] = cli.model.mainRequests.slice(1).flatMap(toolResultsOf);
  assert.match(reason ?? "", "query() has no handler for it");
  assert.match(reason ?? "", "onToolApproval");
});

approvals("without a prompt tool the CLI itself denies", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await cli.open();
  const messages = await client.query("do it");
  assert.ok(kindsOf(messages).includes("system/permission_denied"));
  assert.not(hasRun(cli));
});

approvals("leaving a stream that waits for an answer: nobody is kept waiting", async () => {
  await using cli = await startWith(bash(TOUCH));
  const client = await open(cli);
  for await (const message of await client.queryStream("do it")) if (isControlRequest(message)) break;
  await assertUndisturbed(client, "the next one");
  assert.not(hasRun(cli));
});

approvals("leaves no process behind", assertNothingLeft);

approvals.run();
