import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { TESTED_CLI_VERSION } from "../../../src/launch/index.js";
import { isInit, isSystem, textOf, toolUses } from "../../../src/protocol/index.js";
import { promptOf, toolUse } from "../../../src/testing/index.js";
import { assertNothingLeft, PATIENCE_MS, type RealCli, startRealCli, until } from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import { answerOf, bash, ECHO, Gate } from "./turns.js";

const SIDE = "What was said?";
const BUDGETED = "claude-sonnet-4-5-20250929";
const gate = new Gate();

let cli: RealCli;
let client: AsyncClient;
const read = (name: string): string => readFileSync(join(cli.offline.cwd, name), "utf8");

/** All that the CLI has kept of its sessions. */
function transcripts(): string {
  const folder = join(cli.offline.env.CLAUDE_CONFIG_DIR ?? "", "projects");
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".jsonl"))
    .map((name) => readFileSync(join(folder, name), "utf8"))
    .join("");
}

const PATIENCE = { timeoutMs: PATIENCE_MS };

/** What the last request of the conversation says about thinking. */
function thinkingAsked(): Record<string, unknown> | undefined {
  return cli.model.mainRequests.at(-1)?.body.thinking as Record<string, unknown> | undefined;
}

/** The error of a promise that must be rejected with that code. */
async function refused(promise: Promise<unknown>, code: string): Promise<Error> {
  const error = await rejects(promise);
  assert.is(error.code, code, error.message);
  return error;
}

/** The call shows before the tool runs. */
async function sendToBackground(toolUseId: string): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  while (!(await client.tasks.background(toolUseId))) {
    assert.ok(performance.now() < deadline, "the tool never ran");
  }
}

const live = suite("control of a running session on the real CLI");

live.before(async () => {
  cli = await startRealCli(
    [
      // First: the CLI asks it with the turn's own prompt before it.
      { when: SIDE, reply: "a side answer" },
      { when: "write", reply: [toolUse("Write", { file_path: "b.txt", content: "new\n" }), "written"] },
      {
        when: "edit",
        reply: [toolUse("Edit", { file_path: "seeded.txt", old_string: "old", new_string: "new" }), "edited"],
      },
      { when: "hold", reply: gate.holds("let go") },
      {
        when: "background",
        reply: [bash("echo begun; tail -f /dev/null", { run_in_background: true }), "ok"],
      },
      { when: "foreground", reply: [bash("echo slow; tail -f /dev/null"), "went on"] },
      ECHO,
    ],
    { env: { CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING: "true" } },
  );
  client = await cli.open({ launch: (builder) => builder.allowedTools("Bash", "Write", "Edit") });
  writeFileSync(join(cli.offline.cwd, "b.txt"), "old\n");
});

live.after(() => cli.dispose());

live("setModel(): the next request has the model", async () => {
  assert.is(await client.setModel("haiku"), "claude-haiku-5-5");
  await client.query("one", PATIENCE);
  assert.is(cli.model.mainRequests.at(-1)?.body.model, "claude-haiku-5-5");
  const back = await client.setModel();
  assert.is.not(back, "claude-haiku-5-5");
  await client.query("two", PATIENCE);
  assert.is(cli.model.mainRequests.at(-1)?.body.model, back);
});

live("setMaxThinkingTokens(): the next request has the budget", async () => {
  await client.setModel(BUDGETED);
  await client.setMaxThinkingTokens(2_000, { display: "omitted" });
  await client.query("three", PATIENCE);
  const thinking = thinkingAsked();
  assert.is(thinking?.budget_tokens, 2_000);
  await client.setMaxThinkingTokens(0);
  await client.query("four", PATIENCE);

  assert.is(thinkingAsked()?.budget_tokens, undefined);
  await client.setMaxThinkingTokens(null);
  await client.setModel();
});

live("setPermissionMode(): the next turn has the mode", async () => {
  assert.is(await client.setPermissionMode("acceptEdits"), "acceptEdits");
  const init = (await client.query("five", PATIENCE)).find(isInit);
  assert.is(init?.permissionMode, "acceptEdits");
  const error = await refused(client.setPermissionMode("no-such-mode"), "CONTROL_REQUEST_FAILED");
  assert.is(Reflect.get(error, "errorCode"), "invalid_mode");
  assert.is(await client.setPermissionMode("default"), "default");
});

