/** The MCP SDK's own client is the judge: it checks each answer against its schemas. */

import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import type { CallToolResult } from "@modelcontextprotocol/sdk/types.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { InvalidArgumentError } from "../../src/errors.js";
import {
  createMcpServer,
  type InProcessMcpServer,
  type McpServerOptions,
  type McpTool,
  tool,
} from "../../src/mcp/index.js";
import { rejects } from "../support/rejects.js";

const servers = suite("createMcpServer");

const add = tool("add", "Adds.", v.object({ a: v.number(), b: v.number() }), ({ a, b }) => String(a + b), {
  annotations: { readOnlyHint: true },
});

function serverOf(tools: readonly McpTool[], more: Partial<McpServerOptions> = {}): InProcessMcpServer {
  return createMcpServer({ name: "calc", tools, ...more });
}

async function connect({ instance }: InProcessMcpServer): Promise<Client> {
  const client = new Client({ name: "test", version: "1" });
  const [mine, theirs] = InMemoryTransport.createLinkedPair();
  await instance.connect(theirs);
  await client.connect(mine);
  return client;
}

async function textOf(client: Client, name: string, input: Record<string, unknown> = {}): Promise<string> {
  const { content } = (await client.callTool({ name, arguments: input })) as CallToolResult;
  return content.map((block) => (block.type === "text" ? block.text : block.type)).join("|");
}

servers("introduces itself and lists its tools", async () => {
  const client = await connect(serverOf([add], { version: "2.1.0", instructions: "Use it." }));
  assert.equal(client.getServerVersion(), { name: "calc", version: "2.1.0" });
  assert.is(client.getInstructions(), "Use it.");
  assert.equal(client.getServerCapabilities(), { tools: {} });
  const { tools } = await client.listTools();
  assert.equal(
    tools.map(({ name, annotations }) => [name, annotations]),
    [["add", { readOnlyHint: true }]],
  );
  assert.equal(tools[0]?.inputSchema.required, ["a", "b"]);
  await client.ping();
});

servers("calls a tool, also many at once", async () => {
  const client = await connect(serverOf([add]));
  const sums = Array.from({ length: 20 }, (_, b) => textOf(client, "add", { a: 1, b }));
  assert.equal(
    await Promise.all(sums),
    sums.map((_, b) => String(1 + b)),
  );
});

servers("what is wrong with a call is a result, what is wrong with a request an error", async () => {
  const client = await connect(serverOf([add]));
  const result = (await client.callTool({ name: "add", arguments: { a: "1" } })) as CallToolResult;
  assert.is(result.isError, true);
  const codes = [
    client.callTool({ name: "subtract", arguments: {} }),
    client.request({ method: "resources/list" } as never, v.object({}) as never),
  ].map(async (call) => (await rejects<{ code: number }>(call)).code);
  assert.equal(await Promise.all(codes), [-32602, -32601]);
});

servers("images, audio, links, resources and structured content pass the client's checks", async () => {
  const bytes = new Uint8Array([1, 2, 3]);
  const media = tool("media", "", () => [
    { type: "image", mimeType: "image/png", data: bytes },
    { type: "audio", mimeType: "audio/wav", data: "AQID" },
    { type: "resource_link", uri: "file:///a", name: "a" },
    { type: "resource", resource: { uri: "file:///a", blob: bytes } },
  ]);
  const degrees = tool("degrees", "", () => ({ structuredContent: { degrees: 20 } }), {
    outputSchema: v.object({ degrees: v.number() }),
  });
  const client = await connect(serverOf([media, degrees]));
  await client.listTools();
  const { content } = (await client.callTool({ name: "media" })) as CallToolResult;
  assert.equal(
    content.map((block) => ("data" in block ? block.data : block.type)),
    ["AQID", "AQID", "resource_link", "resource"],
  );
  const { structuredContent } = (await client.callTool({ name: "degrees" })) as CallToolResult;
  assert.equal(structuredContent, { degrees: 20 });
});

servers("progress is told to whoever asked for it, and not after the end", async () => {
  let later: () => void = () => {};
  const steps = tool("steps", "", (_, { progress }) => {
    progress(1);
    progress(2, 2, "half of it");
    later = () => progress(3);
    return "done";
  });
  const client = await connect(serverOf([steps]));
  const heard: unknown[] = [];
  await client.callTool({ name: "steps" }, undefined, { onprogress: (progress) => heard.push(progress) });
  // Of a call that is over the client would know nothing.
  client.onerror = (error) => heard.push(error);
  later();
  await client.callTool({ name: "steps" });
  assert.equal(heard, [{ progress: 1 }, { progress: 2, total: 2, message: "half of it" }]);
});

