/** The content of messages: all kinds of blocks together. */
import * as v from "valibot";
import {
  containerUploadBlockSchema,
  documentBlockSchema,
  imageBlockSchema,
  searchResultBlockSchema,
} from "./content-media.js";
import {
  advisorToolResultBlockSchema,
  bashCodeExecutionToolResultBlockSchema,
  codeExecutionToolResultBlockSchema,
  compactionBlockSchema,
  fallbackBlockSchema,
  textEditorCodeExecutionToolResultBlockSchema,
  toolSearchToolResultBlockSchema,
  webFetchToolResultBlockSchema,
  webSearchToolResultBlockSchema,
} from "./content-server-results.js";
import { redactedThinkingBlockSchema, textBlockSchema, thinkingBlockSchema } from "./content-text.js";
import {
  mcpToolListingBlockSchema,
  mcpToolResultBlockSchema,
  mcpToolUseBlockSchema,
  serverToolUseBlockSchema,
  toolReferenceBlockSchema,
  toolResultBlockSchema,
  toolUseBlockSchema,
} from "./content-tools.js";
import { dispatch, stringOr, unknownNameSchema } from "./wire-schema.js";

/** A block of a type that this version does not know. */
export const unknownBlockSchema = v.looseObject({ type: unknownNameSchema });

/** Type of {@link unknownBlockSchema}. */
export type UnknownBlock = v.InferOutput<typeof unknownBlockSchema>;

/** Every known content block, by `type`. Mirrors the content blocks of the Messages API. */
export const contentBlockSchemas = {
  text: textBlockSchema,
  thinking: thinkingBlockSchema,
  redacted_thinking: redactedThinkingBlockSchema,
  image: imageBlockSchema,
  document: documentBlockSchema,
  search_result: searchResultBlockSchema,
  container_upload: containerUploadBlockSchema,
  tool_use: toolUseBlockSchema,
  tool_result: toolResultBlockSchema,
  tool_reference: toolReferenceBlockSchema,
  server_tool_use: serverToolUseBlockSchema,
  mcp_tool_use: mcpToolUseBlockSchema,
  mcp_tool_result: mcpToolResultBlockSchema,
  mcp_tool_listing: mcpToolListingBlockSchema,
  web_search_tool_result: webSearchToolResultBlockSchema,
  web_fetch_tool_result: webFetchToolResultBlockSchema,
  code_execution_tool_result: codeExecutionToolResultBlockSchema,
  bash_code_execution_tool_result: bashCodeExecutionToolResultBlockSchema,
  text_editor_code_execution_tool_result: textEditorCodeExecutionToolResultBlockSchema,
  tool_search_tool_result: toolSearchToolResultBlockSchema,
  advisor_tool_result: advisorToolResultBlockSchema,
  compaction: compactionBlockSchema,
  fallback: fallbackBlockSchema,
} as const;

/** Any content block, unknown ones included. */
export const contentBlockSchema = dispatch("type", contentBlockSchemas, unknownBlockSchema);

/** Type of {@link contentBlockSchema}; narrow it with `block.type === "text"` and the like. */
export type ContentBlock = v.InferOutput<typeof contentBlockSchema>;

/** A content block of a known type. */
export type KnownContentBlock = Exclude<ContentBlock, UnknownBlock>;

/** What a message says: blocks, or a bare string that stands for one text block. */
export const messageContentSchema = stringOr(v.array(contentBlockSchema));

/** Type of {@link messageContentSchema}. */
export type MessageContent = v.InferOutput<typeof messageContentSchema>;