live("askSideQuestion(): the model answers beside the turn, and the conversation knows nothing", async () => {
  const turn = client.query("hold", PATIENCE);
  await until("the turn's request", () =>
    cli.model.mainRequests.some((request) => promptOf(request).includes("hold")),
  );
  const { response, synthetic } = await client.askSideQuestion(SIDE, PATIENCE).finally(() => gate.open());
  assert.equal([response, synthetic], ["a side answer", false]);
  assert.is(answerOf(await turn), "let go");
  await client.query("six", PATIENCE);
  assert.not.match(JSON.stringify(cli.model.mainRequests.at(-1)?.body.messages), SIDE);
});

live("files: read, seedReadState, rewind", async () => {
  const file = await client.files.read("b.txt");
  assert.equal([file.contents, file.absPath], ["old\n", join(cli.offline.cwd, "b.txt")]);
  const start = await client.files.read("b.txt", { maxBytes: 2, encoding: "base64" });
  assert.equal([start.contents, start.truncated], ["b2w=", true]);
  await refused(client.files.read("missing.txt"), "CONTROL_REQUEST_FAILED");
  assert.ok(Array.isArray(await client.files.suggest("b")));
  assert.is((await client.files.workspaceDiff()).noDiffReason, "no-repository");

  writeFileSync(join(cli.offline.cwd, "seeded.txt"), "old\n");
  await client.files.seedReadState(join(cli.offline.cwd, "seeded.txt"), Date.now() + 1_000);
  await client.files.seedReadState(join(cli.offline.cwd, "b.txt"), Date.now() + 1_000);
  await client.query("edit", PATIENCE);
  assert.is(read("seeded.txt"), "new\n");

  const messages = await client.query("write", PATIENCE);
  assert.is(read("b.txt"), "new\n");
  const uuid = messages.map((message) => Reflect.get(message, "user_message_uuid")).find(Boolean) as string;
  const preview = await client.files.rewind(uuid, { dryRun: true });
  assert.equal([preview.canRewind, preview.insertions, preview.deletions], [true, 1, 1]);
  assert.is(read("b.txt"), "new\n");
  assert.is((await client.files.rewind(uuid)).canRewind, true);
  assert.is(read("b.txt"), "old\n");
  await refused(client.files.rewind("0a0b0c0d-9999-4222-8333-444455556666"), "CONTROL_REQUEST_FAILED");
});

live("tasks: output, stop and background", async () => {
  const started = (await client.query("background", PATIENCE)).find((message) =>
    isSystem(message, "task_started"),
  );
  assert.ok(isSystem(started, "task_started"));
  const { output, total_bytes, truncated } = await client.tasks.output(started.task_id);
  assert.equal([output, total_bytes, truncated], ["begun\n", 6, false]);
  await client.tasks.stop(started.task_id);
  for (;;) {
    const message = await client.receive({ timeoutMs: 10_000 });
    if (isSystem(message, "task_notification") && message.status === "stopped") break;
  }
  await refused(client.tasks.output("no-such-task"), "CONTROL_REQUEST_FAILED");
  assert.is(await client.tasks.background("toolu_none"), false);

  const texts: string[] = [];
  for await (const message of await client.queryStream("foreground", PATIENCE)) {
    for (const { id } of toolUses(message)) await sendToBackground(id);
    texts.push(textOf(message) ?? "");
  }
  assert.match(texts.join(""), "went on");
});

live("rename(), generateTitle() and exportConversation()", async () => {
  await client.rename("a new name");
  await until("the title in the transcript", () => transcripts().includes("a new name"));
  assert.is(await client.generateTitle("a talk about files"), null, "the scripted model gives none");
  const { text, default_filename } = await client.exportConversation();
  assert.match(text, "echo: one");
  assert.match(default_filename, /\.txt$/);
});

