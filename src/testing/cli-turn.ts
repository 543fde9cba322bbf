import type { Frame } from "./cli-frames.js";

/** Thrown by a step when its turn is over before its end: interrupted, or denied with `interrupt`. */
export class TurnInterrupted extends Error {}

/** What is known about the turn that runs. */
export class CliTurn {
  readonly prompt: string;
  readonly startedAt = performance.now();
  /** Tool calls that the host has denied. */
  readonly denials: Frame[] = [];
  /** The last text said, which `result` repeats. */
  text = "";
  /** Frames after its `result` may still follow, but no second result. */
  resultSent = false;
  /** True while a tool waits for the host. */
  inTool = false;
  readonly #abort = new AbortController();

  constructor(prompt: string) {
    this.prompt = prompt;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Ends the turn at the step that it is in. */
  interrupt(): void {
    this.#abort.abort();
  }
}
