import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClaudeError, type RestartInfo, RestartingClient, RestartLimitError } from "../../src/index.js";
import { promptOf, type ScriptedModel } from "../../src/testing/index.js";
import { assertNothingLeft, type RealCli, startRealCli, until } from "../support/real-cli.js";
import { rejects } from "../support/rejects.js";
import { answerOf, ECHO, endlessText } from "./real-cli/turns.js";

const restarts = suite("restarting client");

const QUICK = { minMs: 1, maxMs: 1 };

/** Kills the CLI, and waits until that is known. */
async function kill(client: RestartingClient): Promise<void> {
  const { current } = client;
  const pid = current.pid();
  if (pid === undefined) throw new Error("there is no process to kill");
  process.kill(pid, "SIGKILL");
  await current.exited;
}

function startCli(): Promise<RealCli<ScriptedModel>> {
  return startRealCli([{ when: "endless", reply: endlessText() }, ECHO]);
}

restarts("the next use resumes the conversation; the turn that ran is lost", async () => {
  await using cli = await startCli();
  const told: RestartInfo[] = [];
  await using client = await RestartingClient.fromBuilder(cli.builder, {
    restart: { onRestart: (info) => told.push(info), backoff: QUICK },
  });
  await client.query("my name is Ada");
  const before = client.current;
  const lost = client.query("endless");
  await until("the second turn", () => cli.model.mainRequests.length === 2);
  await Promise.all([
    kill(client),
    rejects<ClaudeError>(lost).then(({ code }) => assert.is(code, "CONNECTION_CLOSED")),
  ]);
  assert.equal(told, [], "nothing is started before it is needed");

  const [one, two] = await Promise.all([client.query("and now?"), client.query("once more")]);
  assert.equal([answerOf(one), answerOf(two)], ["echo: and now?", "echo: once more"]);
  const request = cli.model.mainRequests.find((seen) => promptOf(seen).includes("and now?"));
  assert.match(JSON.stringify(request?.body.messages), "my name is Ada");
  assert.match(JSON.stringify(request?.body.messages), "echo: my name is Ada");
  assert.is(cli.model.mainRequests.filter((seen) => promptOf(seen) === "endless").length, 1, "asked once");
  assert.is(client.current.sessionUuid(), before.sessionUuid());
  assert.is(client.current === before, false);
  assert.is(told.length, 1);
  assert.equal([told[0]?.restart, told[0]?.delayMs], [1, 0]);
  assert.is(told[0]?.sessionId, before.sessionUuid());
  assert.is((told[0]?.cause as ClaudeError | undefined)?.code, "CONNECTION_CLOSED");

  assert.is((await client.shutdown()).exitCode, 0);
  assert.is((await rejects<ClaudeError>(client.query("too late"))).code, "CONNECTION_CLOSED");
  assert.is(told.length, 1, "a shutdown is no crash");
});

restarts("retryTurns asks again; beyond the limit the last crash is told", async () => {
  await using cli = await startCli();
  await using client = await RestartingClient.fromBuilder(cli.builder, {
    restart: { maxRestarts: 1, retryTurns: true, backoff: QUICK },
  });
  await client.query("first");
  const asked = client.query("endless");
  await until("the turn", () => cli.model.mainRequests.length === 2);
  await kill(client);
  await until("the turn again", () => cli.model.mainRequests.length === 3);
  await kill(client);
  const error = await rejects<RestartLimitError>(asked);
  assert.is(error.code, "RESTART_LIMIT");
  assert.is(error.restarts, 1);
  assert.is((error.cause as ClaudeError).code, "CONNECTION_CLOSED");
  assert.instance(error, RestartLimitError);
});

restarts("before a turn has ended, and after /clear, it begins anew", async () => {
  await using cli = await startCli();
  const told: RestartInfo[] = [];
  await using client = await RestartingClient.fromBuilder(cli.builder, {
    restart: { onRestart: (info) => told.push(info), backoff: QUICK },
  });
  const first = await client.queryStream("endless");
  await first.next();
  await Promise.all([kill(client), rejects(first.collect())]);
  assert.is(answerOf(await client.query("one")), "echo: one");
  await client.query("/clear");
  await kill(client);
  assert.is(answerOf(await client.query("two")), "echo: two");
  const request = cli.model.mainRequests.find((seen) => promptOf(seen) === "two");
  assert.not.match(JSON.stringify(request?.body.messages), "echo: one");
  assert.equal(
    told.map(({ sessionId }) => sessionId),
    [undefined, undefined],
  );
});

restarts("a shutdown from outside, and an end in order, are no crashes", async () => {
  await using cli = await startCli();
  const client = await RestartingClient.fromBuilder(cli.builder);
  await client.query("first");
  await client.current.shutdown();
  assert.is((await rejects<ClaudeError>(client.query("second"))).code, "CONNECTION_CLOSED");
  await client.shutdown();
});

restarts("impossible options are refused before anything starts", async () => {
  await using cli = await startCli();
  for (const restart of [
    { maxRestarts: -1 },
    { maxRestarts: 1.5 },
    { windowMs: Number.NaN },
    { backoff: { minMs: -1 } },
  ]) {
    const error = await rejects<ClaudeError>(RestartingClient.fromBuilder(cli.builder, { restart }));
    assert.is(error.code, "INVALID_ARGUMENT");
  }
});

restarts("leaves no process behind", assertNothingLeft);

restarts.run();
