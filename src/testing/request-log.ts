import { InvalidStateError, TimeoutError } from "../errors.js";
import type { ModelRequest } from "./model-request.js";

/** Which request is waited for: the n-th main request (1 is the first), or the first that fits. */
export type WantedRequest = number | ((request: ModelRequest) => boolean);

interface Waiter {
  readonly look: () => void;
  readonly reject: (error: unknown) => void;
}

/** The requests that a scripted model has seen, and those who wait for one. */
export class RequestLog {
  readonly requests: ModelRequest[] = [];
  readonly #waiters = new Set<Waiter>();
  #closed = false;

  get mainRequests(): ModelRequest[] {
    return this.requests.filter((request) => request.kind === "main");
  }

  add(request: ModelRequest): void {
    this.requests.push(request);
    for (const waiter of [...this.#waiters]) waiter.look();
  }

  /** Fails everybody who waits, now and later. */
  close(): void {
    this.#closed = true;
    for (const waiter of [...this.#waiters]) waiter.reject(closedError());
  }

  async waitFor(wanted: WantedRequest, timeoutMs: number): Promise<ModelRequest> {
    const present = this.#find(wanted);
    if (present !== undefined) return present;
    if (this.#closed) throw closedError();
    let waiter: Waiter | undefined;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<ModelRequest>((resolve, reject) => {
        // A predicate is the caller's own code: what it throws is for the caller, not for the server.
        const look = () => {
          try {
            const found = this.#find(wanted);
            if (found !== undefined) resolve(found);
          } catch (error) {
            reject(error);
          }
        };
        timer = setTimeout(() => {
          const seen = `${this.mainRequests.length} main requests have come`;
          reject(new TimeoutError(`no such model request within ${timeoutMs} ms; ${seen}`, { timeoutMs }));
        }, timeoutMs);
        waiter = { look, reject };
        this.#waiters.add(waiter);
      });
    } finally {
      clearTimeout(timer);
      if (waiter !== undefined) this.#waiters.delete(waiter);
    }
  }

  #find(wanted: WantedRequest): ModelRequest | undefined {
    const { mainRequests } = this;
    return typeof wanted === "number"
      ? mainRequests[wanted - 1]
      : mainRequests.find((request) => wanted(request));
  }
}

function closedError(): InvalidStateError {
  return new InvalidStateError("the scripted model is closed");
}
