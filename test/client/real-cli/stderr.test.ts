import { text } from "node:stream/consumers";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AsyncClient } from "../../../src/client/async-client.js";
import { type LaunchSpec, toSpawnable } from "../../../src/launch/index.js";
import { SessionPool } from "../../../src/pool/session-pool.js";
import { assertNothingLeft, type RealCli, startRealCli, until } from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import { assertUndisturbed, ECHO } from "./turns.js";

const stderr = suite("stderr of the real CLI");

/** All of it, which must not have been taken before; ends with the child. */
async function textOf(client: AsyncClient): Promise<string> {
  const stream = client.takeStderr();
  if (stream === undefined) throw new Error("stderr was taken already");
  return text(stream);
}

/** The CLI behind a shell that writes to stderr first. */
function withStderr(cli: RealCli, shell: string): LaunchSpec {
  const { command, args, ...rest } = toSpawnable(cli.builder.build());
  return { command: "/bin/sh", args: ["-c", `${shell}; exec "$0" "$@"`, command, ...args], ...rest };
}

stderr("takeStderr() hands it over from the start, once", async () => {
  await using cli = await startRealCli([ECHO]);
  // A pool of its own: its thread is cold, and the shell has written before anybody there can listen.
  await using pool = new SessionPool({ threads: 1 });
  const client = await AsyncClient.spawn(withStderr(cli, "echo 'a warning — ⚠' >&2"), { pool });
  await assertUndisturbed(client, "hello");
  const all = textOf(client);
  assert.is(client.takeStderr(), undefined);
  await client.shutdown();
  assert.match(await all, "a warning — ⚠\n");
  assert.is(client.takeStderr(), undefined);
});

stderr("can be read while the CLI runs", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = cli.adopt(await AsyncClient.spawn(withStderr(cli, "echo first >&2")));
  let seen = "";
  const stream = client.takeStderr()?.on("data", (piece: string) => {
    seen += piece;
  });
  await until("the first line", () => seen.includes("first\n"));
  assert.ok(client.isAlive());
  await assertUndisturbed(client, "hello");
  stream?.destroy();
});

stderr("nobody has to read it: a megabyte of it blocks nothing", async () => {
  await using cli = await startRealCli([ECHO]);
  const noise = "head -c 1000000 /dev/zero | tr '\\0' x >&2; echo 'the end' >&2";
  const client = cli.adopt(await AsyncClient.spawn(withStderr(cli, noise)));
  await assertUndisturbed(client, "hello");
  assert.ok(client.stats().stderrBytes > 1_000_000);
  await client.shutdown();
  // Of what nobody has read the last part is kept.
  assert.match(await textOf(client), /x{1000}the end\n$/);
});

stderr("its tail is in the error when the CLI ends", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = await cli.open({ launch: (builder) => builder.arg("no-such-flag") });
  const error = await rejects<Error & { code: string; exitCode: number; stderrTail: string }>(
    client.query("hello"),
  );
  assert.is(error.code, "CONNECTION_CLOSED");
  assert.is(error.exitCode, 1);
  assert.match(error.stderrTail, "--no-such-flag");
  assert.match(error.message, "--no-such-flag");
  assert.equal(await client.exited, { exitCode: 1, signal: null });
  assert.match(await textOf(client), "--no-such-flag");
});

stderr("leaves no process behind", assertNothingLeft);

stderr.run();
