/** Tells when the child says nothing for long while a turn runs. */

import type { SessionLedger } from "../channel/session-ledger.js";
import {
  type ClaudeOutput,
  isControlRequest,
  isResult,
  isUser,
  toolResults,
  toolUses,
} from "../protocol/index.js";
import { diagnostics } from "./diagnostics.js";
import { tell } from "./listener.js";
import { Silence } from "./silence.js";

/** What is known of a turn that has come to a stand. */
export interface StallInfo {
  /** Milliseconds since the child last wrote anything. */
  readonly idleMs: number;
  /** Milliseconds since the turn began. */
  readonly turnMs: number;
  /** The last message read, as `type` or `type/subtype`; undefined when the turn has none yet. */
  readonly lastMessage: string | undefined;
  /** Names of the tools that run, as far as the messages show: a long command may be silent and well. */
  readonly tools: readonly string[];
}

/** What to watch for. */
export interface StallOptions {
  readonly stallMs?: number;
  readonly onStall?: (info: StallInfo) => void;
}

/** A model may think for long, but its CLI then says so. */
const DEFAULT_STALL_MS = 60_000;

/** How often within `stallMs` it is looked. */
const LOOKS_PER_STALL = 4;

export class StallWatch {
  readonly #stallMs: number;
  readonly #onStall: ((info: StallInfo) => void) | undefined;
  readonly #hostDecides: () => boolean;
  readonly #ledger: SessionLedger;
  #looks: NodeJS.Timeout | undefined;
  #silence: Silence | undefined;
  #turnBegan = 0;
  #told = false;
  #lastMessage: string | undefined;
  /** Names of the tools that run, by the id of the call. */
  readonly #tools = new Map<string, string>();
  /** Permission requests that came as messages and are not answered. */
  readonly #asked = new Set<string>();

  private constructor(
    ledger: SessionLedger,
    stallMs: number,
    onStall: ((info: StallInfo) => void) | undefined,
    hostDecides: () => boolean,
  ) {
    this.#ledger = ledger;
    this.#hostDecides = hostDecides;
    this.#stallMs = stallMs;
    this.#onStall = onStall;
  }

  /**
   * The watch for these options; undefined when nobody wants to be told, here or by the diagnostics channel.
   * @param hostDecides true while a handler of the host is at work
   */
  static of(
    ledger: SessionLedger,
    { stallMs, onStall }: StallOptions,
    hostDecides: () => boolean,
  ): StallWatch | undefined {
    if (onStall === undefined && !diagnostics.stall.hasSubscribers) return undefined;
    return new StallWatch(ledger, stallMs ?? DEFAULT_STALL_MS, onStall, hostDecides);
  }

  /** A turn begins. */
  begin(): void {
    this.end();
    this.#turnBegan = performance.now();
    this.#silence = new Silence(() => this.#ledger.counted("bytes"));
    this.#looks = setInterval(() => this.#look(), Math.max(1, this.#stallMs / LOOKS_PER_STALL));
    this.#looks.unref();
  }

  /** The turn, or the session, is over. */
  end(): void {
    clearInterval(this.#looks);
    this.#silence = undefined;
    this.#told = false;
    this.#lastMessage = undefined;
    this.#tools.clear();
    this.#asked.clear();
  }

  /** A message has reached this thread. */
  see(message: ClaudeOutput): void {
    const { subtype } = message as { subtype?: unknown };
    if (isControlRequest(message)) {
      if (message.request.subtype === "can_use_tool") this.#asked.add(message.request_id);
      return;
    }
    this.#lastMessage = typeof subtype === "string" ? `${message.type}/${subtype}` : message.type;
    for (const { id, name } of toolUses(message)) this.#tools.set(id, name);
    if (isUser(message)) for (const { tool_use_id: id } of toolResults(message)) this.#tools.delete(id);
    if (isResult(message)) this.#tools.clear();
  }

  /** The host has answered a permission request, or the CLI has withdrawn it. */
  answered(requestId: string): void {
    this.#asked.delete(requestId);
  }

  #look(): void {
    const silence = this.#silence;
    if (silence === undefined) return;
    // Then others are waited for: whoever decides, or whoever reads.
    const othersAct = this.#asked.size > 0 || this.#hostDecides() || this.#ledger.unreadBytes > 0;
    if (othersAct) silence.restart();
    const idleMs = silence.lasted();
    if (idleMs < this.#stallMs) {
      this.#told = false;
      return;
    }
    if (this.#told) return;
    this.#told = true;
    const turnMs = performance.now() - this.#turnBegan;
    const info = { idleMs, turnMs, lastMessage: this.#lastMessage, tools: [...this.#tools.values()] };
    if (diagnostics.stall.hasSubscribers)
      diagnostics.stall.publish({ pid: this.#ledger.lastPid, stall: info });
    tell("onStall", this.#onStall, info);
  }
}
