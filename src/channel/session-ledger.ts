/**
 * What both threads must know at any moment, in shared memory: it can be read while the other side's event
 * loop is blocked, and by an exit handler that can await nothing.
 *
 * The worker writes the life of the child and the counters; the main thread writes what it has consumed.
 * Each word has one writer, except the two doorbell words, which are exchanged atomically.
 */

/** The child's life, in the order it goes through it. */
const Lifecycle = { starting: 0, running: 1, exited: 2 } as const;

const Word = {
  lifecycle: 0,
  pid: 1,
  /** 1 while a consumer sleeps and wants the worker to ring. */
  consumerAsleep: 2,
  /** 1 while the worker wants to be told when unread bytes fall to `creditBelow`. */
  producerWaits: 3,
  creditBelow: 4,
  /** Running totals modulo 2^32; their difference is what lies unread. */
  postedBytes: 5,
  consumedBytes: 6,
  paused: 7,
  /** 1 once the worker is about to spawn. */
  spawnAnnounced: 8,
  /** 1 once the process is ending: nothing may be spawned any more. */
  spawnForbidden: 9,
} as const;

const Counter = {
  frames: 0,
  bytes: 1,
  malformed: 2,
  oversized: 3,
  pauses: 4,
  stderrBytes: 5,
  undelivered: 6,
} as const;
type CounterName = keyof typeof Counter;

const COUNTERS_AT = 64;
const LEDGER_BYTES = COUNTERS_AT + 8 * Object.keys(Counter).length;

/** A view on the shared memory of one session; either thread makes its own from the same buffer. */
export class SessionLedger {
  readonly buffer: SharedArrayBuffer;
  readonly #words: Int32Array;
  readonly #counters: BigInt64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(LEDGER_BYTES)) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, COUNTERS_AT / 4);
    this.#counters = new BigInt64Array(buffer, COUNTERS_AT);
  }

  // The child's life: written by the worker.

  /** Announces a spawn; false when it must not happen. Announced first, so that one of both sides sees the other. */
  announceSpawn(): boolean {
    Atomics.store(this.#words, Word.spawnAnnounced, 1);
    return Atomics.load(this.#words, Word.spawnForbidden) === 0;
  }

  /** Main: this process is ending. */
  forbidSpawn(): void {
    Atomics.store(this.#words, Word.spawnForbidden, 1);
  }

  /** True between the announcement of a spawn and its child's pid. */
  get spawning(): boolean {
    const starting = Atomics.load(this.#words, Word.lifecycle) === Lifecycle.starting;
    return starting && Atomics.load(this.#words, Word.spawnAnnounced) === 1;
  }

  started(pid: number): void {
    Atomics.store(this.#words, Word.pid, pid);
    Atomics.store(this.#words, Word.lifecycle, Lifecycle.running);
  }

  exited(): void {
    Atomics.store(this.#words, Word.lifecycle, Lifecycle.exited);
  }

  /** True from the moment the child was started until its exit was seen. */
  get alive(): boolean {
    return Atomics.load(this.#words, Word.lifecycle) === Lifecycle.running;
  }

  /** The child's process id while it lives. */
  get pid(): number | undefined {
    return this.alive ? Atomics.load(this.#words, Word.pid) : undefined;
  }

  /** The child's process id, also after its end; undefined when it was never started, or not by us. */
  get lastPid(): number | undefined {
    return Atomics.load(this.#words, Word.pid) || undefined;
  }

  // Credits.

  /** Worker: a batch of this weight is about to be posted. */
  posted(weight: number): void {
    Atomics.add(this.#words, Word.postedBytes, weight | 0);
  }

  /** Main: a batch of this weight has been read. True when the worker must be told. */
  consumed(weight: number): boolean {
    Atomics.add(this.#words, Word.consumedBytes, weight | 0);
    if (Atomics.load(this.#words, Word.producerWaits) === 0) return false;
    if (this.unreadBytes > Atomics.load(this.#words, Word.creditBelow)) return false;
    return Atomics.exchange(this.#words, Word.producerWaits, 0) === 1;
  }

  /** Bytes posted and not yet consumed. */
  get unreadBytes(): number {
    const posted = Atomics.load(this.#words, Word.postedBytes);
    return (posted - Atomics.load(this.#words, Word.consumedBytes)) >>> 0;
  }

  /**
   * Worker: asks to be told when unread bytes fall to `level`. False when they already are that low, and
   * nobody will ring: the check after the store closes the gap in which main could have missed the request.
   */
  awaitCredit(level: number): boolean {
    Atomics.store(this.#words, Word.creditBelow, level);
    Atomics.store(this.#words, Word.producerWaits, 1);
    if (this.unreadBytes > level) return true;
    return Atomics.exchange(this.#words, Word.producerWaits, 0) === 0;
  }

  // Doorbell.

  /** Main: a consumer goes to sleep; it must look at its port once more after this. */
  fallAsleep(): void {
    Atomics.store(this.#words, Word.consumerAsleep, 1);
  }

  /** Worker: true when a consumer sleeps and this caller is the one to ring. */
  takeDoorbell(): boolean {
    return Atomics.exchange(this.#words, Word.consumerAsleep, 0) === 1;
  }

  // Counters: written by the worker, for stats().

  setPaused(paused: boolean): void {
    Atomics.store(this.#words, Word.paused, paused ? 1 : 0);
  }

  get paused(): boolean {
    return Atomics.load(this.#words, Word.paused) === 1;
  }

  count(name: CounterName, amount = 1): void {
    Atomics.add(this.#counters, Counter[name], BigInt(amount));
  }

  counted(name: CounterName): number {
    return Number(Atomics.load(this.#counters, Counter[name]));
  }
}
