/** How much of a message its consumer looks into. */

/** A key of {@link TOUCH}. */
export type Touch = "nothing" | "text" | "everything";

/** Each looks at a message and tells how much it has seen, so that two looks can be compared. */
export const TOUCH: Readonly<Record<Touch, (message: unknown) => number>> = {
  nothing: () => 0,
  text: lookAtText,
  everything: lookAtEverything,
};

/** The characters that a user interface would show: texts, thoughts, tool results; whole ones and pieces. */
function lookAtText(message: unknown): number {
  const { message: whole, event } = fieldsOf(message);
  const { content } = fieldsOf(whole);
  const { delta } = fieldsOf(event);
  return textIn(content) + textIn(delta);
}

function textIn(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (Array.isArray(value)) return value.reduce<number>((sum, block) => sum + textIn(block), 0);
  const { text, thinking, content } = fieldsOf(value);
  return [text, thinking].reduce<number>(
    (sum, field) => sum + (typeof field === "string" ? field.length : 0),
    content === undefined ? 0 : textIn(content),
  );
}

function lookAtEverything(value: unknown): number {
  if (typeof value === "string") return value.length;
  if (typeof value !== "object" || value === null) return 1;
  let seen = 0;
  if (Array.isArray(value)) for (const item of value) seen += lookAtEverything(item);
  else for (const item of Object.values(value)) seen += lookAtEverything(item);
  return seen;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
