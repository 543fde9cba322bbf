import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isResult, userMessage } from "../../../src/protocol/index.js";
import { promptOf } from "../../../src/testing/index.js";
import { assertNothingLeft, PATIENCE_MS, startRealCli } from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import {
  answerOf,
  assertUndisturbed,
  ECHO,
  Gate,
  kindsOf,
  receiveRest,
  receiveTurn,
  textsOf,
} from "./turns.js";

const receive = suite("send() and receive() on the real CLI");

receive("a conversation by hand", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  for (const prompt of ["first", "second", "third"]) {
    await client.send(userMessage(prompt));
    const messages = await receiveTurn(client);
    assert.equal(kindsOf(messages), ["system/init", "assistant", "result/success"]);
    assert.is(answerOf(messages), `echo: ${prompt}`);
  }
  assert.equal(cli.model.mainRequests.map(promptOf), ["first", "second", "third"]);
});

receive("two messages at once are answered one after the other", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  await Promise.all([client.send(userMessage("first")), client.send(userMessage("second"))]);
  const texts = [...textsOf(await receiveTurn(client)), ...textsOf(await receiveTurn(client))];
  assert.equal(texts, ["echo: first", "echo: second"]);
});

receive("a message with a uuid of the caller's is reported on by that uuid", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const uuid = "0a0b0c0d-1111-4222-8333-444455556666";
  await client.send(userMessage("marked", { uuid }));
  const messages = [...(await receiveTurn(client)), ...(await receiveRest(client))];
  assert.equal(kindsOf(messages), [
    "command_lifecycle",
    "command_lifecycle",
    "system/init",
    "assistant",
    "result/success",
    "command_lifecycle",
  ]);
  const [result] = messages.filter(isResult);
  assert.equal(result?.user_message_uuids, [uuid]);
  const states = messages.flatMap((message) =>
    message.type === "command_lifecycle" ? [[message.command_uuid, message.state]] : [],
  );
  assert.equal(states, [
    [uuid, "queued"],
    [uuid, "started"],
    [uuid, "completed"],
  ]);
});

receive("receiveRaw() gives the same as plain values", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  await client.send(userMessage("raw"));
  const raw: unknown[] = [];
  while (!isResult(raw.at(-1))) raw.push(await client.receiveRaw({ timeoutMs: PATIENCE_MS }));
  assert.equal(kindsOf(raw), ["system/init", "assistant", "result/success"]);
  assert.match(JSON.stringify(raw), "echo: raw");
});

receive("a wait that was aborted or timed out loses nothing", async () => {
  const gate = new Gate();
  await using cli = await startRealCli([{ when: "held", reply: gate.holds("let go") }, ECHO]);
  const client = await cli.open();
  await client.send(userMessage("held"));
  assert.is((await client.receive({ timeoutMs: PATIENCE_MS })).type, "system");
  const abort = new AbortController();
  const waits = [
    client.receive({ timeoutMs: 50 }),
    client.receive({ signal: abort.signal }),
    client.receiveRaw({ timeoutMs: 50 }),
    client.receiveRaw({ signal: abort.signal }),
    client.receive({ signal: AbortSignal.abort() }),
  ].map((wait) => rejects(wait));
  abort.abort();
  assert.equal(
    (await Promise.all(waits)).map(({ code }) => code),
    ["TIMEOUT", "ABORTED", "TIMEOUT", "ABORTED", "ABORTED"],
  );
  gate.open();
  assert.equal(textsOf(await receiveTurn(client)), ["let go"]);
});

receive("several waiting receivers get each message once, in order", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const waiting = [1, 2, 3].map(() => client.receive({ timeoutMs: PATIENCE_MS }));
  await client.send(userMessage("shared"));
  assert.equal(kindsOf(await Promise.all(waiting)), ["system/init", "assistant", "result/success"]);
});

receive("one that waits across a query gets nothing of it", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const waiting = client.receive({ timeoutMs: PATIENCE_MS });
  await assertUndisturbed(client, "asked meanwhile");
  await client.send({
    type: "control_request",
    request_id: "by-hand",
    request: { subtype: "get_binary_version" },
  });
  const message = await waiting;
  assert.is(message.type, "control_response");
  assert.match(JSON.stringify(message), "by-hand");
});

receive(
  "any other input goes through: control requests, keep-alives, what the CLI does not know",
  async () => {
    await using cli = await startRealCli([ECHO]);
    const client = await cli.open();
    await client.send({ type: "keep_alive" });
    await client.send({ type: "from_the_future", payload: { any: "thing" } });
    await client.send({
      type: "control_request",
      request_id: "mode",
      request: { subtype: "set_permission_mode", mode: "plan" },
    });
    await client.send({
      type: "control_request",
      request_id: "no-such",
      request: { subtype: "no_such_request" },
    });
    const answers = new Map<string, unknown>();
    while (answers.size < 2) {
      const message = await client.receive({ timeoutMs: PATIENCE_MS });
      if (message.type === "control_response") answers.set(message.response.request_id, message.response);
    }
    assert.match(JSON.stringify(answers.get("mode")), '"mode":"plan"');
    assert.match(JSON.stringify(answers.get("no-such")), '"subtype":"error"');
    await receiveRest(client);
    await assertUndisturbed(client, "and on");
  },
);

receive("what JSON cannot hold is refused before the CLI could choke on it", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open();
  const { code } = await rejects(client.send({ type: "user", message: { role: "user", content: 1n } }));
  assert.is(code, "INVALID_ARGUMENT");
  await assertUndisturbed(client, "still fine");
});

receive("leaves no process behind", assertNothingLeft);

receive.run();
