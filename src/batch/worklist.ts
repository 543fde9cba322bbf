import { BadInputError, type BadRow } from "../errors.js";
import type { BatchPrompt } from "./batch-prompt.js";
import { IdTable, type PromptState } from "./id-table.js";
import { promptDigest } from "./prompt-digest.js";
import type { RecordedPrompt } from "./record.js";
import { isBadRow, type ReadRow, type Row } from "./rows/row.js";
import { Ticket } from "./ticket.js";

/** What is to be done with a row. */
export type Verdict =
  | { readonly kind: "run"; readonly row: Row; readonly digest: string }
  | { readonly kind: "recorded"; readonly state: Exclude<PromptState, "pending"> }
  | { readonly kind: "bad"; readonly bad: BadRow };

/** What the rows of an input come to. */
export interface RowCounts {
  /** To be run, or handed out already. */
  readonly run: number;
  /** Recorded by an earlier run, and not to be run again. */
  readonly succeeded: number;
  readonly failed: number;
  readonly bad: number;
}

/** Options of {@link Worklist}. */
export interface WorklistOptions {
  /** The input, for messages. */
  readonly file: string;
  /** Runs again what is recorded as failed, with its prompt as it is now. */
  readonly retryFailed: boolean;
  /** Passes over bad rows; else the first one ends {@link Worklist.take}. */
  readonly skipBad: boolean;
}

/** Bad rows that are told one by one. */
const TOLD_ROWS = 20;

/** Which rows of an input are still to be run, after what was recorded; every id once. */
export class Worklist {
  readonly #table = new IdTable();
  readonly #options: WorklistOptions;
  #checked: RowCounts | undefined;
  #taken: RowCounts = NONE;
  readonly #bad: BadRow[] = [];

  constructor(options: WorklistOptions) {
    this.#options = options;
  }

  /** Takes note of a recorded outcome; a later one supersedes an earlier one. */
  record({ id, status, digest }: RecordedPrompt): void {
    this.#table.set(id, { digest, state: status, checked: false, taken: false });
  }

  /** Recorded outcomes, whether or not the input names them. */
  get recorded(): number {
    return this.#table.size;
  }

  /** Counts of the whole input once it was checked, else of what was taken so far. */
  get counts(): RowCounts {
    return this.#checked ?? this.#taken;
  }

  /** Whether the whole input is known. */
  get isChecked(): boolean {
    return this.#checked !== undefined;
  }

  /** The first bad rows. */
  get badRows(): readonly BadRow[] {
    return this.#bad;
  }

  /**
   * Reads all rows before anything is spent.
   * @param onRun is told of rows that are to be run
   */
  async check(rows: AsyncIterable<ReadRow>, onRun: (row: Row) => void = () => {}): Promise<RowCounts> {
    let counts = NONE;
    for await (const read of rows) {
      const verdict = this.#judge(read, "checked");
      counts = counted(counts, verdict);
      if (verdict.kind === "run") onRun(verdict.row);
      if (verdict.kind === "bad" && this.#bad.length < TOLD_ROWS) this.#bad.push(verdict.bad);
    }
    this.#checked = counts;
    return counts;
  }

  /**
   * The prompts to run, one by one as they are asked for, each with its {@link Ticket}.
   * @throws BadInputError at a bad row, unless those are passed over, and when the input is no longer what was checked.
   */
  async *take(rows: AsyncIterable<ReadRow>): AsyncGenerator<BatchPrompt, void> {
    for await (const read of rows) {
      const verdict = this.#judge(read, "taken");
      this.#taken = counted(this.#taken, verdict);
      if (verdict.kind === "run") yield Ticket.put(verdict.row, verdict.digest);
      if (verdict.kind !== "bad" || this.#checked !== undefined) continue;
      if (this.#bad.length < TOLD_ROWS) this.#bad.push(verdict.bad);
      if (!this.#options.skipBad) throw badRows(this.#options.file, 1, [verdict.bad]);
    }
  }

  #judge(read: ReadRow, pass: "checked" | "taken"): Verdict {
    if (isBadRow(read)) return { kind: "bad", bad: read };
    const { line, prompt } = read;
    const bad = (reason: string): Verdict => ({ kind: "bad", bad: { line, reason } });
    const digest = promptDigest(prompt);
    const known = this.#table.get(prompt.id);
    if (known?.[pass] === true) return bad(`its id ${JSON.stringify(prompt.id)} was used on an earlier line`);
    const again = pass === "taken" && this.#checked !== undefined;
    if (again && known?.checked !== true) throw this.#changed(line);
    const state = known?.state ?? "pending";
    const runs = state === "pending" || (state === "failed" && this.#options.retryFailed);
    const differs = known !== undefined && known.digest !== digest;
    if (differs && again && runs) throw this.#changed(line);
    const marks = { checked: known?.checked ?? false, taken: known?.taken ?? false, [pass]: true };
    const isKept = differs && !runs;
    this.#table.set(prompt.id, { digest: isKept ? known.digest : digest, state, ...marks });
    if (isKept) {
      return bad(
        `its prompt or an override is not what was recorded under the id ${JSON.stringify(prompt.id)}`,
      );
    }
    return state === "pending" || runs ? { kind: "run", row: read, digest } : { kind: "recorded", state };
  }

  #changed(line: number): BadInputError {
    const { file } = this.#options;
    const message = `${file}:${line} has changed while the batch ran; start it again.`;
    return new BadInputError(message, { file, rows: [] });
  }
}

/** The error for rows that are not to be passed over. */
export function badRows(file: string, count: number, rows: readonly BadRow[]): BadInputError {
  const told = rows.map(({ line, reason }) => `\n  ${file}:${line}: ${reason}`).join("");
  const more = count > rows.length ? `\n  and ${count - rows.length} more` : "";
  const head = count === 1 ? "A row cannot be run" : `${count} rows cannot be run`;
  return new BadInputError(`${head}:${told}${more}`, { file, rows });
}

const NONE: RowCounts = { run: 0, succeeded: 0, failed: 0, bad: 0 };

function counted(counts: RowCounts, verdict: Verdict): RowCounts {
  const name = verdict.kind === "recorded" ? verdict.state : verdict.kind;
  return { ...counts, [name]: counts[name] + 1 };
}
