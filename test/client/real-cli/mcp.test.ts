import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { z } from "zod";
import { createMcpServer, type InProcessMcpServer, tool } from "../../../src/mcp/index.js";
import {
  type ModelRequest,
  type ModelScript,
  stepOf,
  toolResultsOf,
  toolUse,
} from "../../../src/testing/index.js";
import { assertNothingLeft, type RealCli, startRealCli } from "../../support/real-cli.js";
import { McpHost } from "./mcp-host.js";

const mcp = suite("in-process MCP servers on the real CLI");

const PIXEL =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";
/** More than the CLI puts before the model, and more than one leaf's worth. */
const LONG = "a line of text\n".repeat(20_000);

const sum = v.object({ a: v.number(), b: v.number() });
const tools = [
  tool("add", "Adds two numbers.", sum, ({ a, b }) => `the sum is ${a + b}`, { alwaysLoad: true }),
  tool("draw", "Draws.", () => ({
    type: "image",
    mimeType: "image/png",
    data: Buffer.from(PIXEL, "base64"),
  })),
  tool("measure", "Measures.", () => ({ structuredContent: { degrees: 20 } }), {
    outputSchema: v.object({ degrees: v.number() }),
  }),
  tool("fail", "Fails.", () => {
    throw new Error("out of order");
  }),
  tool("say", "Says who calls.", (_, { toolUseId, progress }) => {
    progress(1, 2, "half");
    return `${toolUseId}`;
  }),
  tool("quiet", "Says nothing.", () => {}),
  tool("long", "Says much.", () => LONG),
];
const calc = createMcpServer({ name: "calculator", instructions: "Count with it.", tools });

/** A server as those who know the MCP SDK have it. */
function greeter(): InProcessMcpServer & { readonly instance: McpServer } {
  const instance = new McpServer({ name: "greeter", version: "1" });
  const inputSchema = { who: z.string() };
  instance.registerTool("greet", { description: "Greets.", inputSchema }, ({ who }) => ({
    content: [{ type: "text", text: `hello ${who}` }],
  }));
  return { type: "sdk", name: "greeter", instance };
}

const CALLS: readonly (readonly [name: string, input: Record<string, unknown>])[] = [
  ["calc__add", { a: 1, b: 2 }],
  ["calc__add", { a: 1 }],
  ["calc__draw", {}],
  ["calc__measure", {}],
  ["calc__fail", {}],
  ["calc__say", {}],
  ["calc__quiet", {}],
  ["greeter__greet", { who: "you" }],
  ["calc__long", {}],
];

/** Makes one call after the other. */
const callEach: ModelScript = (request) => {
  const [name, input] = CALLS[stepOf(request)] ?? [];
  return name === undefined ? "done" : toolUse(`mcp__${name}`, input ?? {});
};

async function hostOn(cli: RealCli, servers: Readonly<Record<string, InProcessMcpServer>>): Promise<McpHost> {
  const client = await cli.open({
    launch: (builder) => builder.allowedTools("mcp__calc", "mcp__greeter__greet"),
  });
  return new McpHost(client, servers);
}

/** What the model reads of the last call in each of its requests. */
function readByModel({ model }: RealCli): string[] {
  return model.mainRequests.slice(1).map((request) => toolResultsOf(request).join("|"));
}

function imagesOf(request: ModelRequest | undefined): string {
  return JSON.stringify(request?.body.messages.at(-1)?.content);
}

