import type { BatchPhase } from "./batch-view.js";
import type { InterruptKey } from "./interrupt-key.js";

/** What a running batch can be asked for. */
export interface Stoppable {
  finish(): void;
}

/** Brings a batch to its end before its time: by Ctrl+C, by SIGTERM, or because its outcomes cannot be kept. */
export class BatchStop {
  readonly #abort = new AbortController();
  #phase: BatchPhase = "running";
  #by: "SIGINT" | "SIGTERM" | undefined;

  /** Fires when what runs is to be ended. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  get phase(): BatchPhase {
    return this.#phase;
  }

  /** The signal of the system that asked for it. */
  get by(): "SIGINT" | "SIGTERM" | undefined {
    return this.#by;
  }

  /** Listens to both signals; the returned function takes the listeners away. */
  listen(batch: Stoppable, key: InterruptKey, say: (text: string) => void): () => void {
    const terminate = (): void => {
      this.#by ??= "SIGTERM";
      say("stopping now: what runs is ended, and not recorded");
      this.stop();
    };
    key.onPresses(
      () => {
        this.#by ??= "SIGINT";
        say("finishing what is running; Ctrl+C once more stops now");
        this.finish(batch);
      },
      () => {
        say("stopping now: what runs is ended, and not recorded");
        this.stop();
      },
    );
    process.on("SIGTERM", terminate);
    return () => {
      key.onPresses();
      process.off("SIGTERM", terminate);
    };
  }

  /** Begins no further prompt. */
  finish(batch: Stoppable): void {
    if (this.#phase === "running") this.#phase = "finishing";
    batch.finish();
  }

  /** Ends what runs. */
  stop(): void {
    this.#phase = "stopping";
    this.#abort.abort();
  }
}