/** A tool that ends when its signal fires, and promises that tell. */
function endless() {
  let begun: () => void = () => {};
  let ended: (reason: Error) => void = () => {};
  const began = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const reason = new Promise<Error>((resolve) => {
    ended = resolve;
  });
  const made = tool("endless", "", (_, { signal }) => {
    begun();
    return new Promise<string>(() => signal.addEventListener("abort", () => ended(signal.reason)));
  });
  return { tool: made, began, reason };
}

servers("a cancelled call fires the handler's signal, and has no answer", async () => {
  const waiting = endless();
  const client = await connect(serverOf([waiting.tool, add]));
  const controller = new AbortController();
  const call = client.callTool({ name: "endless" }, undefined, { signal: controller.signal });
  await waiting.began;
  controller.abort("enough");
  await rejects(call);
  assert.match((await waiting.reason).message, "enough");
  let stray: Error | undefined;
  client.onerror = (error) => {
    stray = error;
  };
  assert.is(await textOf(client, "add", { a: 1, b: 1 }), "2");
  assert.is(stray, undefined);
});

servers("the end of the connection fires the signals of what runs", async () => {
  const waiting = endless();
  const client = await connect(serverOf([waiting.tool]));
  const call = rejects(client.callTool({ name: "endless" }));
  await waiting.began;
  await client.close();
  assert.match((await waiting.reason).message, "closed");
  await call;
});

servers("the tool's own time limit goes before that of the server", async () => {
  const never = () => new Promise<string>(() => {});
  const tools = [tool("slow", "", never), tool("slower", "", never, { timeoutMs: 30 })];
  const server = serverOf(tools, { timeoutMs: 10 });
  const client = await connect(server);
  assert.match(await textOf(client, "slow"), "within 10 ms");
  assert.match(await textOf(client, "slower"), "within 30 ms");
  assert.is(server.timeout, 30 + 5_000, "the CLI must not give up before");
});

servers("serves any number of connections at once", async () => {
  const server = serverOf([add]);
  const clients = await Promise.all([connect(server), connect(server), connect(server)]);
  await clients[0]?.close();
  assert.equal(await Promise.all(clients.slice(1).map((client) => textOf(client, "add", { a: 1, b: 2 }))), [
    "3",
    "3",
  ]);
});

const versions: [asked: unknown, answered: string][] = [
  ["2025-11-25", "2025-11-25"],
  ["2024-11-05", "2024-11-05"],
  ["2099-01-01", "2025-11-25"],
  [undefined, "2025-11-25"],
];
for (const [asked, answered] of versions) {
  servers(`asked for the protocol of ${asked} it offers ${answered}`, async () => {
    const [mine, theirs] = InMemoryTransport.createLinkedPair();
    await serverOf([add]).instance.connect(theirs);
    const answer = new Promise<object>((resolve) => {
      mine.onmessage = resolve;
    });
    await mine.send({ jsonrpc: "2.0", id: 0, method: "initialize", params: { protocolVersion: asked } });
    const { id, result } = (await answer) as { id: number; result: { protocolVersion: string } };
    assert.equal([id, result.protocolVersion], [0, answered]);
  });
}

servers("alwaysLoad of the server holds for tools that do not say", async () => {
  const tools = [
    tool("plain", "", () => ""),
    tool("hidden", "", () => "", { alwaysLoad: false, searchHint: "x" }),
  ];
  const listed = await (await connect(serverOf(tools, { alwaysLoad: true }))).listTools();
  assert.equal(
    listed.tools.map(({ _meta }) => _meta),
    [{ "anthropic/alwaysLoad": true }, { "anthropic/searchHint": "x", "anthropic/alwaysLoad": false }],
  );
  const unsaid = await (await connect(serverOf([add]))).listTools();
  assert.is(unsaid.tools[0]?._meta, undefined);
});

const mistakes: [title: string, mistake: () => unknown, message: RegExp][] = [
  ["no name", () => createMcpServer({ name: "", tools: [] }), /needs a name/],
  ["two tools of a name", () => serverOf([add, tool("add", "", () => "")]), /"calc" has two tools .* "add"/],
  ["an impossible limit", () => serverOf([], { timeoutMs: Number.NaN }), /timeoutMs/],
];
for (const [title, mistake, message] of mistakes) {
  servers(`refused: ${title}`, () => {
    assert.throws(
      mistake,
      (error: unknown) => error instanceof InvalidArgumentError && message.test(error.message),
    );
  });
}

servers.run();
