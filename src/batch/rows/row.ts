import type { BadRow } from "../../errors.js";
import type { BatchPrompt } from "../batch-prompt.js";

/** A row of the input that can be run: where it stands, and what it asks. */
export interface Row {
  /** Line of the file on which it begins, from 1. */
  readonly line: number;
  readonly prompt: BatchPrompt & { readonly id: string };
}

/** What a reader gives for each row of the input. */
export type ReadRow = Row | BadRow;

/** Tells a row that cannot be run from one that can. */
export function isBadRow(row: ReadRow): row is BadRow {
  return "reason" in row;
}

/** The id of a row that names none: its line, which a resumed run finds again. */
export function lineId(line: number): string {
  return `line-${line}`;
}
