import { readJournal } from "../batch/journal.js";
import type { Row } from "../batch/rows/row.js";
import { badRows, Worklist } from "../batch/worklist.js";
import { count, counted } from "./amounts.js";
import { type BatchSource, resolveOutput } from "./batch-files.js";
import type { BatchFlags } from "./batch-flags.js";
import { visibleLine } from "./visible-text.js";

const SHOWN_ROWS = 3;
const LINE_LENGTH = 100;

/**
 * Reads the input and what is recorded, and tells what would run; changes nothing.
 * @throws BadInputError for rows that cannot be run, unless they are set aside.
 */
export async function dryRun(
  source: BatchSource,
  input: string | undefined,
  flags: BatchFlags,
): Promise<string> {
  const { retryFailed = false, skipBad = false, maxPrompts } = flags;
  const worklist = new Worklist({ file: source.name, retryFailed, skipBad });
  await readJournal(await resolveOutput(flags.output, input), (record) => worklist.record(record));
  const first: Row[] = [];
  const counts = await worklist.check(source.rows(), (row) => {
    if (first.length < SHOWN_ROWS) first.push(row);
  });
  if (counts.bad > 0 && !skipBad) throw badRows(source.name, counts.bad, worklist.badRows);
  const capped = maxPrompts !== undefined && maxPrompts < counts.run;
  const before = counts.succeeded + counts.failed;
  const lines = [
    `would run  ${counted(counts.run, "prompt")}${capped ? `, ${count(maxPrompts)} of them this time` : ""}`,
    ...(before === 0 ? [] : [`recorded   ${count(before)}, ${count(counts.failed)} of them failed`]),
    ...(counts.bad === 0 ? [] : [`set aside  ${counted(counts.bad, "bad row")}`]),
    ...worklist.badRows.map(({ line, reason }) => `           ${source.name}:${line}: ${reason}`),
    ...first.map((row) => `prompt     ${described(row)}`),
    ...(counts.run > first.length && first.length > 0
      ? [`           and ${count(counts.run - first.length)} more`]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function described({ prompt: { id, prompt, metadata: _metadata, ...overrides } }: Row): string {
  const text = typeof prompt === "string" ? prompt : JSON.stringify(prompt);
  const more = Object.keys(overrides).length === 0 ? "" : `  ${JSON.stringify(overrides)}`;
  return visibleLine(`${JSON.stringify(id)}: ${text}`, LINE_LENGTH) + visibleLine(more, LINE_LENGTH);
}
