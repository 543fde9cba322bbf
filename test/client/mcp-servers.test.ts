import { Server } from "@modelcontextprotocol/sdk/server/index.js";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { z } from "zod";
import { McpServers } from "../../src/client/mcp-servers.js";
import {
  createMcpServer,
  type InProcessMcpServer,
  type JsonRpcMessage,
  type McpTransport,
  tool,
} from "../../src/mcp/index.js";
import { rejects } from "../support/rejects.js";

const servers = suite("McpServers");

const INITIALIZE = {
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "claude-code", version: "2" },
  },
};
const ACKNOWLEDGED = { mcp_response: { jsonrpc: "2.0", result: {}, id: 0 } };
const never = new AbortController().signal;

function request(id: number | string, method: string, params: object = {}): JsonRpcMessage {
  return { jsonrpc: "2.0", id, method, params: { ...params } };
}

function notification(method: string, params: object = {}): JsonRpcMessage {
  return { jsonrpc: "2.0", method, params: { ...params } };
}

function toolCall(id: number, name: string, input: object = {}, meta: object = {}): JsonRpcMessage {
  return request(id, "tools/call", { name, arguments: input, _meta: meta });
}

/** A call that waits until it is given up. */
function waiting() {
  const signals: AbortSignal[] = [];
  let begun: () => void = () => {};
  const began = new Promise<void>((resolve) => {
    begun = resolve;
  });
  const wait = (signal: AbortSignal) => {
    signals.push(signal);
    begun();
    return new Promise<never>(() => {});
  };
  return { began, signals, wait };
}

const calc = createMcpServer({
  name: "calc",
  tools: [
    tool("add", "", v.object({ a: v.number(), b: v.number() }), ({ a, b }) => String(a + b)),
    tool("draw", "", () => ({ type: "image", mimeType: "image/png", data: new Uint8Array([1, 2, 3]) })),
    tool("steps", "", (_, { progress }) => {
      progress(1, 2);
      return "done";
    }),
  ],
});

/** A server as users of the MCP SDK have them. */
function sdkServer(timeout?: number): InProcessMcpServer & { readonly instance: McpServer } {
  const instance = new McpServer({ name: "greeter", version: "1" });
  const inputSchema = { who: z.string() };
  instance.registerTool("greet", { inputSchema }, ({ who }) => ({
    content: [{ type: "text", text: `hi ${who}` }],
  }));
  return { type: "sdk", name: "greeter", instance, ...(timeout !== undefined && { timeout }) };
}

/** A server whose one method is what a test says. */
function bareServer(connect: (transport: McpTransport) => Promise<void>): InProcessMcpServer {
  return { type: "sdk", name: "bare", instance: { connect } };
}

/** Servers of a client, and what they have sent to the CLI. */
function open(given: Record<string, InProcessMcpServer>) {
  const sent: [name: string, message: JsonRpcMessage][] = [];
  const opened = new McpServers(given, async (name, message) => {
    sent.push([name, message]);
  });
  return { servers: opened, sent };
}

async function textOf(answer: Promise<{ mcp_response: JsonRpcMessage }>): Promise<string> {
  const { result } = (await answer).mcp_response as JsonRpcMessage & {
    result: { content: { text: string }[] };
  };
  return result.content.map(({ text }) => text).join();
}

servers("answers the CLI's handshake and its calls, with the CLI's ids", async () => {
  const { servers: mine } = open({ calc, greeter: sdkServer() });
  for (const name of mine.names) {
    const { mcp_response } = await mine.handle(name, request(0, INITIALIZE.method, INITIALIZE.params), never);
    assert.equal([mcp_response.id, mcp_response.result?.protocolVersion], [0, "2025-11-25"]);
    assert.equal(await mine.handle(name, notification("notifications/initialized"), never), ACKNOWLEDGED);
    const listed = await mine.handle(name, request(1, "tools/list"), never);
    assert.is(listed.mcp_response.id, 1);
  }
  assert.is(await textOf(mine.handle("calc", toolCall(2, "add", { a: 1, b: 2 }), never)), "3");
  assert.is(await textOf(mine.handle("greeter", toolCall(2, "greet", { who: "you" }), never)), "hi you");
  await mine.close();
});

