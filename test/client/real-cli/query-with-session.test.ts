import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AsyncClient } from "../../../src/client/async-client.js";
import { toSpawnable } from "../../../src/launch/index.js";
import { assertNothingLeft, type RealCli, startRealCli } from "../../support/real-cli.js";
import { answerOf, ECHO, kindsOf } from "./turns.js";

const session = suite("the session variants of query on the real CLI");

/** A client on a child whose stdin is listened to. */
async function openWithTap(cli: RealCli): Promise<{ client: AsyncClient; lines: () => unknown[] }> {
  const { command, args, env, cwd } = toSpawnable(cli.builder.build());
  const child = spawn(command, args, { env, ...(cwd !== undefined && { cwd }), stdio: "pipe" });
  let written = "";
  const write = child.stdin.write.bind(child.stdin);
  child.stdin.write = (chunk: string, ...rest: never[]) => {
    written += chunk;
    return write(chunk, ...rest);
  };
  const client = cli.adopt(await AsyncClient.attach(child));
  return {
    client,
    lines: () =>
      written
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
  };
}

session("put the session id on the wire, and are turns like any other", async () => {
  await using cli = await startRealCli([ECHO]);
  const { client, lines } = await openWithTap(cli);
  const [first, second] = [randomUUID(), randomUUID()];
  const messages = await client.queryWithSession("collected", first);
  assert.equal(kindsOf(messages), ["system/init", "assistant", "result/success"]);
  assert.is(answerOf(messages), "echo: collected");
  const stream = await client.queryStreamWithSession("streamed", second);
  assert.is(await stream.text(), "echo: streamed");
  await client.query("without");
  const sent = lines() as { type: string; session_id?: string; uuid: string }[];
  assert.equal(
    sent.map(({ type, session_id }) => [type, session_id]),
    [
      ["user", first],
      ["user", second],
      ["user", undefined],
    ],
  );
  assert.is(new Set(sent.map(({ uuid }) => uuid)).size, 3, "every message has a uuid of its own");
  // The CLI takes the id for a note: the session stays its own.
  assert.not(client.sessionUuid() === first || client.sessionUuid() === second);
});

session("leaves no process behind", assertNothingLeft);

session.run();
