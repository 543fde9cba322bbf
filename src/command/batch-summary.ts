import type { BatchStats } from "../batch/batch-stats.js";
import type { RowCounts } from "../batch/worklist.js";
import type { BadRow } from "../errors.js";
import { count, counted, dollars, duration, pace } from "./amounts.js";
import type { FailureGroup } from "./batch-tally.js";
import { visibleLine } from "./visible-text.js";

/** How a batch came to its end. */
export type BatchEnd = "done" | "interrupted" | "limit" | "hopeless" | "error";

/** What the summary tells. */
export interface BatchSummary {
  readonly end: BatchEnd;
  /** Of this run; undefined when there was nothing to run. */
  readonly stats: BatchStats | undefined;
  readonly counts: RowCounts;
  /** Whether `counts` are of the whole input. */
  readonly complete: boolean;
  readonly succeeded: number;
  readonly failed: number;
  readonly failures: readonly FailureGroup[];
  readonly input: string;
  readonly badRows: readonly BadRow[];
  /** The command line that goes on, and the one that also runs failures again. */
  readonly again: string;
  readonly retry: string;
}

const LINE_LENGTH = 120;
const TOLD_ROWS = 5;

/** Prompts that are still to be run; unknown for an input that was not read to its end. */
export function leftOf({ complete, counts, succeeded, failed }: BatchSummary): number | undefined {
  return complete ? counts.run - succeeded - failed : undefined;
}

/** Lines for a person. */
export function summaryText(summary: BatchSummary): string {
  const { end, counts, failures, badRows, input, again, retry } = summary;
  const left = leftOf(summary);
  const goesOn = end !== "done" && left !== 0;
  const failedInAll = summary.failed + counts.failed;
  const lines = [
    [end === "done" ? "done" : "stopped", headline(summary)],
    ...(tallied(summary) === "" ? [] : [["", tallied(summary)]]),
    ...badRows.slice(0, TOLD_ROWS).map(({ line, reason }) => ["bad row", `${input}:${line}: ${reason}`]),
    ...failures.map(({ kind, count: times, id, message }) => [
      "failed",
      `${count(times)} ${kind}, first "${id}": ${message}`,
    ]),
    ...(goesOn ? [["go on", again]] : []),
    ...(failedInAll === 0 ? [] : [["retry", retry]]),
  ];
  return lines.map(([name = "", text = ""]) => `${name.padEnd(8)}${shown(name, text)}\n`).join("");
}

/** The same as data. */
export function summaryFields(summary: BatchSummary, exitCode: number): object {
  const { end, stats, counts, complete, succeeded, failed, failures, badRows, again, retry } = summary;
  const { elapsedMs = 0, costUsd = 0, retries = 0 } = stats ?? {};
  const { succeeded: earlierSucceeded, failed: earlierFailed, bad } = counts;
  return {
    ...{ end, exitCode, succeeded, failed, left: complete ? (leftOf(summary) ?? null) : null },
    ...{ earlierSucceeded, earlierFailed, bad, badRows, elapsedMs, costUsd, retries, failures, again, retry },
  };
}

const ENDS: Readonly<Record<BatchEnd, string>> = {
  done: "",
  interrupted: "interrupted",
  limit: "a limit was reached",
  hopeless: "every prompt failed in the same way",
  error: "broken off by an error",
};

function headline(summary: BatchSummary): string {
  const { end, stats, succeeded, failed, complete, counts } = summary;
  const ran = succeeded + failed;
  const known = counts.succeeded + counts.failed + counts.bad;
  if (stats === undefined)
    return known > 0 ? "nothing to run" : `nothing to run: ${summary.input} has no prompts`;
  const of = complete ? `${count(ran)} of ${counted(counts.run, "prompt")}` : counted(ran, "prompt");
  const perSecond = stats.elapsedMs === 0 ? 0 : (ran / stats.elapsedMs) * 1_000;
  const parts = [`${of} in ${duration(stats.elapsedMs)}`, pace(perSecond), dollars(stats.costUsd)];
  return [...parts, ...(ENDS[end] === "" ? [] : [ENDS[end]])].join(", ");
}

function tallied(summary: BatchSummary): string {
  const { stats, succeeded, failed, counts } = summary;
  const aborted = stats?.aborted ?? 0;
  const before = counts.succeeded + counts.failed;
  return [
    ...(stats === undefined ? [] : [`${count(succeeded)} succeeded`, `${count(failed)} failed`]),
    ...(aborted === 0 ? [] : [`${count(aborted)} not finished`]),
    ...(before === 0
      ? []
      : [
          `${count(before)} recorded before${counts.failed === 0 ? "" : `, ${count(counts.failed)} of them failed`}`,
        ]),
    ...(counts.bad === 0 ? [] : [`${counted(counts.bad, "bad row")} set aside`]),
  ].join(", ");
}

/** A command is to be copied whole; all else may be cut. */
function shown(name: string, text: string): string {
  return name === "go on" || name === "retry" ? text : visibleLine(text, LINE_LENGTH);
}
