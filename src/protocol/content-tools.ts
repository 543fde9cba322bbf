/** Content blocks of tool calls: those that the CLI runs, those of MCP servers, those that the API runs. */
import * as v from "valibot";
import { documentBlockSchema, imageBlockSchema, searchResultBlockSchema } from "./content-media.js";
import { cacheControlSchema, textBlockSchema } from "./content-text.js";
import { anyObjectSchema, dispatch, open, stringOr, typed, unknownNameSchema } from "./wire-schema.js";

const caller = v.looseObject({
  type: v.nullish(open<"direct" | "code_execution_20250825" | "code_execution_20260120">()),
  tool_id: v.nullish(v.string()),
});

/**
 * The model calls a tool that the CLI runs. `input` is what the model wrote: check it with `asToolUse` or
 * `checkToolInput`, which go by the tool's name.
 */
export const toolUseBlockSchema = typed("tool_use", {
  id: v.string(),
  name: v.string(),
  input: v.optional(v.unknown()),
  caller: v.nullish(caller),
  toolset_name: v.nullish(v.string()),
});

/** Type of {@link toolUseBlockSchema}. */
export interface ToolUseBlock extends v.InferOutput<typeof toolUseBlockSchema> {}

/** Names a tool that a tool search has found. */
export const toolReferenceBlockSchema = typed("tool_reference", { tool_name: v.string() });

/** Type of {@link toolReferenceBlockSchema}. */
export interface ToolReferenceBlock extends v.InferOutput<typeof toolReferenceBlockSchema> {}

const resultPart = dispatch(
  "type",
  {
    text: textBlockSchema,
    image: imageBlockSchema,
    document: documentBlockSchema,
    search_result: searchResultBlockSchema,
    tool_reference: toolReferenceBlockSchema,
  },
  v.looseObject({ type: unknownNameSchema }),
);
const resultParts = v.array(resultPart);

/** What a tool gave back: text, a list of blocks, or (from some MCP servers) an object of its own shape. */
export const toolResultContentSchema = stringOr(
  v.lazy((input) => (Array.isArray(input) ? resultParts : anyObjectSchema)),
);

/** Type of {@link toolResultContentSchema}. */
export type ToolResultContent = v.InferOutput<typeof toolResultContentSchema>;

/** The answer to a {@link ToolUseBlock}, on a user message. */
export const toolResultBlockSchema = typed("tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(toolResultContentSchema),
  /** True when the tool failed or was refused; absent on success. */
  is_error: v.nullish(v.boolean()),
  toolset_name: v.nullish(v.string()),
  cache_control: v.nullish(cacheControlSchema),
});

/** Type of {@link toolResultBlockSchema}. */
export interface ToolResultBlock extends v.InferOutput<typeof toolResultBlockSchema> {}

/** The model calls a tool of an MCP server that the API itself is connected to. */
export const mcpToolUseBlockSchema = typed("mcp_tool_use", {
  id: v.string(),
  name: v.string(),
  server_name: v.nullish(v.string()),
  input: v.optional(v.unknown()),
});

/** Type of {@link mcpToolUseBlockSchema}. */
export interface McpToolUseBlock extends v.InferOutput<typeof mcpToolUseBlockSchema> {}

/** The answer to a {@link McpToolUseBlock}. */
export const mcpToolResultBlockSchema = typed("mcp_tool_result", {
  tool_use_id: v.string(),
  content: v.nullish(toolResultContentSchema),
  is_error: v.nullish(v.boolean()),
});

/** Type of {@link mcpToolResultBlockSchema}. */
export interface McpToolResultBlock extends v.InferOutput<typeof mcpToolResultBlockSchema> {}

/** The tools that an MCP server of the API offers. */
export const mcpToolListingBlockSchema = typed("mcp_tool_listing", {
  mcp_server_name: v.nullish(v.string()),
  tools: v.nullish(v.array(anyObjectSchema)),
});

/** Type of {@link mcpToolListingBlockSchema}. */
export interface McpToolListingBlock extends v.InferOutput<typeof mcpToolListingBlockSchema> {}

/** The model calls a tool that the API runs itself, such as its web search. */
export const serverToolUseBlockSchema = typed("server_tool_use", {
  id: v.string(),
  name: open<
    | "advisor"
    | "web_search"
    | "web_fetch"
    | "code_execution"
    | "bash_code_execution"
    | "text_editor_code_execution"
    | "tool_search_tool_regex"
    | "tool_search_tool_bm25"
  >(),
  input: v.optional(v.unknown()),
  caller: v.nullish(caller),
});

/** Type of {@link serverToolUseBlockSchema}. */
export interface ServerToolUseBlock extends v.InferOutput<typeof serverToolUseBlockSchema> {}
