import { spawn } from "node:child_process";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AsyncClient } from "../../../src/client/async-client.js";
import * as permission from "../../../src/client/permission.js";
import { type ClaudeCliBuilder, toSpawnable } from "../../../src/launch/index.js";
import { SessionPool } from "../../../src/pool/session-pool.js";
import { isInit } from "../../../src/protocol/index.js";
import {
  assertNothingLeft,
  isAlive,
  processRunning,
  startedProcesses,
  startRealCli,
} from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import { answerOf, assertUndisturbed, bash, ECHO, ENDLESS_COMMAND, toolTextsOf } from "./turns.js";

const opening = suite("the ways to a client on the real CLI");

opening("withDefaults(): the model is sonnet, the rest is the builder's", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = cli.adopt(await AsyncClient.withDefaults({ builder: cli.builder }));
  const messages = await client.query("hello");
  assert.is(answerOf(messages), "echo: hello");
  assert.match(messages.find(isInit)?.model ?? "", "sonnet");
  assert.match(cli.model.mainRequests[0]?.body.model ?? "", "sonnet");
  assert.is(messages.find(isInit)?.cwd, cli.offline.cwd);
});

opening("withModel()", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = cli.adopt(await AsyncClient.withModel("haiku", { builder: cli.builder }));
  await assertUndisturbed(client, "hello");
  assert.match(cli.model.mainRequests[0]?.body.model ?? "", "haiku");
});

opening("fromBuilder(): flags and environment arrive", async () => {
  await using cli = await startRealCli([bash("echo $GREETING"), "done"]);
  const client = await cli.open({
    launch: (builder) =>
      builder
        .allowedTools("Bash")
        .env("GREETING", "bonjour")
        .appendSystemPrompt("Speak like a pirate.")
        .disallowedTools("WebSearch"),
  });
  const messages = await client.query("greet");
  assert.equal(toolTextsOf(messages), ["bonjour"]);
  assert.not(messages.find(isInit)?.tools?.includes("WebSearch"));
  assert.match(JSON.stringify(cli.model.mainRequests[0]?.body.system), "Speak like a pirate.");
});

opening("fromBuilder() with onToolApproval asks the CLI to ask", async () => {
  await using cli = await startRealCli([bash("touch made-by-tool"), "done"]);
  let asked = 0;
  const client = await cli.open({
    onToolApproval: (request) => {
      asked += 1;
      return permission.allow(request);
    },
  });
  await client.query("do it");
  assert.is(asked, 1);
});

opening("spawn(): any command", async () => {
  await using cli = await startRealCli([ECHO]);
  const client = cli.adopt(await AsyncClient.spawn(cli.builder.model("opus").build()));
  await assertUndisturbed(client, "hello");
  assert.match(cli.model.mainRequests[0]?.body.model ?? "", "opus");
  assert.equal(await client.shutdown(), { exitCode: 0, signal: null });
});

opening("spawn(): what a wrapper writes before the CLI starts is not lost", async () => {
  await using cli = await startRealCli([ECHO]);
  // A pool of its own: its thread is cold, and the shell has written before anybody there can listen.
  await using pool = new SessionPool({ threads: 1 });
  const { command, args, ...rest } = toSpawnable(cli.builder.build());
  const shell = `echo '{"type":"from_the_wrapper"}'; exec "$0" "$@"`;
  const spec = { command: "/bin/sh", args: ["-c", shell, command, ...args], ...rest };
  const client = await AsyncClient.spawn(spec, { pool });
  await client.isResponsive();
  const message = await client.receive({ timeoutMs: 500 }).catch((error: { code: string }) => error.code);
  assert.equal(message, { type: "from_the_wrapper" });
  await assertUndisturbed(client, "hello");
});

opening("attach(): a child that the caller has spawned", async () => {
  await using cli = await startRealCli([
    { when: "ask first", reply: [bash("touch made-by-tool && echo touched"), "done"] },
    ECHO,
  ]);
  const { command, args, env, cwd = "" } = toSpawnable(cli.builder.permissionPromptTool("stdio").build());
  const child = spawn(command, args, { env, cwd, stdio: ["pipe", "pipe", "pipe"] });
  const client = cli.adopt(
    await AsyncClient.attach(child, { onToolApproval: (request) => permission.allow(request) }),
  );
  assert.is(client.pid(), child.pid);
  await assertUndisturbed(client, "hello");
  assert.equal(toolTextsOf(await client.query("ask first")), ["touched"]);
  assert.ok(Object.hasOwn(await client.enableToolApproval(), "commands"));
  assert.is(await client.isResponsive(), true);
  assert.equal(await client.shutdown(), { exitCode: 0, signal: null });
  assert.is(child.exitCode, 0);
  assert.is(client.isAlive(), false);
  assert.equal(startedProcesses(), []);
});

opening("attach(): shutdown in the middle of a tool call ends the tool as well", async () => {
  await using cli = await startRealCli([bash(ENDLESS_COMMAND), "never said"]);
  const { command, args, env, cwd = "" } = toSpawnable(cli.builder.allowedTools("Bash").build());
  const child = spawn(command, args, { env, cwd, stdio: "pipe" });
  const client = cli.adopt(await AsyncClient.attach(child));
  const turn = rejects(client.query("work"));
  const tool = await processRunning(ENDLESS_COMMAND);
  await client.shutdown({ graceMs: 200 });
  assert.is((await turn).code, "CONNECTION_CLOSED");
  assert.not(isAlive(tool.pid));
  assert.equal(startedProcesses(), []);
});

opening("attach() refuses a child without pipes", async () => {
  await using cli = await startRealCli([ECHO]);
  const { command, env } = toSpawnable(cli.builder.build());
  const child = spawn(command, ["--version"], { env, stdio: "ignore" });
  const ended = new Promise((resolve) => child.once("close", resolve));
  assert.is((await rejects(AsyncClient.attach(child))).code, "INVALID_ARGUMENT");
  await ended;
});

opening("what cannot be started is an error, and leaves nothing open", async () => {
  await using cli = await startRealCli([ECHO]);
  const missing = join(cli.offline.cwd, "claude");
  const faults: [ClaudeCliBuilder, string][] = [
    [cli.builder.command(missing), "BINARY_NOT_FOUND"],
    [cli.builder.command("no-such-program"), "BINARY_NOT_FOUND"],
    [cli.builder.workingDirectory(join(cli.offline.cwd, "no-such-folder")), "SPAWN_FAILED"],
    [cli.builder.command(cli.offline.cwd), "SPAWN_FAILED"],
  ];
  for (const [builder, code] of faults) {
    assert.is((await rejects(AsyncClient.fromBuilder(builder))).code, code);
  }
  const aborted = AsyncClient.fromBuilder(cli.builder, { signal: AbortSignal.abort() });
  assert.is((await rejects(aborted)).code, "ABORTED");
  assert.equal(startedProcesses(), []);
});

opening("several clients at once, each with its own CLI", async () => {
  await using cli = await startRealCli([ECHO]);
  const clients = await Promise.all([1, 2, 3].map(() => cli.open()));
  assert.is(new Set(clients.map((client) => client.pid())).size, 3);
  await Promise.all(clients.map((client, at) => assertUndisturbed(client, `number ${at}`)));
  assert.is(new Set(clients.map((client) => client.sessionUuid())).size, 3);
});

opening("leaves no process behind", assertNothingLeft);

opening.run();
