/**
 * Control characters other than tab and line feed, and the marks that reorder text: with these a model, or a file
 * that it has read, could repaint the screen or make a command look like another one.
 */
const INVISIBLE = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Text for a terminal: what would control it is spelled out instead, as in `\u001b`. */
export function visible(text: string): string {
  return text.replace(INVISIBLE, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** Like {@link visible}, on one line of at most `length` characters. */
export function visibleLine(text: string, length: number): string {
  // Cut first: a tool's input can be megabytes.
  const line = visible(
    text
      .slice(0, 4 * length)
      .replace(/\s+/g, " ")
      .trim(),
  );
  const characters = [...line];
  const fits = characters.length <= length && text.length <= 4 * length;
  return fits ? line : `${characters.slice(0, length - 1).join("")}…`;
}
