/** An MCP server in the host's process, made of tools. */

import { InvalidArgumentError } from "../errors.js";
import { milliseconds } from "../options.js";
import type { McpTool } from "./tool.js";
import { serveTools } from "./tool-server.js";
import { DEFAULT_TOOL_TIMEOUT_MS, type InProcessMcpServer } from "./transport.js";

/** What {@link createMcpServer} makes a server of. */
export interface McpServerOptions {
  /** The server's own name, as it introduces itself. */
  readonly name: string;
  /** Default `1.0.0`. */
  readonly version?: string;
  /** What the model is told about the server as a whole. */
  readonly instructions?: string;
  readonly tools: readonly McpTool[];
  /** Whether its tools stay in the prompt, never behind the CLI's tool search. A tool that says so decides itself. */
  readonly alwaysLoad?: boolean;
  /** Milliseconds that a call of a tool may take, where the tool does not say. Default 600,000. */
  readonly timeoutMs?: number;
}

/** The CLI's own limit must not come before that of the tool, which says more. */
const SLACK_MS = 5_000;

/** What a timer can hold. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Makes an MCP server of tools that run in this process. The same server may be given to any number of clients at once.
 *
 * @throws InvalidArgumentError for an empty name, an impossible time limit, or two tools of the same name
 */
export function createMcpServer(options: McpServerOptions): InProcessMcpServer {
  const { name, version = "1.0.0", instructions, alwaysLoad } = options;
  if (name === "") throw new InvalidArgumentError("An MCP server needs a name.");
  const timeoutMs = milliseconds("timeoutMs", options.timeoutMs ?? DEFAULT_TOOL_TIMEOUT_MS);
  const tools = new Map(options.tools.map((tool) => [tool.name, tool]));
  if (tools.size < options.tools.length) {
    const twice = options.tools.find((tool) => tools.get(tool.name) !== tool);
    throw new InvalidArgumentError(`The MCP server "${name}" has two tools of the name "${twice?.name}".`);
  }
  const listings = options.tools.map((tool) => listing(tool, alwaysLoad));
  const setup = { serverInfo: { name, version }, instructions, tools, listings, timeoutMs };
  const longest = Math.max(timeoutMs, ...options.tools.map((tool) => tool.timeoutMs ?? 0));
  return {
    type: "sdk",
    name,
    instance: { servesMany: true, connect: (transport) => serveTools(setup, transport) },
    timeout: Math.min(longest + SLACK_MS, LONGEST_MS),
  };
}

function listing(tool: McpTool, alwaysLoad: boolean | undefined): Readonly<Record<string, unknown>> {
  const load = tool.alwaysLoad ?? alwaysLoad;
  if (load === undefined) return tool.listing;
  const meta = tool.listing._meta as object | undefined;
  return { ...tool.listing, _meta: { ...meta, "anthropic/alwaysLoad": load } };
}
