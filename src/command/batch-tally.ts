import type { BatchErrorKind, BatchOutcome } from "../batch/batch-outcome.js";

/** Failures of one kind. */
export interface FailureGroup {
  readonly kind: BatchErrorKind;
  readonly count: number;
  /** Of the first of them. */
  readonly id: string;
  readonly message: string;
  readonly retryable: boolean;
}

/** So many prompts that all fail for want of a login or a process tell that the rest would do the same. */
const HOPELESS = 5;
/** And so many in a row where others have ended in another way before: a login that has run out meanwhile. */
const HOPELESS_LATER = 25;

/** What the outcomes of this run come to. */
export class BatchTally {
  #succeeded = 0;
  #failed = 0;
  /** Failures for want of a login or a process since a prompt ended in another way. */
  #hopeless = 0;
  readonly #groups = new Map<BatchErrorKind, FailureGroup>();

  /** Counts an outcome that was recorded under this id. */
  add({ status, error }: BatchOutcome, id: string): void {
    if (status === "aborted") return;
    const { kind, message, retryable } = error ?? UNTOLD;
    this.#hopeless = kind === "auth" || kind === "launch" ? this.#hopeless + 1 : 0;
    if (status === "succeeded") {
      this.#succeeded += 1;
      return;
    }
    this.#failed += 1;
    const group = this.#groups.get(kind) ?? { kind, count: 0, id, message, retryable };
    this.#groups.set(kind, { ...group, count: group.count + 1 });
  }

  get succeeded(): number {
    return this.#succeeded;
  }

  get failed(): number {
    return this.#failed;
  }

  /** Recorded in this run. */
  get recorded(): number {
    return this.#succeeded + this.#failed;
  }

  /** The kind of failure that no further prompt can escape, if it is so. */
  get hopeless(): FailureGroup | undefined {
    if (this.#hopeless < (this.#hopeless === this.recorded ? HOPELESS : HOPELESS_LATER)) return undefined;
    return this.#groups.get("auth") ?? this.#groups.get("launch");
  }

  /** By kind, most of them first. */
  get failures(): FailureGroup[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }
}

const UNTOLD = { kind: "refused", message: "no reason was given", retryable: false } as const;
