/** MCP servers: how they are configured and how they fare. */
import * as v from "valibot";
import { anyObjectSchema, dispatch, open, typed, unknownNameSchema } from "./wire-schema.js";

const stringMap = v.record(v.string(), v.string());

/** What may be done with one tool of a server. */
export const mcpToolPolicySchema = v.looseObject({
  name: v.string(),
  permission_policy: v.nullish(open<"always_allow" | "always_ask" | "always_deny">()),
  org_max_permission: v.nullish(open<"allow" | "ask" | "blocked">()),
});

/** A server that the CLI starts and talks to over its stdin and stdout. `type` may be left out. */
export const mcpStdioServerSchema = v.looseObject({
  type: v.nullish(v.literal("stdio")),
  command: v.string(),
  args: v.nullish(v.array(v.string())),
  env: v.nullish(stringMap),
  /** Milliseconds. */
  timeout: v.nullish(v.number()),
  alwaysLoad: v.nullish(v.boolean()),
});

/** Type of {@link mcpStdioServerSchema}. */
export interface McpStdioServer extends v.InferOutput<typeof mcpStdioServerSchema> {}

const remote = {
  url: v.string(),
  headers: v.nullish(stringMap),
  tools: v.nullish(v.array(mcpToolPolicySchema)),
  timeout: v.nullish(v.number()),
  alwaysLoad: v.nullish(v.boolean()),
} as const;

/** A server of a kind that this version does not know. */
export const unknownMcpServerSchema = v.looseObject({ type: unknownNameSchema });

const mcpServerByType = dispatch(
  "type",
  {
    sse: typed("sse", remote),
    http: typed("http", remote),
    /** A server inside the client's own process, reached by `mcp_message` control requests. */
    sdk: typed("sdk", {
      name: v.string(),
      timeout: v.nullish(v.number()),
      tools: v.nullish(v.array(mcpToolPolicySchema)),
    }),
    "claudeai-proxy": typed("claudeai-proxy", {
      url: v.string(),
      id: v.string(),
      timeout: v.nullish(v.number()),
    }),
  },
  unknownMcpServerSchema,
);

/** How to reach an MCP server. */
export const mcpServerConfigSchema = v.lazy((input) =>
  typeof input === "object" && input !== null && "command" in input ? mcpStdioServerSchema : mcpServerByType,
);

/** Type of {@link mcpServerConfigSchema}. */
export type McpServerConfig = v.InferOutput<typeof mcpServerConfigSchema>;

/** State of one MCP server. */
export const mcpServerStatusSchema = v.looseObject({
  name: v.string(),
  status: open<"connected" | "failed" | "needs-auth" | "pending" | "disabled">(),
  serverInfo: v.nullish(v.looseObject({ name: v.nullish(v.string()), version: v.nullish(v.string()) })),
  error: v.nullish(v.string()),
  config: v.nullish(mcpServerConfigSchema),
  scope: v.nullish(v.string()),
  source: v.nullish(v.string()),
  tools: v.nullish(
    v.array(
      v.looseObject({
        name: v.string(),
        description: v.nullish(v.string()),
        annotations: v.nullish(anyObjectSchema),
        _meta: v.nullish(anyObjectSchema),
      }),
    ),
  ),
});

/** Type of {@link mcpServerStatusSchema}. */
export interface McpServerStatus extends v.InferOutput<typeof mcpServerStatusSchema> {}
