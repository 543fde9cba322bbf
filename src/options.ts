/** Limits and defaults of a session, in one place; {@link resolveLimits} turns what a user gave into all of them. */

import { InvalidArgumentError } from "./errors.js";

/** How long each step of the close ladder may take. */
export interface ShutdownOptions {
  /** Milliseconds between closing stdin and SIGTERM. Default 3,000. */
  readonly graceMs?: number;
  /** Milliseconds between SIGTERM and SIGKILL, both to the whole process tree. Default 2,000. */
  readonly termMs?: number;
}

/** Limits of one session. Sizes are bytes, times milliseconds. */
export interface LimitOptions {
  /**
   * Bytes that may wait, decoded but unread, before the child's stdout is paused. They lie outside the JS heap.
   * Default 64 MiB. One frame that is larger than this still passes.
   */
  readonly highWaterMark?: number;
  /** Longest frame that is accepted; a longer one is reported and skipped. Default 256 MiB, at most 511 MiB. */
  readonly maxFrameBytes?: number;
  /**
   * Whether large strings and subtrees stay bytes until they are first touched. Default true; with false every
   * message is made of plain values, and the main thread pays for all of them at once.
   */
  readonly lazy?: boolean;
  /** Deadline of a control request, of a write to a child that does not read, and of an interrupt. Default 60,000. */
  readonly requestTimeoutMs?: number;
  /** Deadline for a thread to take the session and start the child. Default 30,000. */
  readonly spawnTimeoutMs?: number;
  /** The close ladder's waits, also used when the client is disposed. */
  readonly shutdown?: ShutdownOptions;
}

/** {@link LimitOptions} with every field present: hot code reads fields and knows no defaults. */
export interface Limits {
  readonly highWaterMark: number;
  readonly maxFrameBytes: number;
  readonly lazy: boolean;
  readonly requestTimeoutMs: number;
  readonly spawnTimeoutMs: number;
  readonly shutdown: Required<ShutdownOptions>;
}

const MiB = 1024 * 1024;

/** V8 strings end near 2^29 characters; a frame must fit into one together with a batch of small ones. */
const LARGEST_FRAME_BYTES = 511 * MiB;

/** The defaults that {@link LimitOptions} documents. */
export const DEFAULT_LIMITS: Limits = {
  highWaterMark: 64 * MiB,
  maxFrameBytes: 256 * MiB,
  lazy: true,
  requestTimeoutMs: 60_000,
  spawnTimeoutMs: 30_000,
  shutdown: { graceMs: 3_000, termMs: 2_000 },
};

/** setTimeout fires at once for anything longer (2^31 - 1 ms, about 24.8 days). */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** @throws InvalidArgumentError unless `value` is a whole number of bytes from 1 to `most`. */
function bytes(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new InvalidArgumentError(`${name} must be a whole number of bytes from 1 to ${most}, got ${value}.`);
}

/** @throws InvalidArgumentError unless `value` is a duration that a timer can hold. */
export function milliseconds(name: string, value: number): number {
  if (Number.isFinite(value) && value >= 0 && value <= LONGEST_TIMEOUT_MS) return value;
  throw new InvalidArgumentError(`${name} must be 0 to ${LONGEST_TIMEOUT_MS} milliseconds, got ${value}.`);
}

/**
 * Fills in the defaults of the close ladder.
 * @throws InvalidArgumentError for an impossible duration.
 */
export function resolveShutdown(
  given: ShutdownOptions = {},
  base = DEFAULT_LIMITS.shutdown,
): Required<ShutdownOptions> {
  return {
    graceMs: milliseconds("shutdown.graceMs", given.graceMs ?? base.graceMs),
    termMs: milliseconds("shutdown.termMs", given.termMs ?? base.termMs),
  };
}

/**
 * Checks what the user gave and fills in the defaults.
 * @throws InvalidArgumentError for a value that cannot work.
 */
export function resolveLimits(given: LimitOptions): Limits {
  const base = DEFAULT_LIMITS;
  return {
    highWaterMark: bytes("highWaterMark", given.highWaterMark ?? base.highWaterMark, 2 ** 31 - 1),
    maxFrameBytes: bytes("maxFrameBytes", given.maxFrameBytes ?? base.maxFrameBytes, LARGEST_FRAME_BYTES),
    lazy: given.lazy ?? base.lazy,
    requestTimeoutMs: milliseconds("requestTimeoutMs", given.requestTimeoutMs ?? base.requestTimeoutMs),
    spawnTimeoutMs: milliseconds("spawnTimeoutMs", given.spawnTimeoutMs ?? base.spawnTimeoutMs),
    shutdown: resolveShutdown(given.shutdown),
  };
}
