import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import { promptOf, toolUse } from "../../../src/testing/index.js";
import { assertNothingLeft, PATIENCE_MS, type RealCli, startRealCli, until } from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import { answerOf, ECHO, Gate, kindsOf, toolTextsOf } from "./turns.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };
const NOTES = {
  type: "stdio" as const,
  command: process.execPath,
  args: [fileURLToPath(new URL("../../support/notes-server.js", import.meta.url))],
};
const gate = new Gate();

let cli: RealCli;
let client: AsyncClient;

const statusOf = async (name: string) =>
  (await client.mcp.status(PATIENCE)).find((server) => server.name === name)?.status;

const live = suite("control of MCP servers and of the queue on the real CLI");

live.before(async () => {
  cli = await startRealCli([
    { when: "hold", reply: gate.holds("let go") },
    { when: "say", reply: [toolUse("mcp__notes__say", { word: "hello" }), "said"] },
    ECHO,
  ]);
  client = await cli.open({ launch: (builder) => builder.allowedTools("mcp__notes__say") });
});

live.after(() => cli.dispose());

live("setServers(): what is named is there, what is not is gone, what fails is told", async () => {
  assert.equal(await client.mcp.status(PATIENCE), []);
  const broken = { type: "stdio" as const, command: "no-such-command" };
  const first = await client.mcp.setServers({ notes: NOTES, broken }, PATIENCE);
  assert.equal([...first.added].sort(), ["broken", "notes"]);
  assert.ok(first.errors.broken);
  const second = await client.mcp.setServers({ notes: NOTES }, PATIENCE);
  assert.equal([second.added, second.removed, second.errors], [[], ["broken"], {}]);
  const servers = await client.mcp.status(PATIENCE);
  assert.equal(
    servers.map(({ name, status, tools }) => [name, status, tools?.map((tool) => tool.name)]),
    [["notes", "connected", ["say"]]],
  );
});

live("call(): the tool's answer without a turn; the model can call it as well", async () => {
  const { content } = await client.mcp.call("mcp__notes__say", { word: "hi" }, PATIENCE);
  assert.equal(content, [{ type: "text", text: "said hi" }]);
  const checked = { checkPermissions: true, resultNotForModel: true, ...PATIENCE };
  assert.equal((await client.mcp.call("mcp__notes__say", { word: "ho" }, checked)).content, [
    { type: "text", text: "said ho" },
  ]);
  assert.is(cli.model.mainRequests.length, 0);
  assert.match(toolTextsOf(await client.query("say", PATIENCE)).join(), "said hello");
  assert.is((await rejects(client.mcp.call("mcp__none__say", {}, PATIENCE))).code, "CONTROL_REQUEST_FAILED");
});

live("readResource()", async () => {
  const { contents } = { contents: await client.mcp.readResource("notes", "ui://one", PATIENCE) };
  assert.equal(
    contents.map(({ uri, text }) => [uri, text]),
    [["ui://one", "a note"]],
  );
  assert.match((await rejects(client.mcp.readResource("notes", "note://one"))).message, "ui://");
});

live("toggle() and reconnect()", async () => {
  await client.mcp.toggle("notes", false, PATIENCE);
  assert.is(await statusOf("notes"), "disabled");
  await client.mcp.toggle("notes", true, PATIENCE);
  await client.mcp.reconnect("notes", PATIENCE);
  assert.is(await statusOf("notes"), "connected");
  assert.is((await rejects(client.mcp.reconnect("none", PATIENCE))).code, "CONTROL_REQUEST_FAILED");
});

live("setPermissionModeOverride()", async () => {
  assert.equal(await client.mcp.setPermissionModeOverride("notes", "default", PATIENCE), {});
  assert.equal(await client.mcp.setPermissionModeOverride("notes", null, PATIENCE), {});
});

live("cancelMessage() and interrupt({ cancelQueued }) drop what waits", async () => {
  const send = async (uuid: string, prompt: string) =>
    client.send({ type: "user", message: { role: "user", content: prompt }, uuid });
  const turn = client.query("hold", PATIENCE);
  await until("the turn's request", () =>
    cli.model.mainRequests.some((request) => promptOf(request) === "hold"),
  );
  const [first, second] = [crypto.randomUUID(), crypto.randomUUID()];
  await send(first, "taken back");
  await send(second, "dropped");
  assert.is(await client.cancelMessage(first, PATIENCE), true);
  assert.is(await client.cancelMessage(first, PATIENCE), false);
  const receipt = await client.interrupt({ cancelQueued: true, ...PATIENCE });
  gate.open();
  assert.is(kindsOf(await turn).at(-1), "result/error_during_execution");
  assert.equal([receipt.still_queued, receipt.cancelled], [[], [second]]);
  assert.is(answerOf(await client.query("after", PATIENCE)), "echo: after");
  const asked = JSON.stringify(cli.model.mainRequests.at(-1)?.body.messages);
  assert.not.match(asked, "taken back");
  assert.not.match(asked, "dropped");
});

live("nothing is left", async () => {
  await cli.dispose();
  assertNothingLeft();
});

live.run();
