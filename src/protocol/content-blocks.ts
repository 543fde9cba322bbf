/** The content of messages: all kinds of blocks together. */
import * as v from "valibot";
import {
  type ContainerUploadBlock,
  containerUploadBlockSchema,
  type DocumentBlock,
  documentBlockSchema,
  type ImageBlock,
  imageBlockSchema,
  type SearchResultBlock,
  searchResultBlockSchema,
} from "./content-media.js";
import {
  type AdvisorToolResultBlock,
  advisorToolResultBlockSchema,
  type BashCodeExecutionToolResultBlock,
  bashCodeExecutionToolResultBlockSchema,
  type CodeExecutionToolResultBlock,
  type CompactionBlock,
  codeExecutionToolResultBlockSchema,
  compactionBlockSchema,
  type FallbackBlock,
  fallbackBlockSchema,
  type TextEditorCodeExecutionToolResultBlock,
  type ToolSearchToolResultBlock,
  textEditorCodeExecutionToolResultBlockSchema,
  toolSearchToolResultBlockSchema,
  type WebFetchToolResultBlock,
  type WebSearchToolResultBlock,
  webFetchToolResultBlockSchema,
  webSearchToolResultBlockSchema,
} from "./content-server-results.js";
import {
  type RedactedThinkingBlock,
  redactedThinkingBlockSchema,
  type TextBlock,
  type ThinkingBlock,
  textBlockSchema,
  thinkingBlockSchema,
} from "./content-text.js";
import {
  type McpToolListingBlock,
  type McpToolResultBlock,
  type McpToolUseBlock,
  mcpToolListingBlockSchema,
  mcpToolResultBlockSchema,
  mcpToolUseBlockSchema,
  type ServerToolUseBlock,
  serverToolUseBlockSchema,
  type ToolReferenceBlock,
  type ToolResultBlock,
  type ToolUseBlock,
  toolReferenceBlockSchema,
  toolResultBlockSchema,
  toolUseBlockSchema,
} from "./content-tools.js";
import {
  type DispatchSchema,
  dispatch,
  type SchemaTable,
  stringOr,
  unknownNameSchema,
  type WireSchema,
} from "./wire-schema.js";

/** A block of a type that this version does not know. */
export const unknownBlockSchema = v.looseObject({ type: unknownNameSchema });

/** Type of {@link unknownBlockSchema}. */
export interface UnknownBlock extends v.InferOutput<typeof unknownBlockSchema> {}

/** The known content blocks by `type`. Mirrors the content blocks of the Messages API. */
export interface ContentBlocks {
  text: TextBlock;
  thinking: ThinkingBlock;
  redacted_thinking: RedactedThinkingBlock;
  image: ImageBlock;
  document: DocumentBlock;
  search_result: SearchResultBlock;
  container_upload: ContainerUploadBlock;
  tool_use: ToolUseBlock;
  tool_result: ToolResultBlock;
  tool_reference: ToolReferenceBlock;
  server_tool_use: ServerToolUseBlock;
  mcp_tool_use: McpToolUseBlock;
  mcp_tool_result: McpToolResultBlock;
  mcp_tool_listing: McpToolListingBlock;
  web_search_tool_result: WebSearchToolResultBlock;
  web_fetch_tool_result: WebFetchToolResultBlock;
  code_execution_tool_result: CodeExecutionToolResultBlock;
  bash_code_execution_tool_result: BashCodeExecutionToolResultBlock;
  text_editor_code_execution_tool_result: TextEditorCodeExecutionToolResultBlock;
  tool_search_tool_result: ToolSearchToolResultBlock;
  advisor_tool_result: AdvisorToolResultBlock;
  compaction: CompactionBlock;
  fallback: FallbackBlock;
}

/** Schemas of {@link ContentBlocks}. */
export const contentBlockSchemas: SchemaTable<ContentBlocks> = {
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
};

/** A content block of a known type. */
export type KnownContentBlock = ContentBlocks[keyof ContentBlocks];

/** Any content block, unknown ones included; narrow it with `block.type === "text"` and the like. */
export type ContentBlock = KnownContentBlock | UnknownBlock;

/** Schema of {@link ContentBlock}. */
export const contentBlockSchema: DispatchSchema<ContentBlock> = dispatch(
  "type",
  contentBlockSchemas,
  unknownBlockSchema,
);

/** What a message says: blocks, or a bare string that stands for one text block. */
export type MessageContent = string | ContentBlock[];

/** Schema of {@link MessageContent}. */
export const messageContentSchema: WireSchema<MessageContent> = stringOr(v.array(contentBlockSchema));
