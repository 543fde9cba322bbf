/** The few looks at messages that hosts take. The library's own readers would load it for every peer. */

/** What is looked at of a message of the real CLI. */
interface LookedAt {
  readonly type?: unknown;
  readonly subtype?: unknown;
  readonly result?: unknown;
  readonly message?: { readonly content?: unknown };
  readonly event?: { readonly type?: unknown };
}

/** The text of an assistant message; undefined for anything else. */
export function assistantText(message: unknown): string | undefined {
  const { type, message: body } = fields(message);
  return type === "assistant" ? texts(body?.content).join("") : undefined;
}

/** True for a piece of an answer that streams. */
export function isDelta(message: unknown): boolean {
  const { type, event } = fields(message);
  return type === "stream_event" && event?.type === "content_block_delta";
}

/** The subtype and the text of a turn's result; undefined for anything else. */
export function resultOf(
  message: unknown,
): { readonly subtype: unknown; readonly text: unknown } | undefined {
  const { type, subtype, result } = fields(message);
  return type === "result" ? { subtype, text: result } : undefined;
}

function fields(message: unknown): LookedAt {
  return typeof message === "object" && message !== null ? message : {};
}

function texts(content: unknown): string[] {
  if (!Array.isArray(content)) return [];
  return content.flatMap((block: { readonly text?: unknown } | null) =>
    typeof block?.text === "string" ? [block.text] : [],
  );
}
