/** What an MCP server says of itself, asked before the CLI does. */

import type { McpConnection } from "./mcp-connection.js";

/** A server's own words, for `sdkMcpServerManifests` of `initialize`. */
export interface McpManifest {
  readonly initializeResult: Readonly<Record<string, unknown>>;
  /** Left out when it is not the whole list, or there are no tools. */
  readonly toolsListResult?: Readonly<Record<string, unknown>>;
}

/** As the CLI (2.1.330) introduces itself; it takes no manifest of another version of the protocol. */
const INTRODUCTION = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "claude-code", title: "Claude Code", version: "unknown" },
};

/** Greets the server as the CLI would. Undefined when it refuses, or is late; the CLI then asks it itself. */
export async function captureManifest(
  server: McpConnection,
  budget: AbortSignal,
): Promise<McpManifest | undefined> {
  let initializeResult: Readonly<Record<string, unknown>> | undefined;
  try {
    initializeResult = await ask(server, "initialize", INTRODUCTION, budget);
    if (initializeResult === undefined) return undefined;
    await server.tell({ jsonrpc: "2.0", method: "notifications/initialized" }, budget);
    const { capabilities } = initializeResult as { capabilities?: { tools?: unknown } };
    if (capabilities?.tools === undefined) return { initializeResult };
    const list = await ask(server, "tools/list", {}, budget);
    return list === undefined || list.nextCursor !== undefined
      ? { initializeResult }
      : { initializeResult, toolsListResult: list };
  } catch {
    // Whatever it was, the CLI will come across it, and report it.
    return initializeResult && { initializeResult };
  }
}

async function ask(
  server: McpConnection,
  method: string,
  params: Readonly<Record<string, unknown>>,
  budget: AbortSignal,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const { result } = await server.request({ jsonrpc: "2.0", method, params }, budget);
  return result;
}
