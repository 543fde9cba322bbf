import { createLogUpdate } from "log-update";
import { renderCase } from "./report/terminal.js";
import type { RunObserver, Step } from "./runner.js";

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
    caseEnds: (_scenario, report) => line.persist(renderCase(report).join("\n")),
    end: () => line.clear(),
  };
}

function plainLines(stream: NodeJS.WriteStream): Progress {
  return {
    roundBegins: () => {},
    caseEnds: ({ name }, report, { done, total }) => {
      const failures = report.variants.filter(({ failure }) => failure !== undefined).length;
      const end = failures === 0 ? "" : `, ${failures} failed`;
      stream.write(`${done}/${total} ${name}: ${report.name}${end}\n`);
    },
    end: () => {},
  };
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
