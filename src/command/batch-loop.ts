import type { Journal } from "../batch/journal.js";
import { recordLine } from "../batch/record.js";
import type { BatchRun } from "../batch/run-batch.js";
import { Ticket } from "../batch/ticket.js";
import type { Worklist } from "../batch/worklist.js";
import { OutputError } from "../errors.js";
import type { BatchProgress } from "./batch-progress.js";
import type { BatchStop } from "./batch-stop.js";
import type { BatchTally } from "./batch-tally.js";
import { BatchViewer } from "./batch-view.js";

/** What the loop works with. */
export interface BatchLoop {
  readonly run: BatchRun;
  readonly worklist: Worklist;
  readonly journal: Journal;
  readonly tally: BatchTally;
  readonly stop: BatchStop;
  readonly progress: BatchProgress;
  readonly withResult: boolean;
  /** Most prompts that this run begins. */
  readonly maxPrompts: number;
}

/** Ids that are told one by one. */
const TOLD_IDS = 10;

/**
 * Records every outcome as it comes, to the end of the batch. What was aborted is not recorded: it runs the next time.
 * @throws OutputError when an outcome cannot be recorded; the batch is stopped then. BadInputError of the input.
 */
export async function recordOutcomes(loop: BatchLoop): Promise<void> {
  const { run, journal, tally, stop, progress, withResult } = loop;
  const watch = watchBatch(loop);
  let failure: OutputError | undefined;
  const lost: string[] = [];
  try {
    for await (const outcome of run) {
      if (outcome.status === "aborted") continue;
      const ticket = Ticket.of(outcome);
      if (failure === undefined) {
        try {
          await journal.append(recordLine(outcome, ticket, withResult));
          tally.add(outcome, ticket.id);
        } catch (error) {
          if (!(error instanceof OutputError)) throw error;
          failure = error;
          progress.say("the results cannot be written: stopping now");
          stop.stop();
        }
      }
      if (failure !== undefined) lost.push(ticket.id);
      if (stop.phase === "running" && tally.hopeless !== undefined) stop.finish(run);
    }
  } finally {
    watch();
  }
  if (failure !== undefined) throw withLost(failure, lost);
}

/** Shows the batch at intervals; the returned function ends that. */
function watchBatch({ run, worklist, stop, progress, maxPrompts }: BatchLoop): () => void {
  if (progress.everyMs === Number.POSITIVE_INFINITY) return () => {};
  const viewer = new BatchViewer();
  const show = (): void => {
    const total = worklist.isChecked ? Math.min(worklist.counts.run, maxPrompts) : undefined;
    progress.show(viewer.view(run.stats(), total, stop.phase));
  };
  const timer = setInterval(show, progress.everyMs).unref();
  return () => {
    clearInterval(timer);
    show();
  };
}

function withLost(failure: OutputError, lost: readonly string[]): OutputError {
  const told = lost.slice(0, TOLD_IDS).map((id) => JSON.stringify(id));
  const more = lost.length > told.length ? ` and ${lost.length - told.length} more` : "";
  const had = lost.length === 1 ? "1 prompt had ended and is" : `${lost.length} prompts had ended and are`;
  const message =
    `${failure.message} ${had} not recorded: ${told.join(", ")}${more}. All that was recorded before is kept; ` +
    "the same command goes on from there.";
  const { file, errno } = failure;
  return new OutputError(message, { file, errno });
}
