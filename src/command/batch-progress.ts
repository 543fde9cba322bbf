import type { Writable } from "node:stream";
import { createLogUpdate } from "log-update";
import { count, dollars, duration, pace } from "./amounts.js";
import type { BatchFlags } from "./batch-flags.js";
import type { BatchPhase, BatchView } from "./batch-view.js";

/** Shows a batch to whoever watches stderr. */
export interface BatchProgress {
  /** Milliseconds between views; Infinity when none is wanted. */
  readonly everyMs: number;
  /** Shows where the batch stands. */
  show(view: BatchView): void;
  /** Says something beside it, on a line of its own. */
  say(text: string): void;
  /** The last thing that is said; `fields` are what it says as data. */
  end(summary: string, fields: object): void;
}

/** Stderr, or what stands for it. */
export type ProgressStream = Writable & { readonly isTTY?: boolean };

/** A bar on a terminal, lines now and then in a pipe, JSON or nothing if so asked. */
export function batchProgress(flags: BatchFlags, stream: ProgressStream): BatchProgress {
  if (flags.jsonProgress === true) return new JsonProgress(stream);
  if (flags.quiet === true) return new NoProgress();
  return stream.isTTY === true ? new BarProgress(stream) : new LineProgress(stream);
}

class NoProgress implements BatchProgress {
  readonly everyMs = Number.POSITIVE_INFINITY;
  show(): void {}
  say(): void {}
  end(): void {}
}

class JsonProgress implements BatchProgress {
  readonly everyMs = 1_000;
  readonly #stream: ProgressStream;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  show(view: BatchView): void {
    this.#write({ type: "progress", ...view });
  }

  say(text: string): void {
    this.#write({ type: "note", text });
  }

  end(_summary: string, fields: object): void {
    this.#write({ type: "summary", ...fields });
  }

  #write(value: object): void {
    this.#stream.write(`${JSON.stringify(value)}\n`);
  }
}

/** Lines of a log: the first after five seconds, then after ever longer times, up to a minute. */
class LineProgress implements BatchProgress {
  readonly everyMs = 1_000;
  readonly #stream: ProgressStream;
  #pauseMs = 5_000;
  #nextMs = this.#pauseMs;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
  }

  show(view: BatchView): void {
    if (view.elapsedMs < this.#nextMs) return;
    this.#pauseMs = Math.min(2 * this.#pauseMs, 60_000);
    this.#nextMs = view.elapsedMs + this.#pauseMs;
    this.say(progressText(view));
  }

  say(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  end(summary: string): void {
    this.#stream.write(summary);
  }
}

class BarProgress implements BatchProgress {
  readonly everyMs = 100;
  readonly #stream: ProgressStream;
  readonly #update: ReturnType<typeof createLogUpdate>;

  constructor(stream: ProgressStream) {
    this.#stream = stream;
    // Hiding the cursor would leave it hidden after a SIGKILL.
    this.#update = createLogUpdate(stream, { showCursor: true });
  }

  show(view: BatchView): void {
    this.#update(`${bar(view, 24)}${progressText(view)}`);
  }

  say(text: string): void {
    this.#update.clear();
    this.#stream.write(`${text}\n`);
  }

  end(summary: string): void {
    this.#update.clear();
    this.#update.done();
    this.#stream.write(summary);
  }
}

/** `████░░░░ `, or nothing when the total is unknown. */
export function bar({ done, total }: BatchView, width: number): string {
  if (total === undefined || total === 0) return "";
  const filled = Math.floor(Math.min(1, done / total) * width);
  return `${"█".repeat(filled)}${"░".repeat(width - filled)} `;
}

const PHASES: Readonly<Record<BatchPhase, readonly string[]>> = {
  running: [],
  finishing: ["finishing what is running"],
  stopping: ["stopping"],
};

const LIMITS = { rate_limit: "rate limit", overloaded: "API overloaded" } as const;

/** `412 of 1,000  41%  3 failed  4 running  16.8/s  ETA 35 s  $0.8213`. */
export function progressText(view: BatchView): string {
  const { total, done, failed, running, perSecond, etaMs, costUsd, limited, phase } = view;
  return [
    total === undefined ? `${count(done)} done` : `${count(done)} of ${count(total)}`,
    ...(total === undefined || total === 0 ? [] : [`${Math.floor((100 * done) / total)}%`]),
    ...(failed === 0 ? [] : [`${count(failed)} failed`]),
    `${count(running)} running`,
    pace(perSecond),
    ...(etaMs === undefined ? [] : [`ETA ${duration(etaMs)}`]),
    dollars(costUsd),
    ...(limited === undefined ? [] : [`${LIMITS[limited.kind]}: waiting ${duration(limited.waitMs)}`]),
    ...PHASES[phase],
  ].join("  ");
}
