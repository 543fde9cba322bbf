import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import * as permission from "../../../src/client/permission.js";
import { type ControlRequestMessage, isControlRequest } from "../../../src/protocol/index.js";
import {
  assertNothingLeft,
  type OpenOptions,
  PATIENCE_MS,
  type RealCli,
  startRealCli,
} from "../../support/real-cli.js";
import { answerOf, bash, ECHO, kindsOf, toolTextsOf } from "./turns.js";

const requests = suite("other requests of the real CLI to its host");

/** A client whose CLI calls this program before each prompt and each tool. */
async function openWithHooks(cli: RealCli, options: OpenOptions = {}): Promise<AsyncClient> {
  const client = await cli.open({ launch: (builder) => builder.allowedTools("Bash"), ...options });
  const hooks = {
    UserPromptSubmit: [{ hookCallbackIds: ["on-prompt"] }],
    PreToolUse: [{ hookCallbackIds: ["on-tool"] }],
  };
  await client.send({
    type: "control_request",
    request_id: "by-hand",
    request: { subtype: "initialize", hooks },
  });
  const answer = await client.receive({ timeoutMs: PATIENCE_MS });
  assert.is(answer.type, "control_response");
  return client;
}

function callbackOf({ request }: ControlRequestMessage): string | undefined {
  return request.subtype === "hook_callback" ? request.callback_id : undefined;
}

requests("hook callbacks are messages of the stream, to be answered by sendControlResponse()", async () => {
  await using cli = await startRealCli([bash("echo ran"), "finished"]);
  const client = await openWithHooks(cli);
  const called: (string | undefined)[] = [];
  for await (const message of await client.queryStream("do it")) {
    if (!isControlRequest(message)) continue;
    called.push(callbackOf(message));
    const denial = {
      hookEventName: "PreToolUse",
      permissionDecision: "deny",
      permissionDecisionReason: "no",
    };
    const response = callbackOf(message) === "on-tool" ? { hookSpecificOutput: denial } : {};
    await client.sendControlResponse({ subtype: "success", request_id: message.request_id, response });
  }
  assert.equal(called, ["on-prompt", "on-tool"]);
  assert.match(JSON.stringify(cli.model.mainRequests[1]?.body.messages), "no");
});

requests("a plain query() refuses them instead of hanging", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await openWithHooks(cli);
  const messages = await client.query("hello", { timeoutMs: PATIENCE_MS });
  assert.ok(kindsOf(messages).includes("control_request"));
  assert.is(answerOf(messages), "echo: hello");
});

requests("onToolApproval takes permission requests alone", async () => {
  await using cli = await startRealCli([bash("touch made-by-tool && echo touched"), "finished"]);
  let approved = 0;
  const client = await openWithHooks(cli, {
    launch: (builder) => builder,
    onToolApproval: (request) => {
      approved += 1;
      return permission.allow(request);
    },
  });
  const messages = [];
  for await (const message of await client.queryStream("do it")) {
    messages.push(message);
    if (!isControlRequest(message)) continue;
    await client.sendControlResponse({ subtype: "success", request_id: message.request_id, response: {} });
  }
  assert.is(approved, 1);
  assert.equal(messages.filter(isControlRequest).map(callbackOf), ["on-prompt", "on-tool"]);
  assert.equal(toolTextsOf(messages), ["touched"]);
});

requests("leaves no process behind", assertNothingLeft);

requests.run();
