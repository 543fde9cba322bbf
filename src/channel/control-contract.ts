/**
 * What the two threads say to each other beside the data: calls from main over Comlink on the control port, and
 * notices on the notice port. All shapes of both are on this page.
 */

import type { MessagePort } from "node:worker_threads";
import type { ExitStatus } from "../errors.js";
import type { SpawnableLaunch } from "../launch/launch-spec.js";
import type { Limits, ShutdownOptions } from "../options.js";
import type { FrameBatch } from "./envelope.js";
import type { Answer } from "./fault.js";

/** The task that a thread takes on: one session, from spawn to exit. */
export interface SessionTask {
  readonly child: ChildSource;
  readonly limits: Limits;
  readonly ledger: SharedArrayBuffer;
  readonly dataPort: MessagePort;
  readonly controlPort: MessagePort;
  readonly noticePort: MessagePort;
  /** Whether permission requests go to main as notices; otherwise they are messages like any other. */
  readonly approvals: boolean;
  /** Names of the messages to hand over, see `deliveryTest`. Default: all. */
  readonly deliver?: readonly string[] | undefined;
}

/** Where the child comes from: spawned by the worker, or by the caller, whose thread then relays its bytes. */
export type ChildSource =
  | { readonly spawn: SpawnableLaunch }
  | { readonly relay: MessagePort; readonly pid: number | undefined };

/**
 * The calls that main makes. Each answers with data, since a thrown error would lose its class and fields.
 * After the session's end they are never answered: the caller races them against that end.
 */
export interface SessionControl {
  /** Answers once the child runs, or with the reason why it does not. */
  opened(): Promise<Answer<{ pid: number | undefined }>>;
  /**
   * Writes one encoded line; answers when the child's pipe has taken it. `answeredId` is the request of the child's
   * that the line answers.
   */
  write(line: string, answeredId?: string): Promise<Answer<void>>;
  /** Writes the encoded line of a control request, and answers with the response's payload. */
  request(requestId: string, subtype: string, line: string, timeoutMs: number): Promise<Answer<unknown>>;
  /** The caller has given up: withdraws the request from the CLI, and forgets it. */
  abandon(requestId: string): Promise<Answer<void>>;
  /** The next piece of stderr, or null after the last. */
  readStderr(): Promise<Answer<string | null>>;
  /** Begins the close ladder. The session's end is the answer. */
  shutdown(options: Required<ShutdownOptions>): Promise<Answer<void>>;
}

/** What the worker tells main unasked. */
export type WorkerNotice =
  /** Data waits for a consumer that sleeps. */
  | { readonly kind: "data" }
  /** A permission request, as a batch of one frame. */
  | { readonly kind: "approval"; readonly requestId: string; readonly batch: FrameBatch }
  /** The CLI has withdrawn a request that it had sent. */
  | { readonly kind: "approval-cancelled"; readonly requestId: string };

/** What main tells the worker unasked: it has read down to the level that the worker asked for. */
export type MainNotice = { readonly kind: "credit" };

/** From main to the worker, for a child that the caller spawned. */
export type RelayEvent =
  | { readonly kind: "stdout"; readonly bytes: ArrayBuffer }
  | { readonly kind: "stderr"; readonly text: string }
  | { readonly kind: "written"; readonly id: number; readonly error?: string }
  | ({ readonly kind: "ended" } & ExitStatus);

/** From the worker to main, for a child that the caller spawned. */
export type RelayCommand =
  | { readonly kind: "write"; readonly id: number; readonly line: string }
  | { readonly kind: "pause"; readonly paused: boolean }
  /** So many bytes of stdout have been dealt with. */
  | { readonly kind: "taken"; readonly bytes: number }
  | { readonly kind: "end-stdin" };
