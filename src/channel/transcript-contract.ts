/** What main and the thread that reads transcripts say to each other; all shapes are on this page. */

import type { MessagePort } from "node:worker_threads";
import type { LargeFrame } from "./envelope.js";
import type { Answer, Fault } from "./fault.js";

/** Where sessions are looked for. */
export interface SessionPlace {
  /** The CLI's folder, absolute. */
  readonly configDir: string;
  /** A project's directory, absolute; all projects when absent. */
  readonly dir: string | undefined;
}

/** A part of a list. */
export interface Page {
  readonly offset: number;
  /** Infinity for all. */
  readonly limit: number;
}

/** One session in a place. */
export interface SessionTarget {
  readonly place: SessionPlace;
  readonly sessionId: string;
}

/** What can be asked of the thread: lists are streamed, everything else is answered once. */
export type TranscriptCall =
  | {
      readonly kind: "list-sessions";
      readonly place: SessionPlace;
      readonly page: Page;
      readonly worktrees: boolean;
      readonly programmatic: boolean;
    }
  | ({
      readonly kind: "messages";
      /** A subagent's instead of the session's own. */
      readonly agentId: string | undefined;
      readonly page: Page;
      readonly system: boolean;
      readonly longestLine: number;
    } & SessionTarget)
  | ({ readonly kind: "list-subagents" } & SessionTarget)
  | ({ readonly kind: "info" } & SessionTarget)
  | ({
      readonly kind: "fork";
      readonly upToMessageId: string | undefined;
      readonly title: string | undefined;
      readonly longestLine: number;
    } & SessionTarget)
  | ({ readonly kind: "annotate"; readonly note: SessionNote } & SessionTarget)
  | ({ readonly kind: "archive"; readonly archived: boolean } & SessionTarget)
  | ({ readonly kind: "delete"; readonly force: boolean } & SessionTarget);

/** A line that is added to a transcript. */
export type SessionNote =
  | { readonly type: "custom-title"; readonly customTitle: string }
  | { readonly type: "tag"; readonly tag: string };

/** One call, with the port on which all that belongs to it travels. */
export interface TranscriptTask {
  readonly call: TranscriptCall;
  readonly port: MessagePort;
}

/** From the thread: a batch of a list, and at last the end. */
export type TranscriptNotice =
  | {
      readonly kind: "batch";
      /** A JSON array of the items; large ones without their leaves, see `envelope.ts`. */
      readonly text: string;
      readonly large: readonly LargeFrame[];
      /** Lines that were left out before the last of these items. */
      readonly faults: readonly Fault[];
    }
  | { readonly kind: "end"; readonly answer: Answer<unknown> };

/** From main: a batch has been read, or nobody wants the rest. */
export type TranscriptCommand = { readonly kind: "taken" } | { readonly kind: "stop" };
