/** Sessions of the real CLI: what we read is what the SDK reads, and what we write the CLI goes on with. */

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import * as sdk from "@anthropic-ai/claude-agent-sdk";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { AsyncClient } from "../../src/client/async-client.js";
import {
  archiveSession,
  deleteSession,
  forkSession,
  renameSession,
  tagSession,
  unarchiveSession,
} from "../../src/sessions/change-sessions.js";
import {
  getSessionInfo,
  getSessionMessages,
  getSubagentMessages,
  listSessions,
  listSubagents,
} from "../../src/sessions/read-sessions.js";
import { type ModelRequest, toolUse } from "../../src/testing/index.js";
import { assertNothingLeft, type RealCli, startRealCli } from "../support/real-cli.js";
import { rejects } from "../support/rejects.js";
import { collect, plain } from "../support/stored-sessions.js";

interface Context {
  cli: RealCli;
  configDir: string;
  /** Several turns with tools, a subagent and a compaction. */
  session: string;
  /** What followed a `/clear`. */
  cleared: string;
}

const stored = suite<Context>("stored sessions of the real CLI");

stored.before(async (context) => {
  context.cli = await startRealCli(reply);
  context.configDir = join(context.cli.offline.home, ".claude");
  process.env.CLAUDE_CONFIG_DIR = context.configDir;
  const client = await context.cli.open({
    launch: (builder) => builder.allowedTools("Bash", "Task", "Agent"),
  });
  for (const prompt of ["first prompt", "use a tool", "use an agent", "after the agent"])
    await client.query(prompt);
  context.session = client.sessionUuid();
  for (const prompt of ["/compact", "after the compaction"]) await client.query(prompt);
  await client.query("/clear");
  await client.query("after clear");
  context.cleared = client.sessionUuid();
  await client.shutdown();
});
stored.after(async ({ cli }) => cli.dispose());

function reply({ body }: ModelRequest) {
  const last = JSON.stringify(body.messages.at(-1));
  if (last.includes("tool_result")) return "The tool has run.";
  if (last.includes("create a detailed summary")) return "<summary>The summary.</summary>";
  if (last.includes("use a tool")) return toolUse("Bash", { command: "echo from the tool" });
  if (!last.includes("use an agent")) return `Reply to ${last.length} characters.`;
  return toolUse("Task", { description: "a task", prompt: "Do the task.", subagent_type: "general-purpose" });
}

function common(messages: readonly object[]): object[] {
  return messages.map((message) => {
    const {
      subtype: _,
      content: __,
      isCompletedLocalCommand: ___,
      ...rest
    } = plain(message) as Record<string, unknown>;
    return rest;
  });
}

stored("the list is the SDK's", async ({ configDir, cli, session, cleared }) => {
  const theirs = plain(await sdk.listSessions());
  assert.equal(new Set(theirs.map(({ sessionId }) => sessionId)), new Set([session, cleared]));
  assert.equal(plain(await collect(listSessions({ configDir }))), theirs);
  assert.equal(plain(await collect(listSessions({ configDir, dir: cli.offline.cwd }))), theirs);
  assert.equal(await collect(listSessions({ configDir, dir: cli.offline.home })), []);
  assert.equal(await collect(listSessions({ configDir: join(configDir, "nowhere") })), []);
});

stored(
  "messages are the SDK's, with and without system messages",
  async ({ configDir, session, cleared }) => {
    for (const id of [session, cleared]) {
      for (const includeSystemMessages of [false, true]) {
        const theirs = await sdk.getSessionMessages(id, { includeSystemMessages });
        assert.ok(theirs.length > 2);
        const ours = await collect(getSessionMessages(id, { configDir, includeSystemMessages }));
        assert.equal(common(ours), common(theirs));
      }
    }
    const system = await collect(getSessionMessages(session, { configDir, includeSystemMessages: true }));
    assert.is(system.find(({ type }) => type === "system")?.subtype, "compact_boundary");
  },
);

stored("subagents and their messages are the SDK's", async ({ configDir, session }) => {
  const ours = await collect(listSubagents(session, { configDir }));
  assert.equal(
    ours.map(({ agentId }) => agentId),
    await sdk.listSubagents(session),
  );
  const [agent] = ours;
  assert.is(agent?.agentType, "general-purpose");
  assert.is(agent?.description, "a task");
  const messages = await collect(getSubagentMessages(session, agent?.agentId ?? "", { configDir }));
  assert.equal(common(messages), common(await sdk.getSubagentMessages(session, agent?.agentId ?? "")));
  assert.is(messages.length, 2);
  assert.is(messages[0]?.parent_tool_use_id, agent?.toolUseId);
});

stored("title, tag and archive mark are seen by the SDK", async ({ configDir, session }) => {
  const size = (await getSessionInfo(session, { configDir }))?.fileSize ?? 0;
  await renameSession(session, "  A title ", { configDir });
  await tagSession(session, "red", { configDir });
  await archiveSession(session, { configDir });
  const seen = await sdk.getSessionInfo(session);
  assert.equal([seen?.customTitle, seen?.tag, seen?.archived], ["A title", "red", true]);
  assert.equal(plain(await getSessionInfo(session, { configDir })), plain(seen));
  await tagSession(session, null, { configDir });
  await unarchiveSession(session, { configDir });
  const later = await sdk.getSessionInfo(session);
  assert.equal([later?.tag, later?.archived], [undefined, false]);
  assert.equal(plain(await getSessionInfo(session, { configDir })), plain(later));
  assert.ok((later?.fileSize ?? 0) > size);
});