mcp("two servers: what the model is told, calls, and reads", async () => {
  await using cli = await startRealCli(callEach);
  const host = await hostOn(cli, { calc, greeter: greeter() });
  const { sdk_mcp_manifests_parked: parked } = await host.initialize();
  assert.equal(parked, { calc: "parked", greeter: "parked" });
  await host.ask("use the tools");
  const [first] = cli.model.mainRequests;
  assert.ok(
    first?.body.tools?.some(({ name }) => name === "mcp__calc__add"),
    "alwaysLoad: in the prompt",
  );
  assert.not(
    first?.body.tools?.some(({ name }) => name === "mcp__calc__draw"),
    "others behind the tool search",
  );
  assert.match(JSON.stringify(first?.body), "mcp__calc__draw");
  assert.match(JSON.stringify(first?.body), "Count with it.");
  const [
    add = "",
    bad = "",
    draw = "",
    measure = "",
    fail = "",
    say = "",
    quiet = "",
    greet = "",
    long = "",
  ] = readByModel(cli);
  assert.is(add, "the sum is 3");
  assert.match(bad, /^Invalid input of the tool "add":\n- b: Invalid key/);
  assert.match(draw, "[Image: source:");
  assert.match(imagesOf(cli.model.mainRequests[3]), `"data":"${PIXEL}"`);
  assert.is(measure, '{"degrees":20}');
  assert.match(fail, /^out of order/);
  assert.match(say, /^toolu_scripted/);
  assert.match(quiet, "no output");
  assert.is(greet, "hello you");
  assert.ok(long.length < LONG.length && /exceeds|saved|truncated|too large/i.test(long), long.slice(0, 200));
  assert.equal(
    host.heard,
    CALLS.map(([name]) => `${name.split("__")[0]} tools/call`),
    "no handshake on the wire",
  );
  assert.equal(host.refused, []);
  await host.servers.close();
});

mcp("without manifests the CLI asks the servers itself", async () => {
  await using cli = await startRealCli([toolUse("mcp__greeter__greet", { who: "you" }), "done"]);
  const host = await hostOn(cli, { calc, greeter: greeter() });
  const { sdk_mcp_manifests_parked: parked } = await host.initialize({ manifests: false });
  assert.is(parked, undefined);
  await host.ask("greet me");
  assert.equal(readByModel(cli), ["hello you"]);
  for (const name of ["calc", "greeter"]) {
    const methods = host.heard.filter((heard) => heard.startsWith(name)).map((heard) => heard.split(" ")[1]);
    assert.equal(methods.slice(0, 3), ["initialize", "notifications/initialized", "tools/list"]);
  }
  await host.servers.close();
});

mcp("a server may ask and grow, and another may join", async () => {
  const later = [toolUse("mcp__greeter__late", {}), toolUse("mcp__calc__add", { a: 1, b: 2 }), "done"];
  await using cli = await startRealCli(later);
  const client = await cli.open({ launch: (builder) => builder.allowedTools("mcp__calc", "mcp__greeter") });
  const config = greeter();
  const host = new McpHost(client, { greeter: config });
  await host.initialize();
  const pong = config.instance.server.ping();
  config.instance.registerTool("late", {}, () => ({ content: [{ type: "text", text: "not too late" }] }));
  const servers = {
    greeter: { type: "sdk", name: "greeter" },
    calc: host.servers.add("calc", calc),
  } as const;
  const request = { subtype: "mcp_set_servers", servers } as const;
  await client.send({ type: "control_request", request_id: "servers", request });
  await host.ask("use what is new");
  assert.equal(readByModel(cli), ["not too late", "the sum is 3"]);
  assert.equal(await pong, {});
  await host.servers.close();
});

mcp("an interrupt cancels a call: its signal fires, and it has no answer", async () => {
  await using cli = await startRealCli([toolUse("mcp__calc__wait", {}), "done"]);
  let interrupt: () => void = () => {};
  let reason: unknown;
  const wait = tool("wait", "Waits.", (_, { signal }) => {
    interrupt();
    return new Promise<never>(() =>
      signal.addEventListener("abort", () => {
        reason = signal.reason;
      }),
    );
  });
  const client = await cli.open({ launch: (builder) => builder.allowedTools("mcp__calc") });
  const host = new McpHost(client, { calc: createMcpServer({ name: "calc", tools: [wait] }) });
  await host.initialize();
  interrupt = () => {
    const request = { subtype: "interrupt" } as const;
    void client.send({ type: "control_request", request_id: "interrupt", request });
  };
  await host.ask("wait for ever");
  assert.is((reason as { code?: string } | undefined)?.code, "ABORTED");
  assert.ok(host.heard.includes("calc notifications/cancelled"));
  assert.equal(host.refused, ["ABORTED"]);
  await host.servers.close();
});

mcp("leaves no process behind", assertNothingLeft);

mcp.run();
