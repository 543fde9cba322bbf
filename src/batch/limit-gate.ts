/**
 * Slows the whole batch down while the API refuses work: no prompt begins before the limit's end. Then one alone may
 * run, or half as many as before where the CLI was content to wait a little; each success lets twice as many.
 */

/** Which refusal the batch waits for. */
export type LimitKind = "rate_limit" | "overloaded";

/** How long to wait when the API does not say; milliseconds. */
export interface GateBackoff {
  readonly minMs: number;
  readonly maxMs: number;
}

interface Waiting {
  readonly letIn: () => void;
}

export class LimitGate {
  readonly #backoff: GateBackoff;
  readonly #waiting = new Set<Waiting>();
  #inside = 0;
  /** How many may be inside. */
  #width = Number.POSITIVE_INFINITY;
  /** Refusals without a success in between. */
  #refusals = 0;
  #until = 0;
  #kind: LimitKind = "rate_limit";
  #timer: NodeJS.Timeout | undefined;

  constructor(backoff: GateBackoff) {
    this.#backoff = backoff;
  }

  /** What is waited for, and until when in milliseconds since 1970; undefined while prompts may begin. */
  get limited(): { readonly kind: LimitKind; readonly until: number } | undefined {
    return this.#until > Date.now() ? { kind: this.#kind, until: this.#until } : undefined;
  }

  /**
   * Waits until a prompt may begin; the returned function tells that it is over.
   * @throws the signal's reason
   */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    const now = Date.now();
    if (!this.#isOpen(now)) await this.#wait(signal, now);
    else this.#inside += 1;
    let left = false;
    return () => {
      if (left) return;
      left = true;
      this.#inside -= 1;
      this.#letIn();
    };
  }

  /** The CLI was refused and tries again by itself after so many milliseconds. */
  retrying(kind: LimitKind, afterMs: number): void {
    this.#hold(kind, Date.now() + afterMs, Math.max(1, Math.floor(this.#inside / 2)));
  }

  /** A prompt failed by a limit; `resetAt` (milliseconds since 1970) is its end where the API has told it. */
  refused(kind: LimitKind, resetAt: number | undefined): void {
    const { minMs, maxMs } = this.#backoff;
    const backoffMs = Math.min(maxMs, minMs * 2 ** this.#refusals * (1 + Math.random()));
    this.#refusals += 1;
    this.#hold(kind, resetAt ?? Date.now() + backoffMs, 1);
  }

  /** A prompt got its answer. */
  succeeded(): void {
    this.#refusals = 0;
    if (this.limited !== undefined) return;
    this.#width *= 2;
    this.#letIn();
  }

  #hold(kind: LimitKind, until: number, width: number): void {
    this.#width = Math.min(this.#width, width);
    if (until <= this.#until) return;
    this.#kind = kind;
    this.#until = until;
  }

  #isOpen(now: number): boolean {
    return this.#until <= now && this.#inside < this.#width;
  }

  #wait(signal: AbortSignal, now: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        this.#waiting.delete(entry);
        if (this.#waiting.size === 0) clearTimeout(this.#timer);
        reject(signal.reason);
      };
      const letIn = (): void => {
        signal.removeEventListener("abort", onAbort);
        this.#inside += 1;
        resolve();
      };
      const entry: Waiting = { letIn };
      this.#waiting.add(entry);
      signal.addEventListener("abort", onAbort, { once: true });
      this.#wakeLater(now);
    });
  }

  #letIn(): void {
    const now = Date.now();
    for (const entry of this.#waiting) {
      if (!this.#isOpen(now)) break;
      this.#waiting.delete(entry);
      entry.letIn();
    }
    this.#wakeLater(now);
  }

  /**
   * Looks again at the limit's end, or sooner: a timer cannot be longer than about 25 days. By the same clock reading
   * that has kept the door shut: a later one may say that the limit is over, and then nobody would look again.
   */
  #wakeLater(now: number): void {
    clearTimeout(this.#timer);
    if (this.#waiting.size === 0 || this.#until <= now) return;
    const delayMs = Math.min(this.#until - now + 1, LONGEST_LOOK_MS);
    this.#timer = setTimeout(() => this.#letIn(), delayMs);
  }
}

/** A machine that sleeps meanwhile stops timers: the clock is looked at again now and then. */
const LONGEST_LOOK_MS = 60_000;
