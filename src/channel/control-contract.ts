/**
 * What the two threads say to each other beside the data: calls from main over Comlink on the control port, and
 * notices on the notice port. All shapes of both are on this page.
 */

import type { MessagePort } from "node:worker_threads";
import type { ExitStatus } from "../errors.js";
import type { HookRegistration } from "../hooks/hook-table.js";
import type { SpawnableLaunch } from "../launch/launch-spec.js";
import type { Limits, ShutdownOptions } from "../options.js";
import type { ToolPolicy } from "../policy/index.js";
import type { FrameBatch } from "./envelope.js";
import type { Answer } from "./fault.js";
import type { PackedAnswer } from "./packed-answer.js";

/** The task that a thread takes on: one session, from spawn to exit. */
export interface SessionTask {
  readonly child: ChildSource;
  readonly limits: Limits;
  readonly ledger: SharedArrayBuffer;
  readonly dataPort: MessagePort;
  readonly controlPort: MessagePort;
  readonly noticePort: MessagePort;
  /** Who answers the child's control requests. */
  readonly host: HostTask;
  /** Names of the messages to hand over, see `deliveryTest`. Default: all. */
  readonly deliver?: readonly string[] | undefined;
}

/** Who answers the child's control requests: this thread, handlers on main, or whoever reads messages. */
export interface HostTask {
  /** Subtypes that go to main as notices; all others are messages, unless this thread answers them. */
  readonly takes: readonly string[];
  /** Decides about tools in this thread, before anybody else. */
  readonly policy?: ToolPolicy | undefined;
  /** URL of the user's module that answers in this thread. */
  readonly module?: string | undefined;
  /** Milliseconds after which a tool is denied that the module has not decided about. */
  readonly approvalTimeoutMs?: number | undefined;
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
  /** Answers once policy and module are ready, or with the reason why they are not. */
  prepared(): Promise<Answer<WorkerHandlers>>;
  /**
   * Writes one encoded line; answers when the child's pipe has taken it. `answeredId` is the request of the child's
   * that the line answers.
   */
  write(line: string, answeredId?: string): Promise<Answer<void>>;
  /** Answers a request of the child's; large parts of the answer are written in the worker. */
  respond(requestId: string, answer: PackedAnswer): Promise<Answer<void>>;
  /** Writes the encoded line of a control request, and answers with the response's payload. */
  request(requestId: string, subtype: string, line: string, timeoutMs: number): Promise<Answer<unknown>>;
  /** The caller has given up: withdraws the request from the CLI, and forgets it. */
  abandon(requestId: string): Promise<Answer<void>>;
  /** The next piece of stderr, or null after the last. */
  readStderr(): Promise<Answer<string | null>>;
  /** Begins the close ladder. The session's end is the answer. */
  shutdown(options: Required<ShutdownOptions>): Promise<Answer<void>>;
}

/** What the user's module has to say in this thread. */
export interface WorkerHandlers {
  /** Its hooks, for `initialize`. */
  readonly hooks: HookRegistration;
}

/** What the worker tells main unasked. */
export type WorkerNotice =
  /** Data waits for a consumer that sleeps. */
  | { readonly kind: "data" }
  /** A control request of the CLI that main takes, as a batch of one frame. */
  | { readonly kind: "request"; readonly requestId: string; readonly batch: FrameBatch }
  /** The CLI has withdrawn a request that it had sent. */
  | { readonly kind: "request-cancelled"; readonly requestId: string }
  /** The child's stdout was paused, or goes on. */
  | { readonly kind: "paused"; readonly paused: boolean }
  /** A tool was allowed or refused in the worker. */
  | { readonly kind: "decision"; readonly decision: ToolDecision };

/** A decision about a tool that was taken in the worker thread. */
export interface ToolDecision {
  readonly requestId: string;
  readonly toolName: string;
  readonly toolUseId?: string;
  /** The subagent that asked; absent on the main thread of the conversation. */
  readonly agentId?: string;
  readonly behavior: "allow" | "deny";
  /** Who decided. */
  readonly by: "policy" | "module";
  /** The rule of the policy, as it was written; absent when none matched. */
  readonly rule?: string;
  /** Why, in words; of a refusal also what the model reads. */
  readonly reason?: string;
}

/** What main tells the worker unasked: it has read down to the level that the worker asked for. */
export type MainNotice = { readonly kind: "credit" };

/** From main to the worker, for a child that the caller spawned. */
export type RelayEvent =
  | { readonly kind: "stdout"; readonly bytes: ArrayBuffer }
  | { readonly kind: "stderr"; readonly text: string }
  | { readonly kind: "written"; readonly id: number; readonly error?: string }
  /** The child has closed its stdout and lives on. */
  | { readonly kind: "silenced" }
  | ({ readonly kind: "ended" } & ExitStatus);

/** From the worker to main, for a child that the caller spawned. */
export type RelayCommand =
  | { readonly kind: "write"; readonly id: number; readonly line: string }
  | { readonly kind: "pause"; readonly paused: boolean }
  /** So many bytes of stdout have been dealt with. */
  | { readonly kind: "taken"; readonly bytes: number }
  | { readonly kind: "end-stdin" };
