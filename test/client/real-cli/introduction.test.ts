import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ElicitationRequest, InitializeFields } from "../../../src/index.js";
import { toolResultsOf, toolUse } from "../../../src/testing/index.js";
import { assertNothingLeft, startRealCli } from "../../support/real-cli.js";
import { answerOf, ECHO } from "./turns.js";

const introduction = suite("what the client tells the real CLI first");

const ASK = "mcp__asking__ask";
const SERVER = fileURLToPath(new URL("../../fixtures/mcp/asking-server.js", import.meta.url));
const ASKING = { asking: { command: process.execPath, args: [SERVER] } };

introduction("a system prompt and an agent reach the model", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open({
    initialize: {
      systemPrompt: ["You are a lighthouse."],
      agents: { keeper: { description: "keeps the lighthouse", prompt: "Keep it." } },
    },
  });
  const told = await client.enableToolApproval();
  assert.ok(Array.isArray(told.agents) && JSON.stringify(told.agents).includes("keeper"));
  assert.is(answerOf(await client.query("hello")), "echo: hello");
  assert.match(JSON.stringify(cli.model.mainRequests[0]?.body.system), "You are a lighthouse.");
});

introduction("what the CLI refuses makes the opening fail, and leaves no process", async () => {
  await using cli = await startRealCli([ECHO]);
  const initialize = { skills: 5 } as unknown as InitializeFields;
  const error: unknown = await cli.open({ initialize }).then(
    () => assert.unreachable("it was opened"),
    (failure: unknown) => failure,
  );
  assert.is((error as { code?: string }).code, "CONTROL_REQUEST_FAILED", String(error));
  assertNothingLeft();
});

introduction("servers are there for the first prompt, and what they ask comes to onElicitation", async () => {
  const calls = Array.from({ length: 3 }, () => toolUse(ASK, {}));
  await using cli = await startRealCli([{ when: "ask", reply: [...calls, "finished"] }, ECHO]);
  const asked: ElicitationRequest[] = [];
  const client = await cli.open({
    mcpServers: ASKING,
    launch: (builder) => builder.allowedTools(ASK),
    onElicitation: (request) => {
      asked.push(request);
      if (asked.length === 1) return { action: "accept", content: { name: "Ada" } };
      if (asked.length === 2) return { action: "cancel" };
      throw new Error("the dialog has failed");
    },
  });
  assert.is(answerOf(await client.query("ask")), "finished");
  assert.is(asked[0]?.mcp_server_name, "asking");
  assert.is(asked[0]?.message, "your name?");
  assert.equal(
    cli.model.mainRequests
      .slice(1)
      .flatMap(toolResultsOf)
      .map((text) => JSON.parse(text).action),
    ["accept", "cancel", "decline"],
  );
});

introduction("no trace is left", assertNothingLeft);

introduction.run();
