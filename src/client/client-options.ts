import type { ClaudeError } from "../errors.js";
import type { ClaudeCliBuilder } from "../launch/index.js";
import type { LimitOptions } from "../options.js";
import type { SessionPool } from "../pool/session-pool.js";
import type { WaitOptions } from "./deadline.js";
import type { HostOptions } from "./host-options.js";
import type { StallInfo } from "./stall-watch.js";

/** Options of a client, beside the limits of its session. */
export interface ClientOptions extends LimitOptions, HostOptions {
  /** The threads to run in. Default: a pool shared by all clients of this thread that name none. */
  readonly pool?: SessionPool;
  /**
   * What `withDefaults`, `withModel` and the `resumeSession`s start from and add to: the place for a working
   * directory, an environment, a binary. Default: a builder with nothing set.
   */
  readonly builder?: ClaudeCliBuilder;
  /** Ends the client by its close ladder; while it is being opened, makes that fail. */
  readonly signal?: AbortSignal;
  /**
   * Told of a line that was skipped because it is no message, or too long, while a turn was read. Outside of turns
   * `receive()` rejects with it instead. Both count in `stats()`.
   */
  readonly onFault?: (fault: ClaudeError) => void;
  /**
   * Which messages to hand over: a `type`, a `type/subtype` such as `system/init`, or `assistant/tool_use` for assistant
   * messages that call a tool. All others are counted and dropped in the worker thread. Results and control requests
   * always come, and at once; what is picked may be held back for 20 ms. Default: everything.
   */
  readonly deliver?: readonly string[];
  /**
   * Milliseconds of silence in a turn after which `onStall` is told; default 60,000. While a permission waits for the
   * host, or messages for their reader, the child is not the one that keeps silent.
   */
  readonly stallMs?: number;
  /** Told once per silence of the child while a turn runs; what to do about it is the host's decision. */
  readonly onStall?: (info: StallInfo) => void;
}

/** How to bound one query. */
export interface QueryOptions {
  /** Interrupts the turn and ends the wait with an `AbortError`. */
  readonly signal?: AbortSignal;
  /** Interrupts the turn after so many milliseconds, waiting for earlier turns included. Default: none. */
  readonly timeoutMs?: number;
}

/** How to interrupt. */
export interface InterruptOptions extends WaitOptions {
  /** True to drop the messages that wait in the CLI as well; `cancelled` of the receipt lists them. */
  readonly cancelQueued?: boolean;
}

/** A snapshot of a client's counters. Sizes are bytes. */
export interface ClientStats {
  readonly framesReceived: number;
  readonly bytesReceived: number;
  /** Decoded and not yet read. */
  readonly bytesUnread: number;
  readonly highWaterMark: number;
  /** True while the child's stdout is paused because too much lies unread. */
  readonly paused: boolean;
  /** How often that has happened. */
  readonly pauses: number;
  /** Lines that were no message; of short ones some are found when they are read. */
  readonly malformedFrames: number;
  /** Lines over `maxFrameBytes`. */
  readonly oversizedFrames: number;
  readonly stderrBytes: number;
  /** Messages that `deliver` left out. */
  readonly undeliveredFrames: number;
  /** Messages that a query came across and that are not its own: `receive()` gives them. At most 10,000 are kept. */
  readonly unclaimedMessages: number;
  /** Those of them that were dropped because nobody called `receive()`. */
  readonly droppedMessages: number;
}
