import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import * as permission from "../../../src/client/permission.js";
import { asToolUse, isControlRequest } from "../../../src/protocol/index.js";
import { toolResultsOf, toolUse } from "../../../src/testing/index.js";
import { assertNothingLeft, type RealCli, startRealCli } from "../../support/real-cli.js";
import { answerOf, resultOf } from "./turns.js";

const questions = suite("AskUserQuestion on the real CLI");

const COLOUR = {
  question: "Which colour?",
  header: "Colour",
  multiSelect: false,
  options: [
    { label: "Red", description: "as a rose" },
    { label: "Blue", description: "as the sea" },
  ],
};
const EXTRAS = {
  question: "Which extras?",
  header: "Extras",
  multiSelect: true,
  options: [
    { label: "Wheels", description: "four of them" },
    { label: "Doors", description: "two of them" },
    { label: "Roof", description: "only one" },
  ],
};

function startAsking(): Promise<RealCli> {
  return startRealCli([toolUse("AskUserQuestion", { questions: [COLOUR, EXTRAS] }), "a fine choice"]);
}

/** What the model reads in its next request. */
function readByModel(cli: RealCli): string {
  return cli.model.mainRequests.slice(1).flatMap(toolResultsOf).join();
}

function assertAnswered(cli: RealCli): void {
  assert.match(readByModel(cli), '"Which colour?"="Blue"');
  assert.match(readByModel(cli), '"Which extras?"="Wheels, Roof"');
}

const ANSWERS = { "Which colour?": "Blue", "Which extras?": ["Wheels", "Roof"] };

questions("answered by onToolApproval: the model's next request has the answers", async () => {
  await using cli = await startAsking();
  const client = await cli.open({
    onToolApproval: (request) => {
      assert.is(request.tool_name, "AskUserQuestion");
      assert.is(request.requires_user_interaction, true);
      return permission.answerQuestions(request, ANSWERS);
    },
  });
  const messages = await client.query("what would you like?");
  assert.is(answerOf(messages), "a fine choice");
  assertAnswered(cli);
  const call = messages.map((message) => asToolUse(message, "AskUserQuestion")).find(Boolean);
  assert.equal(
    call?.input.questions.map(({ question }) => question),
    ["Which colour?", "Which extras?"],
  );
});

questions("answered by hand", async () => {
  await using cli = await startAsking();
  const client = await openAsking(cli);
  for await (const message of await client.queryStream("what would you like?")) {
    if (!isControlRequest(message)) continue;
    await client.sendControlResponse(permission.answerQuestions(message, ANSWERS));
  }
  assertAnswered(cli);
});

questions("declined: the model reads why", async () => {
  await using cli = await startAsking();
  const client = await cli.open({ onToolApproval: (request) => permission.deny(request, "Ask me later.") });
  assert.is(answerOf(await client.query("what would you like?")), "a fine choice");
  assert.is(readByModel(cli), "Ask me later.");
});

questions("a plain query() does not hang on it", async () => {
  await using cli = await startAsking();
  const client = await openAsking(cli);
  assert.is(resultOf(await client.query("what would you like?")).subtype, "success");
  assert.match(readByModel(cli), "query() has no handler for it");
});

questions("leaves no process behind", assertNothingLeft);

questions.run();

async function openAsking(cli: RealCli): Promise<AsyncClient> {
  return cli.open({ launch: (builder) => builder.permissionPromptTool("stdio") });
}
