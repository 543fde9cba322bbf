/**
 * Which messages cross to the main thread. Whoever wants results alone must not pay for everything else that a turn
 * says: the rest is counted and dropped where it was decoded.
 */

/** What turns cannot be told apart without; delivered whatever the list says, as are all control frames. */
const ALWAYS: readonly string[] = ["result", "command_lifecycle"];

/** A checked frame, as far as it has been parsed. */
type FrameValue = Readonly<Record<string, unknown>>;

/**
 * Makes the test for a list of names: a `type`, a `type/subtype` such as `system/init`, or `assistant/tool_use` for
 * assistant messages that call a tool. Without a list everything passes.
 */
export function deliveryTest(names: readonly string[] | undefined): (frame: FrameValue) => boolean {
  if (names === undefined) return () => true;
  const wanted = new Set([...ALWAYS, ...names]);
  return (frame) => {
    const type = String(frame.type);
    if (wanted.has(type)) return true;
    if (type === "assistant") return wanted.has("assistant/tool_use") && callsTool(frame);
    return typeof frame.subtype === "string" && wanted.has(`${type}/${frame.subtype}`);
  };
}

/** True as well for content that has stayed bytes, and so cannot be looked into here. */
function callsTool({ message }: FrameValue): boolean {
  const content: unknown = isObject(message) ? message.content : undefined;
  if (!Array.isArray(content)) return true;
  return content.some((block) => !isObject(block) || block.type === "tool_use");
}

function isObject(value: unknown): value is FrameValue {
  return typeof value === "object" && value !== null;
}
