import type { ToolApprovalHandler } from "../approvals/tool-approval.js";
import type { ClaudeCliBuilder } from "../launch/index.js";
import type { SessionPool } from "../pool/session-pool.js";
import type { ClaudeOutput } from "../protocol/index.js";

/** Which prompt a message belongs to. */
export interface BatchMessageContext {
  readonly id: string;
  readonly index: number;
  /** Counted from 1. */
  readonly attempt: number;
}

/** How often and how soon a prompt is tried again. */
export interface BatchRetryOptions {
  /** Most attempts per prompt, the first included. Default 4. */
  readonly attempts?: number;
  /** First wait in milliseconds; it doubles, with jitter. Default 1,000. */
  readonly minMs?: number;
  /** Longest wait in milliseconds, unless the API names the time of a limit's reset. Default 60,000. */
  readonly maxMs?: number;
}

/** When a process has served long enough and a fresh one takes its place; whichever comes first. */
export interface BatchRecycleOptions {
  /** Prompts per process. Default 200. */
  readonly prompts?: number;
  /** Resident memory of the process in MiB. Default 1,024. */
  readonly megabytes?: number;
}

/** Options of `runBatch`. Times are milliseconds. */
export interface BatchOptions {
  /** What every process is launched from. Default: a builder with nothing set. */
  readonly builder?: ClaudeCliBuilder;
  /** Prompts that run at the same time, each in a process of its own. Default: twice the processors, at most 8. */
  readonly concurrency?: number;
  /**
   * `"session"`: processes stay warm, each prompt has a fresh session. `"process"`: each prompt has a fresh process.
   * Default `"session"`.
   */
  readonly isolation?: "session" | "process";
  readonly retry?: BatchRetryOptions;
  /** Deadline of each attempt. Default 600,000. */
  readonly promptTimeoutMs?: number;
  /** How long a process may say nothing while a prompt runs. Default 300,000. */
  readonly stallMs?: number;
  /** US dollars, all attempts included; once spent, no further prompt is begun. Default: no limit. */
  readonly maxBudgetUsd?: number;
  /** Most prompts to read from the input. Default: all. */
  readonly maxPrompts?: number;
  readonly recycle?: BatchRecycleOptions;
  /** Order of the outcomes: as prompts end, or as the input has them. Default `"completion"`. */
  readonly order?: "completion" | "input";
  /** Whether outcomes carry all their messages. Default false: then hardly anything crosses to this thread. */
  readonly transcript?: boolean;
  /** Called with every message as it arrives. */
  readonly onMessage?: (message: ClaudeOutput, context: BatchMessageContext) => void;
  /** Decides about tools that no rule covers. Without it they are denied. */
  readonly onToolApproval?: ToolApprovalHandler;
  /** Stops the batch at once; unfinished prompts have the status `aborted`. */
  readonly signal?: AbortSignal;
  /** The threads to run in. Default: the pool shared by all clients. */
  readonly pool?: SessionPool;
}
