/**
 * What a client tells whoever watches the process, by `node:diagnostics_channel`. Where nobody listens nothing is
 * made or told.
 */

import { type Channel, channel } from "node:diagnostics_channel";
import type { ToolDecision } from "../channel/control-contract.js";
import type { ClaudeError, ExitStatus } from "../errors.js";
import type { ClaudeOutput, ResultMessage } from "../protocol/index.js";
import type { StallInfo } from "./stall-watch.js";

/** Which client an event is of. */
export interface ClientEvent {
  /** The child's process id, also after its end; undefined when it never ran. */
  readonly pid: number | undefined;
}

/** On `claude-offthread:process`: a child has started, or has ended. */
export type ProcessEvent = ClientEvent &
  ({ readonly kind: "started" } | ({ readonly kind: "ended"; readonly error: ClaudeError } & ExitStatus));

/** On `claude-offthread:frame`: a message was read, by a turn or by `receive()`. */
export interface FrameEvent extends ClientEvent {
  readonly message: ClaudeOutput;
}

/** On `claude-offthread:turn`: a prompt goes out, or its turn is over; both have the same `id`. */
export type TurnEvent = ClientEvent & { readonly id: string } & (
    | { readonly kind: "began" }
    | {
        readonly kind: "ended";
        readonly durationMs: number;
        /** Absent when the turn was left early or has failed. */
        readonly result?: ResultMessage;
      }
  );

/** On `claude-offthread:control`: a control request was sent, or has come to its end; both have the same `id`. */
export type ControlEvent = ClientEvent & { readonly id: string; readonly subtype: string } & (
    | { readonly kind: "sent" }
    | { readonly kind: "ended"; readonly durationMs: number; readonly error?: unknown }
  );

/** On `claude-offthread:pause`: the child's stdout was paused because too much lies unread, or goes on. */
export interface PauseEvent extends ClientEvent {
  readonly paused: boolean;
  /** Bytes that lay unread when this was told. */
  readonly bytesUnread: number;
}

/** On `claude-offthread:stall`: the child is silent for long while a turn runs. Clients see who listens as they open. */
export interface StallEvent extends ClientEvent {
  readonly stall: StallInfo;
}

/** On `claude-offthread:decision`: a tool was allowed or refused in the worker thread. */
export interface DecisionEvent extends ClientEvent {
  readonly decision: ToolDecision;
}

/** A channel and what is told on it. */
interface TypedChannel<Event> extends Channel {
  publish(event: Event): void;
}

/** The channels; subscribe by their names, `claude-offthread:` and the key. */
export const diagnostics = {
  process: channel("claude-offthread:process") as TypedChannel<ProcessEvent>,
  frame: channel("claude-offthread:frame") as TypedChannel<FrameEvent>,
  turn: channel("claude-offthread:turn") as TypedChannel<TurnEvent>,
  control: channel("claude-offthread:control") as TypedChannel<ControlEvent>,
  pause: channel("claude-offthread:pause") as TypedChannel<PauseEvent>,
  stall: channel("claude-offthread:stall") as TypedChannel<StallEvent>,
  decision: channel("claude-offthread:decision") as TypedChannel<DecisionEvent>,
} as const;
