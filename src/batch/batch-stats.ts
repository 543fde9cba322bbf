/** Why a batch takes no further prompts from its input. */
export type BatchStop = "finished" | "aborted" | "budget" | "max_prompts" | "input_error";

/** A snapshot of a batch; counts are of prompts. */
export interface BatchStats {
  /** Read from the input. */
  readonly taken: number;
  /** Ended, whatever their status. */
  readonly done: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly aborted: number;
  /** With a process now. */
  readonly running: number;
  /** Read from the input, and waiting for a process, a retry or the end of a limit. */
  readonly waiting: number;
  /** Attempts beyond the first, over all prompts. */
  readonly retries: number;
  readonly costUsd: number;
  readonly processes: {
    readonly started: number;
    readonly alive: number;
  };
  /** Present while the whole batch waits for a rate limit or an overloaded API. */
  readonly limited?: {
    readonly kind: "rate_limit" | "overloaded";
    /** When the next prompt may begin, in milliseconds since 1970. */
    readonly until: number;
  };
  /** Set once no further prompts are taken, other than by the end of the input. */
  readonly stopped?: BatchStop;
  readonly elapsedMs: number;
}
