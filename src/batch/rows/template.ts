import { InvalidArgumentError } from "../../errors.js";

/** A text with places for the columns of a row: `Summarise: {{body}}`. */
export interface Template {
  /** Columns that it names, each once. */
  readonly columns: readonly string[];
  /** The text with each place filled by the value of its column. */
  fill(value: (column: string) => string): string;
}

const PLACE = /\{\{([^{}]*)\}\}/g;

/**
 * Reads a template; spaces around a column's name do not count.
 * @throws InvalidArgumentError when it names no column, or one place is empty.
 */
export function parseTemplate(text: string): Template {
  const columns = new Set<string>();
  for (const [place, name = ""] of text.matchAll(PLACE)) {
    if (name.trim() === "")
      throw new InvalidArgumentError(`The template has a place without a name: ${place}`);
    columns.add(name.trim());
  }
  if (columns.size === 0) {
    throw new InvalidArgumentError(
      'The template names no column; write it as in "Summarise: {{body}}", or every row would ask the same.',
    );
  }
  return {
    columns: [...columns],
    fill: (value) => text.replace(PLACE, (_place, name: string) => value(name.trim())),
  };
}
