/** What a tool may return, and the wire's result that it becomes. */

import * as v from "valibot";

const meta = v.optional(v.record(v.string(), v.unknown()));
const bytes = v.union([v.string(), v.instance(Uint8Array)], "must be base64 or a Uint8Array");

const textSchema = v.looseObject({ type: v.literal("text"), text: v.string(), _meta: meta });

/** Its `data` is a file: bytes, or a string of base64. */
const mediaFields = { data: bytes, mimeType: v.string(), _meta: meta };
const imageSchema = v.looseObject({ type: v.literal("image"), ...mediaFields });
const audioSchema = v.looseObject({ type: v.literal("audio"), ...mediaFields });

const resourceLinkSchema = v.looseObject({
  type: v.literal("resource_link"),
  uri: v.string(),
  name: v.string(),
  _meta: meta,
});

const resourceSchema = v.looseObject({
  type: v.literal("resource"),
  resource: v.union([
    v.looseObject({ uri: v.string(), text: v.string() }),
    v.looseObject({ uri: v.string(), blob: bytes }),
  ]),
  _meta: meta,
});

const blockSchema = v.variant(
  "type",
  [textSchema, imageSchema, audioSchema, resourceLinkSchema, resourceSchema],
  "is no content block: its type must be text, image, audio, resource_link or resource",
);

const callResultSchema = v.looseObject({
  content: v.optional(v.array(blockSchema)),
  structuredContent: v.optional(v.looseObject({})),
  isError: v.optional(v.boolean()),
  _meta: meta,
});

/**
 * A block of a tool's result, as MCP has them. `data` of an image or of audio, and `blob` of a resource, may be bytes:
 * they are encoded off the main thread.
 */
export type ToolContent = v.InferInput<typeof blockSchema>;

/**
 * A whole result. `isError` tells the model that the call failed. `structuredContent` is an object for programs; where
 * there is no `content` beside it, its JSON is that too.
 */
export type ToolCallResult = v.InferInput<typeof callResultSchema>;

/** What a tool's handler returns. A string is one text block; nothing is no content. */
export type ToolResult = string | ToolContent | readonly ToolContent[] | ToolCallResult | undefined;

/** A result with everything in its place, for the wire; bytes are still bytes. */
export interface WireToolResult {
  readonly content: readonly Readonly<Record<string, unknown>>[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean | undefined;
  readonly [key: string]: unknown;
}

/** A result that tells the model what went wrong. */
export function errorResult(message: string): WireToolResult {
  return { content: [{ type: "text", text: message }], isError: true };
}

/** The wire's result for what a handler has returned; an error for the model if that is no result at all. */
export function wireResult(returned: unknown): WireToolResult {
  if (typeof returned === "string") return { content: [{ type: "text", text: returned }] };
  if (returned === undefined) return { content: [] };
  const whole = asWholeResult(returned);
  const parsed = v.safeParse(callResultSchema, whole, { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return errorResult(
      `The tool returned what is no result: ${v.getDotPath(issue) ?? "it"} ${issue.message}`,
    );
  }
  // What was checked is passed on as it came: the check copies objects, and knows no lazy property.
  const { content, structuredContent, ...rest } = whole as ToolCallResult;
  const given = structuredContent !== undefined && { structuredContent };
  const fallback =
    structuredContent === undefined ? [] : [{ type: "text", text: JSON.stringify(structuredContent) }];
  return { ...rest, ...given, content: content ?? fallback };
}

function asWholeResult(returned: unknown): unknown {
  if (Array.isArray(returned)) return { content: returned };
  const isBlock = typeof returned === "object" && returned !== null && "type" in returned;
  return isBlock ? { content: [returned] } : returned;
}

/** The same with base64 for bytes, for a peer that takes nothing else. */
export function withBase64(result: WireToolResult): WireToolResult {
  return { ...result, content: result.content.map(encodeBlock) };
}

function encodeBlock(block: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { data, resource } = block;
  if (data instanceof Uint8Array) return { ...block, data: base64(data) };
  if (typeof resource !== "object" || resource === null || !("blob" in resource)) return block;
  const { blob } = resource;
  return blob instanceof Uint8Array ? { ...block, resource: { ...resource, blob: base64(blob) } } : block;
}

function base64({ buffer, byteOffset, byteLength }: Uint8Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString("base64");
}
