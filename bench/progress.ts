import { createLogUpdate } from "log-update";
import type { CaseReport } from "./report/report.js";
import type { RunObserver, RunProgress, Step } from "./runner.js";
import type { Scenario } from "./scenario.js";

const BAR_CELLS = 24;

/** Progress on stderr: one line that changes on a terminal, a line for each finished case elsewhere. */
export interface Progress extends RunObserver {
  /** Removes the line that changes. */
  end(): void;
}

/** Makes the progress display that suits the stream. */
export function showProgress(stream: NodeJS.WriteStream): Progress {
  return stream.isTTY ? changingLine(stream) : plainLines(stream);
}

function changingLine(stream: NodeJS.WriteStream): Progress {
  const line = createLogUpdate(stream);
  const began = performance.now();
  return {
    roundBegins: (step) => line(describe(step, performance.now() - began)),
    roundEnds: (scenario, report, progress) => line.persist(summaryOf(scenario, report, progress)),
    end: () => {
      line.clear();
      // Shows the cursor again.
      line.done();
    },
  };
}

function plainLines(stream: NodeJS.WriteStream): Progress {
  return {
    roundBegins: () => {},
    roundEnds: (scenario, report, progress) =>
      void stream.write(`${summaryOf(scenario, report, progress)}\n`),
    end: () => {},
  };
}

function summaryOf({ name }: Scenario, { name: caseName, variants }: CaseReport, run: RunProgress): string {
  const failed = variants.filter(({ failure }) => failure !== undefined).length;
  return `${run.done}/${run.total} ${name}: ${caseName}${failed === 0 ? "" : `, ${failed} failed`}`;
}

function describe(
  { scenario, caseName, variant, round, rounds, done, total }: Step,
  spentMs: number,
): string {
  const filled = Math.round((BAR_CELLS * done) / Math.max(1, total));
  const bar = "█".repeat(filled) + "░".repeat(BAR_CELLS - filled);
  const left = done < 3 ? "" : `, about ${Math.ceil((spentMs / done) * (total - done) * 0.001)} s left`;
  return `${bar} ${done}/${total}${left}\n${scenario.name} · ${caseName} · ${variant} · round ${round} of ${rounds}`;
}
