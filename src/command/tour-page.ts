import { visible } from "./visible-text.js";

const INDENT = "   ";

/** The tour's layout: numbered parts, indented talk, and what was measured. */
export class TourPage {
  readonly #write: (text: string) => void;
  #parts = 0;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  /** A paragraph at the margin. */
  paragraph(...lines: readonly string[]): void {
    this.#write(`${lines.join("\n")}\n`);
  }

  /** The heading of the next part, with the prompt that begins it. */
  part(title: string, prompt: string): void {
    this.#parts += 1;
    this.#write(`\n${this.#parts}. ${title}\n\n${INDENT}you     ${prompt}\n`);
  }

  /** Somebody says or does something. */
  line(who: string, what: string): void {
    this.#write(`${INDENT}${who.padEnd(8)}${visible(what)}\n`);
  }

  /** A text that arrives in pieces: each goes out at once. */
  piece(text: string, first: boolean): void {
    const margin = `${INDENT}${" ".repeat(8)}`;
    const head = first ? `${INDENT}${"claude".padEnd(8)}` : "";
    this.#write(head + visible(text).replaceAll("\n", `\n${margin}`));
  }

  /** What was measured, name and value in columns. */
  measured(rows: readonly (readonly [name: string, value: string])[]): void {
    const width = Math.max(...rows.map(([name]) => name.length)) + 2;
    this.#write("\n");
    for (const [name, value] of rows) this.#write(`${INDENT}${name.padEnd(width, " ")}${value}\n`);
  }
}

/** A duration with as many digits as it deserves. */
export function milliseconds(duration: number): string {
  return `${duration < 10 ? duration.toFixed(2) : Math.round(duration).toLocaleString("en-US")} ms`;
}
