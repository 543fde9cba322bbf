/**
 * `claude-offthread/mcp`: tools that run in the host and that the CLI can use, as MCP servers inside this process.
 *
 * - {@link tool} defines a tool with a schema of valibot, zod, arktype or any other Standard Schema;
 * - {@link createMcpServer} makes a server of tools, for the client's option `mcpServers`.
 */

export { createMcpServer, type McpServerOptions } from "./create-mcp-server.js";
export type { JsonObjectSchema } from "./json-schema.js";
export {
  type McpTool,
  type ToolAnnotations,
  type ToolContext,
  type ToolExtras,
  type ToolHandler,
  tool,
} from "./tool.js";
export type { ToolCallResult, ToolContent, ToolResult } from "./tool-content.js";
export type {
  InProcessMcpServer,
  JsonRpcId,
  JsonRpcMessage,
  McpInstance,
  McpToolPolicy,
  McpTransport,
} from "./transport.js";
