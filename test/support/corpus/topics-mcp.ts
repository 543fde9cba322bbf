/** MCP servers: one in the client, one beside the CLI. */

import { fileURLToPath } from "node:url";
import { type ModelReply, type ModelRequest, stepOf, toolUse } from "../../../src/testing/index.js";
import type { Frame } from "./recorder.js";
import { PIXEL, requestOf, run, type Topic } from "./topic.js";

const SERVER = "local";

/** Plays an MCP server in the client. */
function mcpServer(frame: Frame): object {
  const { subtype, message } = requestOf(frame) as {
    subtype: string;
    message?: { id?: number; method?: string; params?: { name?: string } };
  };
  if (subtype === "elicitation") return { action: "accept", content: { name: "x" } };
  if (subtype === "can_use_tool") return { behavior: "deny", message: "no" };
  if (subtype !== "mcp_message" || message === undefined) return {};
  const result = (value: object) => ({ mcp_response: { jsonrpc: "2.0", id: message.id, result: value } });
  switch (message.method) {
    case "initialize":
      return result({
        protocolVersion: "2025-11-25",
        capabilities: { tools: {}, resources: {}, elicitation: {} },
        serverInfo: { name: SERVER, version: "1" },
      });
    case "tools/list":
      return result({
        tools: [
          { name: "echo", description: "says it", inputSchema: { type: "object" } },
          { name: "draw", description: "draws it", inputSchema: { type: "object" } },
          { name: "fail", description: "fails", inputSchema: { type: "object" } },
        ],
      });
    case "resources/list":
      return result({ resources: [{ uri: "res://one", name: "one" }] });
    case "resources/read":
      return result({ contents: [{ uri: "res://one", mimeType: "text/plain", text: "one" }] });
    case "tools/call":
      return result(toolResult(message.params?.name));
    default:
      return result({});
  }
}

function toolResult(name: string | undefined): object {
  switch (name) {
    case "draw":
      return {
        content: [
          { type: "text", text: "a pixel" },
          {
            type: "image",
            mimeType: PIXEL.media_type,
            data: PIXEL.data,
          },
          { type: "resource_link", uri: "res://one", name: "one" },
        ],
        structuredContent: { pixels: 1 },
      };
    case "fail":
      return { isError: true, content: [{ type: "text", text: "out of order" }] };
    default:
      return { content: [{ type: "text", text: "said" }] };
  }
}

function useServer(request: ModelRequest): ModelReply {
  const name = ["echo", "draw", "fail"][stepOf(request)];
  return name === undefined ? "done" : toolUse(`mcp__${SERVER}__${name}`, { a: 1 });
}

const mcp: Topic = {
  name: "mcp",
  runs: [
    run(
      {
        flags: [
          "--tools=",
          "--disable-slash-commands",
          `--allowed-tools=mcp__${SERVER}__echo,mcp__${SERVER}__draw,mcp__${SERVER}__fail`,
        ],
        script: useServer,
        answer: mcpServer,
      },
      async (cli) => {
        await cli.request("initialize", { sdkMcpServers: [SERVER] });
        await cli.pause();
        await cli.request("mcp_status");
        await cli.ask("use the server");
        await cli.request("mcp_read_resource", { serverName: SERVER, uri: "res://one" });
        await cli.request("mcp_call", { tool: `mcp__${SERVER}__echo`, arguments: { a: 1 } });
        await cli.pause();
      },
    ),
  ],
};

const ASK = "mcp__asking__ask";
const ASKING_SERVER = fileURLToPath(new URL("mcp-server.js", import.meta.url));
const SERVERS = { mcpServers: { asking: { command: process.execPath, args: [ASKING_SERVER] } } };

const elicitation: Topic = {
  name: "elicitation",
  runs: [
    run(
      {
        flags: [
          ...["--tools=", "--disable-slash-commands", "--strict-mcp-config", `--allowed-tools=${ASK}`],
          `--mcp-config=${JSON.stringify(SERVERS)}`,
        ],
        script: (request) => [toolUse(ASK, {}), toolUse(ASK, { mode: "url" })][stepOf(request)] ?? "done",
        answer: mcpServer,
      },
      async (cli) => {
        await cli.request("initialize");
        // A server may be slower to start than the CLI.
        await cli.pause(1_000);
        await cli.ask("ask the user");
        await cli.request("mcp_status");
      },
    ),
  ],
};

/** Topics about MCP servers. */
export const MCP_TOPICS: readonly Topic[] = [mcp, elicitation];
