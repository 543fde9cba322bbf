/** The frame `stream_event`: the API's own events while an answer is being written. */
import * as v from "valibot";
import { apiMessageSchema, stopDetailsSchema, stopReasonSchema } from "./assistant.js";
import { contentBlockSchema } from "./content-blocks.js";
import { citationSchema } from "./content-text.js";
import { usageSchema } from "./usage.js";
import { answeredFields, anyObjectSchema, dispatch, frame, typed, unknownNameSchema } from "./wire-schema.js";

/** A delta of a type that this version does not know. */
export const unknownDeltaSchema = v.looseObject({ type: unknownNameSchema });

/** A piece of a content block. */
export const contentDeltaSchema = dispatch(
  "type",
  {
    text_delta: typed("text_delta", { text: v.string() }),
    /** Pieces of a tool's input; only all of them together are JSON. */
    input_json_delta: typed("input_json_delta", { partial_json: v.string() }),
    thinking_delta: typed("thinking_delta", {
      thinking: v.string(),
      estimated_tokens: v.nullish(v.number()),
    }),
    signature_delta: typed("signature_delta", { signature: v.nullish(v.string()) }),
    citations_delta: typed("citations_delta", { citation: v.nullish(citationSchema) }),
    compaction_delta: typed("compaction_delta", {
      content: v.nullish(v.string()),
      encrypted_content: v.nullish(v.string()),
    }),
  },
  unknownDeltaSchema,
);

/** Type of {@link contentDeltaSchema}. */
export type ContentDelta = v.InferOutput<typeof contentDeltaSchema>;

/** An event of a type that this version does not know. */
export const unknownStreamEventSchema = v.looseObject({ type: unknownNameSchema });

/** A raw stream event of the Messages API. */
export const rawStreamEventSchema = dispatch(
  "type",
  {
    message_start: typed("message_start", { message: apiMessageSchema }),
    message_delta: typed("message_delta", {
      delta: v.looseObject({
        stop_reason: v.nullish(stopReasonSchema),
        stop_sequence: v.nullish(v.string()),
        stop_details: v.nullish(stopDetailsSchema),
        container: v.nullish(anyObjectSchema),
      }),
      usage: v.nullish(usageSchema),
      context_management: v.nullish(anyObjectSchema),
      input_transformations: v.nullish(v.array(anyObjectSchema)),
    }),
    message_stop: typed("message_stop", {}),
    content_block_start: typed("content_block_start", {
      index: v.number(),
      content_block: contentBlockSchema,
    }),
    content_block_delta: typed("content_block_delta", { index: v.number(), delta: contentDeltaSchema }),
    content_block_stop: typed("content_block_stop", { index: v.number() }),
    ping: typed("ping", {}),
    error: typed("error", { error: v.nullish(anyObjectSchema) }),
  },
  unknownStreamEventSchema,
);

/** Type of {@link rawStreamEventSchema}. */
export type RawStreamEvent = v.InferOutput<typeof rawStreamEventSchema>;

/** The frame `stream_event`; written only with `--include-partial-messages`. */
export const streamEventMessageSchema = frame("stream_event", {
  event: rawStreamEventSchema,
  /** The tool call whose subagent is writing; null on the main thread. */
  parent_tool_use_id: v.nullish(v.string()),
  /** Milliseconds to the first token, on the event that brought it. */
  ttft_ms: v.nullish(v.number()),
  /** Id of the API message that is being written. */
  api_message_id: v.nullish(v.string()),
  ...answeredFields,
});

/** Type of {@link streamEventMessageSchema}. */
export interface StreamEventMessage extends v.InferOutput<typeof streamEventMessageSchema> {}
