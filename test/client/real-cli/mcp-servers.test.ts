import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { createMcpServer, type InProcessMcpServer, tool } from "../../../src/mcp/index.js";
import { toolResultsOf, toolUse } from "../../../src/testing/index.js";
import { assertNothingLeft, startRealCli, until } from "../../support/real-cli.js";
import { answerOf, ECHO } from "./turns.js";

const servers = suite("the option mcpServers on the real CLI");

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
const sum = v.object({ a: v.number(), b: v.number() });
let withdrawn = false;
const tools = [
  tool("add", "Adds.", sum, ({ a, b }) => `the sum is ${a + b}`, { alwaysLoad: true }),
  tool("draw", "Draws.", () => ({
    type: "image",
    mimeType: "image/png",
    data: Buffer.from(PIXEL, "base64"),
  })),
  tool("long", "Says much.", () => `"\\\n`.repeat(5_000)),
  tool(
    "wait",
    "Waits.",
    (_, { signal }) =>
      new Promise<string>(() => {
        signal.addEventListener("abort", () => {
          withdrawn = true;
        });
      }),
  ),
];
const calc = createMcpServer({ name: "calculator", tools });
const allowed = ["add", "draw", "long", "wait"].map((name) => `mcp__calc__${name}`);

function greeter(): InProcessMcpServer {
  const instance = new McpServer({ name: "greeter", version: "1" });
  instance.registerTool("greet", { description: "Greets." }, () => ({
    content: [{ type: "text", text: "hello" }],
  }));
  return { type: "sdk", name: "greeter", instance };
}

servers("tools of this process are listed, called and answered; large answers too", async () => {
  const calls = [
    toolUse("mcp__calc__add", { a: 1, b: 2 }),
    toolUse("mcp__calc__draw", {}),
    toolUse("mcp__calc__long", {}),
    toolUse("mcp__greeter__greet", {}),
  ];
  await using cli = await startRealCli([{ when: "work", reply: [...calls, "finished"] }, ECHO]);
  const client = await cli.open({
    mcpServers: { calc, greeter: greeter() },
    launch: (builder) => builder.allowedTools(...allowed, "mcp__greeter__greet"),
  });
  assert.is(answerOf(await client.query("work")), "finished");
  const [first, ...others] = cli.model.mainRequests;
  assert.ok(JSON.stringify(first?.body.tools).includes("mcp__calc__add"));
  const results = others.flatMap((request) => toolResultsOf(request).slice(-1));
  assert.is(results[0], "the sum is 3");
  assert.ok(JSON.stringify(others[1]?.body.messages).includes(PIXEL), "the image has reached the model");
  assert.ok(results[2]?.includes(`"\\\n"\\\n`), "escapes have survived");
  assert.is(results[3], "hello");
});

servers("one that serves a client cannot serve another until that one is closed", async () => {
  await using cli = await startRealCli([ECHO]);
  const shared = greeter();
  const first = await cli.open({ mcpServers: { greeter: shared } });
  const refused = await cli.open({ mcpServers: { greeter: shared } }).then(
    () => assert.unreachable("it was opened"),
    (error: { code?: string }) => error.code,
  );
  assert.is(refused, "INVALID_STATE");
  await first.shutdown();
  const second = await cli.open({ mcpServers: { greeter: shared } });
  assert.is(answerOf(await second.query("hi")), "echo: hi");
});

servers("the set can be changed while the session runs", async () => {
  await using cli = await startRealCli([
    { when: "greet", reply: [toolUse("mcp__greeter__greet", {}), "finished"] },
    ECHO,
  ]);
  const client = await cli.open({
    mcpServers: { calc },
    launch: (builder) => builder.allowedTools("mcp__greeter__greet"),
  });
  const joining = greeter();
  const { added, removed } = await client.mcp.setServers({ greeter: joining });
  assert.equal([added, removed], [["greeter"], ["calc"]]);
  assert.is(answerOf(await client.query("greet")), "finished");
  assert.is(
    cli.model.mainRequests.at(-1)?.body && cli.model.mainRequests.flatMap(toolResultsOf).at(-1),
    "hello",
  );
  assert.equal((await client.mcp.setServers({})).removed, ["greeter"]);
  const free = await cli.open({ mcpServers: { greeter: joining } });
  await free.shutdown();
  const without = await cli.open();
  const code = await without.mcp.setServers({ greeter: joining }).then(
    () => assert.unreachable("it was taken"),
    (error: { code?: string }) => error.code,
  );
  assert.is(code, "INVALID_STATE");
});

servers("options that are refused take hold of no server", async () => {
  await using cli = await startRealCli([ECHO]);
  const shared = greeter();
  for (let attempt = 0; attempt < 2; attempt++) {
    const code = await cli
      .open({ mcpServers: { greeter: shared }, workerModule: "https://example.org/x.js" })
      .then(
        () => assert.unreachable("it was opened"),
        (error: { code?: string }) => error.code,
      );
    assert.is(code, "INVALID_ARGUMENT");
    await cli.open({ mcpServers: { greeter: shared } }).then((client) => client.shutdown());
  }
});

servers("an opening that fails lets its servers go", async () => {
  await using cli = await startRealCli([ECHO]);
  const shared = greeter();
  for (let attempt = 0; attempt < 2; attempt++) {
    const code = await cli
      .open({ mcpServers: { greeter: shared }, launch: (builder) => builder.command("/no/such/claude") })
      .then(
        () => assert.unreachable("it was opened"),
        (error: { code?: string }) => error.code,
      );
    assert.is(code, "BINARY_NOT_FOUND");
  }
});

servers("an interrupt withdraws a call", async () => {
  await using cli = await startRealCli([
    { when: "wait", reply: [toolUse("mcp__calc__wait", {}), "?"] },
    ECHO,
  ]);
  const client = await cli.open({
    mcpServers: { calc },
    launch: (builder) => builder.allowedTools(...allowed),
  });
  const stream = await client.queryStream("wait");
  for await (const message of stream) if (message.type === "assistant") break;
  await until("the withdrawal", () => withdrawn);
  assert.is(answerOf(await client.query("still there?")), "echo: still there?");
});

servers("no trace is left", assertNothingLeft);

servers.run();
