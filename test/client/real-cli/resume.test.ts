import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AsyncClient } from "../../../src/client/async-client.js";
import { errorsOf } from "../../../src/protocol/index.js";
import { assertNothingLeft, type RealCli, startRealCli } from "../../support/real-cli.js";
import { answerOf, ECHO, resultOf } from "./turns.js";

const resume = suite("resuming on the real CLI");

const FACT = "The cat is called Mimi.";

/** A session in which the fact was told; its child is gone. */
async function told(cli: RealCli): Promise<string> {
  const client = await cli.open({ launch: (builder) => builder.model("opus") });
  await client.query(FACT);
  await client.shutdown();
  return client.sessionUuid();
}

function lastRequest(cli: RealCli): { model: string; history: string } {
  const { model = "", messages = [] } = cli.model.mainRequests.at(-1)?.body ?? {};
  return { model, history: JSON.stringify(messages) };
}

resume("resumeSession(): a fact told before is in the next request", async () => {
  await using cli = await startRealCli([ECHO]);
  const id = await told(cli);
  const client = cli.adopt(await AsyncClient.resumeSession(id, { builder: cli.builder }));
  assert.is(answerOf(await client.query("What is it called?")), "echo: What is it called?");
  assert.match(lastRequest(cli).history, FACT);
  assert.match(lastRequest(cli).history, `echo: ${FACT}`);
  assert.is(client.sessionUuid(), id);
});

resume("resumeSessionWithModel(): the same, with that model", async () => {
  await using cli = await startRealCli([ECHO]);
  const id = await told(cli);
  assert.match(lastRequest(cli).model, "opus");
  const client = cli.adopt(await AsyncClient.resumeSessionWithModel(id, "haiku", { builder: cli.builder }));
  await client.query("What is it called?");
  assert.match(lastRequest(cli).history, FACT);
  assert.match(lastRequest(cli).model, "haiku");
  assert.is(client.sessionUuid(), id);
});

resume("twice in a row: the history grows", async () => {
  await using cli = await startRealCli([ECHO]);
  const id = await told(cli);
  for (const prompt of ["second time", "third time"]) {
    const client = cli.adopt(await AsyncClient.resumeSession(id, { builder: cli.builder }));
    await client.query(prompt);
    await client.shutdown();
  }
  const { history } = lastRequest(cli);
  for (const text of [FACT, "second time", "echo: second time", "third time"]) assert.match(history, text);
});

resume("forkFrom(): the fork knows the fact, the original nothing of the fork", async () => {
  await using cli = await startRealCli([ECHO]);
  const id = await told(cli);
  const fork = await cli.open({ launch: (builder) => builder.forkFrom(id) });
  await fork.query("The fork has a dog.");
  assert.match(lastRequest(cli).history, FACT);
  assert.is.not(fork.sessionUuid(), id);
  await fork.shutdown();
  const original = cli.adopt(await AsyncClient.resumeSession(id, { builder: cli.builder }));
  await original.query("Is there a dog?");
  assert.match(lastRequest(cli).history, FACT);
  assert.not.match(lastRequest(cli).history, "The fork has a dog.");
});

resume("continueConversation(): the latest session of the folder", async () => {
  await using cli = await startRealCli([ECHO]);
  const id = await told(cli);
  const client = await cli.open({ launch: (builder) => builder.continueConversation() });
  await client.query("What is it called?");
  assert.match(lastRequest(cli).history, FACT);
  assert.is(client.sessionUuid(), id);
});

resume("a session that does not exist: the first turn tells, and the CLI ends", async () => {
  const unknown = "0a0b0c0d-9999-4222-8333-444455556666";
  await using cli = await startRealCli([ECHO]);
  const client = cli.adopt(await AsyncClient.resumeSession(unknown, { builder: cli.builder }));
  const outcome = await client.query("anybody there?").then(
    (messages) => errorsOf(resultOf(messages)).join(),
    (error: { message: string }) => error.message,
  );
  assert.match(outcome, "No conversation found");
  assert.equal(await client.exited, { exitCode: 1, signal: null });
  assert.is(cli.model.mainRequests.length, 0);
});

resume("leaves no process behind", assertNothingLeft);

resume.run();
