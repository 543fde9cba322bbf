import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AsyncClient } from "../../../src/client/async-client.js";
import { sessionIdOf } from "../../../src/protocol/index.js";
import { assertNothingLeft, startRealCli } from "../../support/real-cli.js";
import { answerOf, ECHO, kindsOf } from "./turns.js";

const sessionId = suite("sessionUuid() on the real CLI");

/** The code that it throws with, or undefined when it gives an id. */
function refusal(client: AsyncClient): string | undefined {
  try {
    client.sessionUuid();
    return undefined;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

sessionId("is not known before any message, and is the wire's from the first one on", async () => {
  const chosen = "0a0b0c0d-1111-4222-8333-444455556666";
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open({ launch: (builder) => builder.sessionId(chosen) });
  assert.is(refusal(client), "SESSION_NOT_INITIALIZED");
  await client.isResponsive();
  assert.is(refusal(client), "SESSION_NOT_INITIALIZED");
  const stream = await client.queryStream("hello");
  const { value } = await stream.next();
  assert.is(client.sessionUuid(), chosen);
  assert.is(sessionIdOf(value), chosen);
  await stream.collect();
  assert.is(client.sessionUuid(), chosen);
});

sessionId("is a session's id, not a message's", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const messages = await client.query("hello");
  const uuids = messages.map((message) => ("uuid" in message ? message.uuid : undefined));
  assert.not(uuids.includes(client.sessionUuid()));
  assert.equal(new Set(messages.map(sessionIdOf)), new Set([client.sessionUuid()]));
});

sessionId("changes with /clear, and the model forgets", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  await client.query("the cat is called Mimi");
  const before = client.sessionUuid();
  const messages = await client.query("/clear");
  assert.ok(kindsOf(messages).includes("conversation_reset"));
  const cleared = client.sessionUuid();
  assert.is.not(cleared, before);
  await client.query("what is the cat called?");
  assert.is(client.sessionUuid(), cleared);
  assert.not.match(JSON.stringify(cli.model.mainRequests.at(-1)?.body.messages), "Mimi");
});

sessionId("after /clear is what the new conversation is resumed by, and the old one by the old", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  await client.query("the cat is called Mimi");
  const old = client.sessionUuid();
  await client.query("/clear");
  await client.query("the dog is called Rex");
  const cleared = client.sessionUuid();
  await client.shutdown();
  for (const [id, known, unknown] of [
    [old, "Mimi", "Rex"],
    [cleared, "Rex", "Mimi"],
  ] as const) {
    const resumed = cli.adopt(await AsyncClient.resumeSession(id, { builder: cli.builder }));
    await resumed.query("who is there?");
    const history = JSON.stringify(cli.model.mainRequests.at(-1)?.body.messages);
    assert.match(history, known);
    assert.not.match(history, unknown);
    assert.is(resumed.sessionUuid(), id);
    await resumed.shutdown();
  }
});

sessionId("of a resumed session is known at once and stays", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  await client.query("hello");
  const id = client.sessionUuid();
  await client.shutdown();
  const resumed = cli.adopt(await AsyncClient.resumeSession(id, { builder: cli.builder }));
  assert.is(resumed.sessionUuid(), id);
  await resumed.query("hello again");
  assert.is(resumed.sessionUuid(), id);
});

sessionId("of a fork is a new one", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  await client.query("hello");
  const id = client.sessionUuid();
  await client.shutdown();
  const chosen = "0a0b0c0d-1111-4222-8333-777788889999";
  const fork = await cli.open({ launch: (builder) => builder.forkFrom(id).sessionId(chosen) });
  assert.is(answerOf(await fork.query("hello, fork")), "echo: hello, fork");
  assert.is(fork.sessionUuid(), chosen);
});

sessionId("stays what it was after the end", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  await client.query("hello");
  const id = client.sessionUuid();
  await client.shutdown();
  assert.is(client.sessionUuid(), id);
});

sessionId("leaves no process behind", assertNothingLeft);

sessionId.run();