live("settings: apply, update, read, permissionRules, hooks", async () => {
  await client.settings.apply({ model: "sonnet" });
  await client.settings.update("localSettings", { outputStyle: "Concise" });
  const { effective, sources } = await client.settings.read();
  assert.equal([effective.model, effective.outputStyle], ["sonnet", "Concise"]);
  assert.equal(
    sources.map(({ source }) => source),
    ["localSettings", "flagSettings"],
  );
  assert.match(read(join(".claude", "settings.local.json")), "Concise");
  await refused(client.settings.update("localSettings", { zz: 1 }), "CONTROL_REQUEST_FAILED");
  const { rules } = await client.settings.permissionRules();
  assert.ok(rules?.some(({ rule, behavior }) => rule === "Bash" && behavior === "allow"));
  assert.ok(Array.isArray((await client.settings.hooks()).hooks));
});

live("what the CLI tells of itself", async () => {
  const usage = await client.contextUsage({ detail: "summary" });
  assert.ok(usage.totalTokens > 0 && usage.totalTokens < usage.maxTokens);
  assert.ok(usage.categories.some(({ id, tokens }) => id === "messages" && (tokens ?? 0) > 0));
  const { session } = await client.usage({ skipBehaviors: true });
  assert.ok(Number(Reflect.get(session, "total_cost_usd")) > 0);
  assert.match(await client.cost(), "cost");
  assert.ok((await client.status()).some(({ title }) => title === "Session"));
  assert.is((await client.plan()).exists, false);
  assert.is(await client.cliVersion(), TESTED_CLI_VERSION);
  assert.ok((await client.supportedCommands()).some(({ name }) => name === "compact"));
  assert.ok((await client.supportedModels()).some(({ value }) => value === "sonnet"));
  assert.ok((await client.supportedAgents()).some(({ name }) => name === "general-purpose"));
  assert.is((await client.accountInfo()).apiKeySource, "ANTHROPIC_API_KEY");
});

live("reload: skills, styles and plugins as they lie on the disk now", async () => {
  const folder = join(cli.offline.cwd, ".claude", "skills", "freshly-made");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "SKILL.md"), "---\nname: freshly-made\ndescription: new\n---\nDo it.\n");
  assert.ok((await client.reload.skills()).some(({ name }) => name === "freshly-made"));
  await client.query("seven", PATIENCE);
  assert.ok((await client.supportedCommands()).some(({ name }) => name === "freshly-made"));
  assert.ok((await client.reload.outputStyles()).includes("Concise"));
  const plugin = join(cli.offline.cwd, "plugin");
  mkdirSync(join(plugin, ".claude-plugin"), { recursive: true });
  writeFileSync(join(plugin, ".claude-plugin", "plugin.json"), JSON.stringify({ name: "added-plugin" }));
  const { plugins } = await client.reload.plugins({ add: [{ type: "local", path: plugin }] });
  assert.ok(plugins.some(({ name }) => name === "added-plugin"));
});

live("request(): any subtype, known or not", async () => {
  const { models } = await client.request("list_models");
  assert.ok(models?.some(({ value }) => value === "haiku"));
  await client.request("set_has_subscribers", { has_subscribers: true });
  const unknown = await refused(client.request("of_tomorrow", { a: 1 }), "CONTROL_REQUEST_FAILED");
  assert.is(Reflect.get(unknown, "errorCode"), "unsupported_request");
  assert.match(unknown.message, "does not answer it either");
});

live("setCwd(): rejected, needs trust, moved", async () => {
  const folder = join(cli.offline.cwd, "sub");
  mkdirSync(folder);
  assert.is(await client.files.addRoot(folder), folder);
  assert.equal((await client.setCwd("nowhere")).reason, "not_found");
  const answer = await client.setCwd(folder);
  assert.equal([answer.status, answer.directory], ["needs_trust", folder]);
  const moved = await client.setCwd(folder, { trust: folder });
  assert.equal([moved.status, moved.cwd, moved.changed], ["ok", folder, true]);
  assert.is((await client.query("eight", PATIENCE)).find(isInit)?.cwd, folder);
});

live("endSession(): the process exits by itself", async () => {
  assert.equal(await client.endSession({ reason: "done" }), { exitCode: 0, signal: null });
  assert.is(client.isAlive(), false);
  await refused(client.cost(), "CONNECTION_CLOSED");
});

live("nothing is left", async () => {
  await cli.dispose();
  assertNothingLeft();
});

live.run();
