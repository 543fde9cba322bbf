/** `claude-offthread batch`: a file of prompts in, a file of outcomes out. */

import type { BatchStats } from "../batch/batch-stats.js";
import { Journal } from "../batch/journal.js";
import { OutputLock } from "../batch/output-lock.js";
import { type BatchRun, runBatch } from "../batch/run-batch.js";
import { badRows, Worklist } from "../batch/worklist.js";
import { isClaudeError } from "../errors.js";
import { resolveLaunch } from "../launch/index.js";
import { dryRun } from "./batch-dry-run.js";
import { type BatchSource, openSource, resolveOutput } from "./batch-files.js";
import type { BatchFlags } from "./batch-flags.js";
import { batchOptions } from "./batch-launch.js";
import { recordOutcomes } from "./batch-loop.js";
import { type BatchProgress, batchProgress } from "./batch-progress.js";
import { BatchStop } from "./batch-stop.js";
import { type BatchEnd, type BatchSummary, leftOf, summaryFields, summaryText } from "./batch-summary.js";
import { BatchTally } from "./batch-tally.js";
import { commandLine } from "./command-line.js";
import { ExitCode, exitCodeOf } from "./exit-codes.js";
import { InterruptKey } from "./interrupt-key.js";
import { noticeIfSlow } from "./slow-notice.js";
import { visible } from "./visible-text.js";

/** A check that takes longer is told of. A million rows take half a minute. */
const SILENT_CHECK_MS = 2_000;

/**
 * Runs what is not recorded yet, and gives the exit code.
 * @throws ClaudeError for whatever keeps the batch from its end, unless errors are asked for as JSON
 */
export async function runBatchCommand(input: string | undefined, flags: BatchFlags): Promise<ExitCode> {
  try {
    const key = new InterruptKey();
    const stop = new BatchStop();
    const options = batchOptions(flags, stop.signal);
    const spec = options.builder?.build();
    const source = await openSource(input, flags, process.stdin);
    if (flags.dryRun === true) {
      process.stdout.write(await dryRun(source, input, flags));
      return ExitCode.success;
    }
    // Now, with its own exit code, and not as the failure of every prompt.
    if (spec !== undefined) await resolveLaunch(spec);
    const batch = new BatchCommand(source, flags, { key, stop });
    return await batch.runTo(await resolveOutput(flags.output, input));
  } catch (error) {
    if (flags.jsonProgress !== true) throw error;
    const code = isClaudeError(error) ? error.code : "UNEXPECTED";
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`${JSON.stringify({ type: "error", code, message })}\n`);
    return exitCodeOf(error);
  }
}

class BatchCommand {
  readonly #source: BatchSource;
  readonly #flags: BatchFlags;
  readonly #key: InterruptKey;
  readonly #stop: BatchStop;
  readonly #progress: BatchProgress;
  readonly #worklist: Worklist;
  readonly #tally = new BatchTally();

  constructor(source: BatchSource, flags: BatchFlags, { key, stop }: { key: InterruptKey; stop: BatchStop }) {
    const { retryFailed = false, skipBad = false } = flags;
    this.#source = source;
    this.#flags = flags;
    this.#key = key;
    this.#stop = stop;
    this.#progress = batchProgress(flags, process.stderr);
    this.#worklist = new Worklist({ file: source.name, retryFailed, skipBad });
  }

  /** Runs with the results locked and open. */
  async runTo(output: string): Promise<ExitCode> {
    const lock = await OutputLock.acquire(output);
    try {
      const journal = await Journal.open(output, (record) => this.#worklist.record(record));
      let failed = true;
      try {
        const code = await this.#run(journal);
        failed = false;
        return code;
      } finally {
        // A failure to close must not hide what came before it.
        await (failed ? journal.close().catch(() => {}) : journal.close());
      }
    } finally {
      await lock.release();
    }
  }

  async #run(journal: Journal): Promise<ExitCode> {
    const { repairedBytes } = journal;
    if (repairedBytes > 0) {
      this.#progress.say(
        `${this.#flags.output}: cut off an unfinished line of ${repairedBytes} bytes; its prompt runs again`,
      );
    }
    if (this.#source.rereadable) await this.#check();
    if (this.#worklist.isChecked && this.#worklist.counts.run === 0) return this.#end(undefined);
    const prompts = this.#worklist.take(this.#source.rows());
    const run = runBatch(prompts, batchOptions(this.#flags, this.#stop.signal));
    const unlisten = this.#stop.listen(run, this.#key, (text) => this.#progress.say(text));
    try {
      await this.#record(run, journal);
    } finally {
      unlisten();
    }
    return this.#end(run.stats());
  }

  async #check(): Promise<void> {
    const notice = `Reading all of ${visible(this.#source.name)} first: nothing is spent before every row was checked.`;
    const checking = this.#worklist.check(this.#source.rows());
    const { bad } = await noticeIfSlow(checking, SILENT_CHECK_MS, () => this.#progress.say(notice));
    if (bad > 0 && this.#flags.skipBad !== true) {
      throw badRows(this.#source.name, bad, this.#worklist.badRows);
    }
  }

  async #record(run: BatchRun, journal: Journal): Promise<void> {
    const { withResult = false, maxPrompts = Number.POSITIVE_INFINITY } = this.#flags;
    try {
      await recordOutcomes({
        ...{ run, journal, withResult, maxPrompts },
        ...{ worklist: this.#worklist, tally: this.#tally, stop: this.#stop, progress: this.#progress },
      });
    } catch (error) {
      // What was done and paid for is told all the same; the error comes after it.
      const summary = this.#summary("error", run.stats());
      this.#progress.end(summaryText(summary), summaryFields(summary, exitCodeOf(error)));
      throw error;
    }
  }

  #end(stats: BatchStats | undefined): ExitCode {
    const left = this.#worklist.isChecked ? this.#worklist.counts.run - this.#tally.recorded : undefined;
    const summary = this.#summary(left === 0 ? "done" : this.#endOf(stats), stats);
    const code = this.#exitCode(summary);
    this.#progress.end(summaryText(summary), summaryFields(summary, code));
    return code;
  }

  #endOf(stats: BatchStats | undefined): BatchEnd {
    if (this.#stop.by !== undefined) return "interrupted";
    if (this.#tally.hopeless !== undefined) return "hopeless";
    return stats?.stopped === "budget" || stats?.stopped === "max_prompts" ? "limit" : "done";
  }

  #summary(end: BatchEnd, stats: BatchStats | undefined): BatchSummary {
    const typed = { argv: process.argv, env: process.env, cwd: process.cwd() };
    const { counts, isChecked, badRows: rows } = this.#worklist;
    const { succeeded, failed, failures } = this.#tally;
    return {
      ...{ end, stats, counts, succeeded, failed, failures },
      complete: isChecked,
      input: this.#source.name,
      badRows: rows,
      again: visible(commandLine(typed)),
      retry: visible(commandLine(typed, "--retry-failed")),
    };
  }

  #exitCode(summary: BatchSummary): ExitCode {
    const { end, counts, failed } = summary;
    if (end === "interrupted") {
      return this.#stop.by === "SIGTERM" ? ExitCode.terminated : ExitCode.interrupted;
    }
    if (end === "hopeless" && this.#tally.hopeless?.kind === "launch") return ExitCode.notStarted;
    if (end === "limit" && leftOf(summary) !== 0) return ExitCode.limit;
    return failed + counts.failed > 0 ? ExitCode.failed : ExitCode.success;
  }
}