stored("what the SDK has set is seen here", async ({ configDir, cleared }) => {
  await sdk.renameSession(cleared, "Theirs");
  await sdk.tagSession(cleared, "blue");
  await sdk.archiveSession(cleared);
  const info = await getSessionInfo(cleared, { configDir });
  assert.equal([info?.customTitle, info?.tag, info?.archived], ["Theirs", "blue", true]);
});

stored("the CLI goes on with a renamed session, and takes it out of the archive", async (context) => {
  const { cli, configDir, cleared } = context;
  const client = cli.adopt(await AsyncClient.resumeSession(cleared, { builder: cli.builder }));
  await client.query("one more");
  assert.match(history(cli), "after clear");
  await client.shutdown();
  const info = await getSessionInfo(cleared, { configDir });
  assert.equal([info?.customTitle, info?.tag, info?.archived], ["Theirs", "blue", false]);
  assert.equal(plain(info), plain(await sdk.getSessionInfo(cleared)));
});

stored("the CLI goes on with a fork", async ({ cli, configDir, session }) => {
  const original = readFileSync(fileOf(configDir, session));
  const fork = await forkSession(session, { configDir });
  assert.is(statSync(fileOf(configDir, fork.sessionId)).mode & 0o777, 0o600);
  assert.is((await sdk.getSessionInfo(fork.sessionId))?.customTitle, "A title (fork)");
  const client = cli.adopt(await AsyncClient.resumeSession(fork.sessionId, { builder: cli.builder }));
  await client.query("said in the fork");
  await client.shutdown();
  for (const text of ["The summary.", "after the compaction", "said in the fork"])
    assert.match(history(cli), text);
  assert.not.match(history(cli), "use an agent");
  assert.equal(readFileSync(fileOf(configDir, session)), original);
  const messages = await collect(getSessionMessages(fork.sessionId, { configDir }));
  assert.equal(common(messages), common(await sdk.getSessionMessages(fork.sessionId)));
  assert.match(JSON.stringify(messages.at(-2)?.message), "said in the fork");
});

stored("a fork up to a message before the compaction", async ({ cli, configDir, session }) => {
  const { sessionId } = await forkSession(session, {
    configDir,
    upToMessageId: answerTo(configDir, session, "use a tool"),
  });
  const client = cli.adopt(await AsyncClient.resumeSession(sessionId, { builder: cli.builder }));
  await client.query("another way");
  await client.shutdown();
  for (const text of ["first prompt", "use a tool", "from the tool", "another way"])
    assert.match(history(cli), text);
  assert.not.match(history(cli), "use an agent");
});

stored("a session that a CLI has open is not deleted unless forced", async ({ cli, configDir }) => {
  const client = await cli.open();
  await client.query("still here");
  const id = client.sessionUuid();
  const refused = await rejects<{ code: string; message: string }>(deleteSession(id, { configDir }));
  assert.is(refused.code, "INVALID_STATE");
  assert.match(refused.message, String(client.pid()));
  assert.ok(existsSync(fileOf(configDir, id)));
  await client.shutdown();
  await deleteSession(id, { configDir });
  assert.not.ok(existsSync(fileOf(configDir, id)));
  assert.is(await sdk.getSessionInfo(id), undefined);
});

stored("deleting takes the subagents along", async ({ configDir, session }) => {
  const file = fileOf(configDir, session);
  assert.ok(existsSync(file.slice(0, -".jsonl".length)));
  await deleteSession(session, { configDir });
  assert.not.ok(existsSync(file));
  assert.not.ok(existsSync(file.slice(0, -".jsonl".length)));
  assert.is(
    (await rejects<{ code: string }>(deleteSession(session, { configDir }))).code,
    "SESSION_NOT_FOUND",
  );
});

const ODD = ["a b.äöü日_@😀", `${"x".repeat(120)}/${"y".repeat(120)}`];

stored("sessions of oddly named directories are found by them", async ({ cli, configDir }) => {
  const target = join(cli.offline.cwd, "target");
  mkdirSync(target);
  const link = join(cli.offline.cwd, "link");
  symlinkSync(target, link);
  for (const dir of [...ODD.map((name) => join(cli.offline.cwd, name)), link]) {
    mkdirSync(dir, { recursive: true });
    const client = await cli.open({ launch: (builder) => builder.workingDirectory(dir) });
    await client.query("hello");
    await client.shutdown();
    const found = await collect(listSessions({ configDir, dir }));
    assert.equal(
      found.map(({ sessionId }) => sessionId),
      [client.sessionUuid()],
      dir,
    );
    assert.is((await getSessionInfo(client.sessionUuid(), { configDir, dir }))?.firstPrompt, "hello");
  }
});

stored("leaves no process behind", assertNothingLeft);

stored.run();

/** All that the model was last sent. */
function history(cli: RealCli): string {
  return JSON.stringify(cli.model.mainRequests.at(-1)?.body.messages);
}

function fileOf(configDir: string, sessionId: string): string {
  const projects = join(configDir, "projects");
  const files = readdirSync(projects).map((name) => join(projects, name, `${sessionId}.jsonl`));
  return files.find((file) => existsSync(file)) ?? join(projects, sessionId);
}

/** The uuid of the last message of a turn. */
function answerTo(configDir: string, sessionId: string, prompt: string): string {
  const lines = readFileSync(fileOf(configDir, sessionId), "utf8").split("\n").filter(Boolean);
  const entries: { type: string; uuid: string; message?: unknown }[] = lines.map((line) => JSON.parse(line));
  const start = entries.findIndex(
    ({ type, message }) => type === "user" && JSON.stringify(message).includes(prompt),
  );
  const answer = entries.findIndex(
    ({ type, message }, index) =>
      index > start && type === "assistant" && JSON.stringify(message).includes("has run"),
  );
  return entries[answer]?.uuid ?? "";
}
