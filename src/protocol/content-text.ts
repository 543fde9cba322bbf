/** Content blocks that hold prose: the model's text with its citations, and its thinking. */
import * as v from "valibot";
import { open, typed } from "./wire-schema.js";

/** Prompt-cache marker on a block that was sent as input. Mirrors the Messages API's `cache_control`. */
export const cacheControlSchema = v.looseObject({
  type: open<"ephemeral">(),
  ttl: v.nullish(open<"5m" | "1h">()),
});

/** Type of {@link cacheControlSchema}. */
export interface CacheControl extends v.InferOutput<typeof cacheControlSchema> {}

/**
 * Where a piece of text comes from. Which of the fields are set depends on `type`: positions in a document
 * (characters, pages, blocks), a search result, or a page of a web search.
 */
export const citationSchema = v.looseObject({
  type: v.nullish(
    open<
      | "char_location"
      | "page_location"
      | "content_block_location"
      | "web_search_result_location"
      | "search_result_location"
    >(),
  ),
  cited_text: v.nullish(v.string()),
  title: v.nullish(v.string()),
  url: v.nullish(v.string()),
  source: v.nullish(v.string()),
  encrypted_index: v.nullish(v.string()),
  file_id: v.nullish(v.string()),
  document_index: v.nullish(v.number()),
  document_title: v.nullish(v.string()),
  search_result_index: v.nullish(v.number()),
  start_char_index: v.nullish(v.number()),
  end_char_index: v.nullish(v.number()),
  start_page_number: v.nullish(v.number()),
  end_page_number: v.nullish(v.number()),
  start_block_index: v.nullish(v.number()),
  end_block_index: v.nullish(v.number()),
});

/** Type of {@link citationSchema}. */
export interface Citation extends v.InferOutput<typeof citationSchema> {}

/** Plain text. */
export const textBlockSchema = typed("text", {
  text: v.string(),
  citations: v.nullish(v.array(citationSchema)),
  cache_control: v.nullish(cacheControlSchema),
});

/** Type of {@link textBlockSchema}. */
export interface TextBlock extends v.InferOutput<typeof textBlockSchema> {}

/** The model's reasoning, readable. `signature` is absent while it streams and from some providers. */
export const thinkingBlockSchema = typed("thinking", {
  thinking: v.string(),
  signature: v.nullish(v.string()),
});

/** Type of {@link thinkingBlockSchema}. */
export interface ThinkingBlock extends v.InferOutput<typeof thinkingBlockSchema> {}

/** The model's reasoning, encrypted: only good for being sent back. */
export const redactedThinkingBlockSchema = typed("redacted_thinking", {
  data: v.nullish(v.string()),
});

/** Type of {@link redactedThinkingBlockSchema}. */
export interface RedactedThinkingBlock extends v.InferOutput<typeof redactedThinkingBlockSchema> {}