servers("results keep their bytes", async () => {
  const { servers: mine } = open({ calc });
  const { mcp_response } = await mine.handle("calc", toolCall(1, "draw"), never);
  const { content } = mcp_response.result as { content: { data: unknown }[] };
  assert.equal(content[0]?.data, new Uint8Array([1, 2, 3]));
});

servers("what a server sends of its own goes to the CLI, and the response back to it", async () => {
  const { instance, ...config } = sdkServer();
  const { servers: mine, sent } = open({ calc, greeter: { ...config, instance } });
  await mine.handle("calc", toolCall(1, "steps", {}, { progressToken: 9 }), never);
  const params = { progressToken: 9, progress: 1, total: 2 };
  assert.equal(sent, [["calc", { jsonrpc: "2.0", method: "notifications/progress", params }]]);
  await mine.handle("greeter", request(0, INITIALIZE.method, INITIALIZE.params), never);
  const pong = instance.server.ping();
  const asked = sent[1]?.[1];
  assert.is(asked?.method, "ping");
  const response = { jsonrpc: "2.0", id: asked?.id, result: {} };
  assert.equal(await mine.handle("greeter", response, never), ACKNOWLEDGED);
  assert.equal(await pong, {});
  await mine.close();
});

servers("fields() has names, limits, policies and what the servers say of themselves", async () => {
  const tools = [{ name: "greet", permission_policy: "always_ask" }] as const;
  const { servers: mine } = open({ calc, greeter: { ...sdkServer(7_000), tools }, plain: sdkServer() });
  const { sdkMcpServers, sdkMcpServerConfigs, sdkMcpServerManifests } = await mine.fields();
  assert.equal(sdkMcpServers, ["calc", "greeter", "plain"]);
  assert.equal(sdkMcpServerConfigs, { calc: { timeout: 605_000 }, greeter: { timeout: 7_000, tools } });
  assert.equal(Object.keys(sdkMcpServerManifests ?? {}), ["calc", "greeter", "plain"]);
  const { initializeResult, toolsListResult } = sdkMcpServerManifests?.greeter ?? {};
  assert.equal(initializeResult?.serverInfo, { name: "greeter", version: "1" });
  assert.match(JSON.stringify(toolsListResult), /^\{"tools":\[\{"name":"greet"/);
  // The CLI may ask all the same.
  await mine.handle("greeter", request(0, INITIALIZE.method, INITIALIZE.params), never);
  assert.is(await textOf(mine.handle("greeter", toolCall(1, "greet", { who: "you" }), never)), "hi you");
  await mine.close();
});

servers("fields() of no servers is an empty list", async () => {
  assert.equal(await open({}).servers.fields(), { sdkMcpServers: [] });
});

/** A server that answers as it is told, with the SDK around it. */
function listing(result: object | undefined, capabilities: object = { tools: {} }): InProcessMcpServer {
  return bareServer(async (transport) => {
    transport.onmessage = ({ id, method }) => {
      const initialized = {
        protocolVersion: "2025-11-25",
        capabilities,
        serverInfo: { name: "b", version: "1" },
      };
      const answer = method === "initialize" ? initialized : result;
      if (id !== undefined && answer !== undefined) {
        void transport.send({ jsonrpc: "2.0", id, result: { ...answer } });
      }
    };
    await transport.start();
  });
}

const manifests: [title: string, server: InProcessMcpServer, parts: string[] | undefined][] = [
  ["all there is", listing({ tools: [] }), ["initializeResult", "toolsListResult"]],
  ["a list in pages", listing({ tools: [], nextCursor: "2" }), ["initializeResult"]],
  ["no tools", listing({ tools: [] }, {}), ["initializeResult"]],
  ["a list that never comes", listing(undefined), ["initializeResult"]],
  ["no answer at all", bareServer((transport) => transport.start()), undefined],
  ["a connection that never comes", bareServer(() => new Promise(() => {})), undefined],
  ["a connection that fails", bareServer(() => Promise.reject(new Error("no"))), undefined],
];
for (const [title, server, parts] of manifests) {
  servers(`the manifest of ${title}`, async () => {
    const { servers: mine } = open({ calc, odd: server });
    const { sdkMcpServerManifests, sdkMcpServers } = await mine.fields();
    const { calc: good, odd } = sdkMcpServerManifests ?? {};
    assert.equal(odd && Object.keys(odd), parts);
    assert.ok(good, "the others are not held up");
    assert.equal(sdkMcpServers, ["calc", "odd"]);
    await mine.close();
  });
}

servers("a request that the CLI withdraws ends, and the server hears of it", async () => {
  const { began, signals, wait } = waiting();
  const slow = new Server({ name: "slow", version: "1" }, { capabilities: { tools: {} } });
  slow.fallbackRequestHandler = (_, { signal }) => wait(signal);
  const { servers: mine } = open({ slow: { type: "sdk", name: "slow", instance: slow } });
  const controller = new AbortController();
  const call = rejects(mine.handle("slow", toolCall(0, "x"), controller.signal));
  await began;
  controller.abort();
  assert.is((await call).code, "ABORTED");
  await new Promise(setImmediate);
  assert.is(signals[0]?.aborted, true);
  await mine.close();
});

servers("so does one that it cancels by a notification", async () => {
  const { began, signals, wait } = waiting();
  const slow = createMcpServer({ name: "slow", tools: [tool("wait", "", (_, { signal }) => wait(signal))] });
  const { servers: mine } = open({ slow });
  const call = rejects(mine.handle("slow", toolCall(0, "wait"), never));
  await began;
  const cancelled = notification("notifications/cancelled", { requestId: 0, reason: "by the user" });
  assert.equal(await mine.handle("slow", cancelled, never), ACKNOWLEDGED);
  assert.is((await call).code, "ABORTED");
  assert.match(signals[0]?.reason.message, "by the user");
  // One that is over, or that never was, is none of the server's business.
  assert.equal(await mine.handle("slow", cancelled, never), ACKNOWLEDGED);
});

servers("an id that comes twice gets both answers", async () => {
  const { servers: mine } = open({ calc });
  const sums = [1, 2].map((b) => textOf(mine.handle("calc", toolCall(0, "add", { a: 1, b }), never)));
  assert.equal(await Promise.all(sums), ["2", "3"]);
});

servers("a call that is late is a result for the model, any other request an error", async () => {
  const mute = bareServer((transport) => transport.start());
  const { servers: mine } = open({ mute: { ...mute, timeout: 20 } });
  const { mcp_response } = await mine.handle("mute", toolCall(4, "x"), never);
  assert.is(mcp_response.id, 4);
  assert.is(mcp_response.result?.isError, true);
  assert.match(JSON.stringify(mcp_response.result), /MCP server \\"mute\\" did not finish within 20 ms/);
  await mine.close();
});

servers("close() aborts what waits, and the server may serve again", async () => {
  const { began, signals, wait } = waiting();
  const instance = new McpServer({ name: "slow", version: "1" });
  instance.registerTool("wait", {}, ({ signal }) => wait(signal));
  const slow: InProcessMcpServer = { type: "sdk", name: "slow", instance };
  const { servers: first } = open({ slow });
  const call = rejects(first.handle("slow", toolCall(1, "wait"), never));
  await began;
  await first.close();
  assert.is((await call).code, "INVALID_STATE");
  assert.is(signals[0]?.aborted, true);
  assert.is((await rejects(first.handle("slow", toolCall(2, "wait"), never))).code, "INVALID_STATE");
  assert.throws(() => first.add("slow", slow), /shut down/);
  const { servers: second } = open({ slow });
  assert.is(
    (await second.handle("slow", request(0, INITIALIZE.method, INITIALIZE.params), never)).mcp_response.id,
    0,
  );
  await second.close();
});

servers("close() while a server is being connected", async () => {
  let connected: () => void = () => {};
  const late = bareServer(async (transport) => {
    await new Promise<void>((resolve) => {
      connected = resolve;
    });
    await transport.start();
  });
  const { servers: mine } = open({ late });
  const call = rejects(mine.handle("late", toolCall(1, "x"), never));
  await mine.close();
  connected();
  assert.is((await call).code, "INVALID_STATE");
});

servers("close() ends also what waits for a connection that never comes", async () => {
  const { servers: mine } = open({ odd: bareServer(() => new Promise(() => {})) });
  const waits = [toolCall(1, "x"), request(2, "ping"), notification("notifications/initialized")];
  const errors = waits.map((message) => rejects(mine.handle("odd", message, never)));
  await mine.close();
  assert.equal(
    (await Promise.all(errors)).map(({ code }) => code),
    Array(3).fill("INVALID_STATE"),
  );
});

servers("a server that closes its connection is connected anew", async () => {
  const config = sdkServer();
  const { servers: mine } = open({ greeter: config });
  assert.is(await textOf(mine.handle("greeter", toolCall(1, "greet", { who: "a" }), never)), "hi a");
  await config.instance.close();
  assert.is(await textOf(mine.handle("greeter", toolCall(2, "greet", { who: "b" }), never)), "hi b");
  await mine.close();
});

servers("servers come and go", async () => {
  const { servers: mine } = open({});
  assert.equal(mine.add("calc", calc), { type: "sdk", name: "calc", timeout: 605_000 });
  assert.is(await textOf(mine.handle("calc", toolCall(0, "add", { a: 1, b: 2 }), never)), "3");
  assert.throws(() => mine.add("calc", calc), /already/);
  assert.is(await mine.remove("calc"), true);
  assert.is(await mine.remove("calc"), false);
  assert.equal(mine.names, []);
  assert.is((await rejects(mine.handle("calc", toolCall(1, "add"), never))).code, "INVALID_ARGUMENT");
});

servers("one made by createMcpServer() serves many clients, one of the MCP SDK a single one", async () => {
  const greeter = sdkServer();
  const { servers: first } = open({ calc, greeter });
  const { servers: second } = open({ calc });
  for (const mine of [first, second]) {
    assert.is(await textOf(mine.handle("calc", toolCall(0, "add", { a: 1, b: 2 }), never)), "3");
  }
  const again = () => open({ calc, greeter });
  assert.throws(again, (error: { code?: string; message: string }) => {
    return error.code === "INVALID_STATE" && /serves a client already/.test(error.message);
  });
  await first.close();
  await second.close();
  await again().servers.close();
});

servers("a claim is given back when another server is refused", async () => {
  const greeter = sdkServer();
  assert.throws(
    () => open({ greeter, broken: { type: "sdk", name: "x" } as never }),
    /"broken" has no instance/,
  );
  await open({ greeter }).servers.close();
});

servers("an instance that is connected elsewhere is told of", async () => {
  const greeter = sdkServer();
  await greeter.instance.connect({ start: async () => {}, send: async () => {}, close: async () => {} });
  const { servers: mine } = open({ greeter });
  const error = await rejects(mine.handle("greeter", request(0, "ping"), never));
  assert.is(error.code, "INVALID_STATE");
  assert.match(error.message, /"greeter" cannot be connected: Already connected/);
  await mine.close();
});

const malformed: [title: string, message: unknown][] = [
  ["null", null],
  ["a text", "ping"],
  ["nothing in it", {}],
  ["a method that is no text", { jsonrpc: "2.0", id: 1, method: 7 }],
];
for (const [title, message] of malformed) {
  servers(`malformed: ${title}`, async () => {
    const { servers: mine } = open({ calc });
    assert.is((await rejects(mine.handle("calc", message, never))).code, "INVALID_ARGUMENT");
    assert.is(await textOf(mine.handle("calc", toolCall(0, "add", { a: 1, b: 2 }), never)), "3");
  });
}

const mistakes: [title: string, given: Record<string, unknown>, message: RegExp][] = [
  ["a config without an instance", { a: { type: "sdk", name: "a" } }, /"a" has no instance/],
  ["null", { a: null }, /"a" has no instance/],
  ["an impossible limit", { a: { ...calc, timeout: -1 } }, /timeout of the MCP server "a"/],
  ["an empty name", { "": calc }, /needs a name/],
];
for (const [title, given, message] of mistakes) {
  servers(`refused: ${title}`, () => {
    assert.throws(() => open(given as never), message);
  });
}

servers.run();
