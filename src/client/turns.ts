/** Runs turns one after the other: sends the prompt, hands out the stream, clears up after one that was left. */

import { setTimeout as sleep } from "node:timers/promises";
import type { ClaudeError } from "../errors.js";
import type { Limits } from "../options.js";
import type { ClaudeInput, ContentBlockInput, InterruptPayload, ResultMessage } from "../protocol/index.js";
import { userMessage } from "../protocol/index.js";
import type { InterruptOptions, QueryOptions } from "./client-options.js";
import type { ControlRequests } from "./control/control-requests.js";
import { Deadline } from "./deadline.js";
import { diagnostics } from "./diagnostics.js";
import type { MessageReader } from "./message-reader.js";
import type { StallWatch } from "./stall-watch.js";
import { ResponseStream, type TurnOwner } from "./turn.js";
import { TurnQueue } from "./turn-queue.js";

/** How long an interrupt is given to show before it is sent again; doubled each time. */
const INTERRUPT_PAUSE_MS = 250;

/** What to ask: text, or content blocks (text, images, documents). */
export type Prompt = string | readonly ContentBlockInput[];

/** What turns need of their client. */
export interface TurnsOptions {
  readonly reader: MessageReader;
  readonly limits: Limits;
  /** Sends a user message that carries this uuid. */
  sendUser(input: ClaudeInput, uuid: string): Promise<void>;
  readonly requests: ControlRequests;
  readonly stalls: StallWatch | undefined;
}

export class Turns {
  readonly #options: TurnsOptions;
  readonly #queue = new TurnQueue();
  /** The prompt that is on its way to the child. */
  #prompting: Promise<unknown> | undefined;
  /** Those who wait for earlier turns. */
  readonly #entering = new Set<Deadline>();
  /** Uuid of the turn that runs. */
  #current: string | undefined;
  #currentDeadline: Deadline | undefined;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /**
   * Interrupts the turn that runs, and gives the CLI's receipt. A prompt that is on its way reaches the child first:
   * an interrupt that overtook it would do nothing.
   */
  async interrupt({ cancelQueued, ...options }: InterruptOptions): Promise<InterruptPayload> {
    await this.#prompting?.catch(() => {});
    const turn = this.#current;
    const fields = cancelQueued === true ? { cancel_queued: true } : {};
    const receipt = await this.#options.requests.ask("interrupt", fields, options);
    if (turn !== undefined) void this.#interruptUntilOver(turn);
    return receipt;
  }

  /** The session has ended: whoever waits behind a turn that nobody reads would wait for ever. */
  sessionOver(error: ClaudeError): void {
    for (const deadline of [...this.#entering]) deadline.expire(error);
    // What is left of the running turn can be read at leisure, or never: its timer must not keep the process.
    this.#currentDeadline?.clear();
    this.#options.stalls?.end();
  }

  /** Waits for earlier turns and begins one; `what` names the call in errors. */
  begin(
    what: string,
    prompt: Prompt,
    sessionId: string | undefined,
    options: QueryOptions,
  ): Promise<ResponseStream> {
    const wasIdle = this.#queue.idle;
    const begun = this.#begin(what, prompt, sessionId, options);
    if (wasIdle) this.#prompting = begun;
    return begun;
  }

  async #begin(
    what: string,
    prompt: Prompt,
    sessionId: string | undefined,
    options: QueryOptions,
  ): Promise<ResponseStream> {
    const { reader } = this.#options;
    const message = userMessage(prompt, sessionId === undefined ? {} : { sessionId });
    const deadline = new Deadline(what, options);
    this.#entering.add(deadline);
    const leave = await this.#queue.enter(deadline).finally(() => this.#entering.delete(deadline));
    const uuid = reader.conversation.messageSent(undefined);
    reader.conversation.beginTurn(uuid);
    this.#current = uuid;
    this.#currentDeadline = deadline;
    this.#options.stalls?.begin();
    const ended = this.#publishTurn(uuid);
    const turnOver: TurnOwner["turnOver"] = (leftEarly, result) => {
      this.#options.stalls?.end();
      ended?.(result);
      const settled = leftEarly ? this.#discard(uuid) : Promise.resolve();
      void settled.finally(() => {
        this.#current = undefined;
        reader.endTurn();
        leave();
      });
    };
    try {
      await deadline.race(this.#options.sendUser({ ...message, uuid }, uuid));
    } catch (error) {
      deadline.clear();
      // When only the wait has ended, the line is still on its way, and its turn is left like any other.
      turnOver(deadline.error !== undefined, undefined);
      throw error;
    }
    return new ResponseStream({ reader, turnOver }, deadline);
  }

  /** Tells of a turn's beginning; gives what tells of its end, if anybody listens. */
  #publishTurn(id: string): ((result: ResultMessage | undefined) => void) | undefined {
    if (!diagnostics.turn.hasSubscribers) return undefined;
    const began = performance.now();
    const { pid } = this.#options.reader;
    diagnostics.turn.publish({ pid, id, kind: "began" });
    return (result) => {
      const durationMs = performance.now() - began;
      diagnostics.turn.publish({ pid, id, kind: "ended", durationMs, ...(result && { result }) });
    };
  }

  /** Ends a turn that nobody reads any more, so that the next one finds nothing of it. */
  async #discard(uuid: string): Promise<void> {
    const { reader, limits } = this.#options;
    const { conversation } = reader;
    // While another message's turn runs, an interrupt would hit that one.
    if (!conversation.turnIsNext && (await this.#takeBack(uuid))) {
      conversation.messageTakenBack(uuid);
      return;
    }
    const deadline = new Deadline("Discarding a turn", { timeoutMs: limits.requestTimeoutMs });
    let interrupted = false;
    while (deadline.error === undefined && reader.closeIfDrained() === undefined) {
      if (!interrupted && conversation.turnIsNext) {
        interrupted = true;
        void this.#interruptUntilOver(uuid, 0);
      }
      const entry = reader.pollTurn();
      if (entry === undefined) await reader.wait(deadline);
      else if (entry === "cancelled" || entry.last) break;
    }
    deadline.clear();
    conversation.abandon(uuid);
  }

  /**
   * Interrupts again while the turn goes on: the CLI (2.1.330) acknowledges an interrupt that comes while it is
   * starting on a prompt, and runs that prompt all the same.
   */
  async #interruptUntilOver(turn: string, firstPauseMs = INTERRUPT_PAUSE_MS): Promise<void> {
    const { requests, limits } = this.#options;
    const deadline = performance.now() + limits.requestTimeoutMs;
    for (
      let pauseMs = firstPauseMs;
      performance.now() < deadline;
      pauseMs = 2 * pauseMs || INTERRUPT_PAUSE_MS
    ) {
      if (pauseMs > 0) await sleep(pauseMs, undefined, { ref: false });
      if (this.#current !== turn) return;
      // Whether it worked shows in the frames.
      await requests.send("interrupt", {}, {}).catch(() => {});
    }
  }

  /** Takes back a message that the CLI has not started on; tells whether that worked. */
  async #takeBack(uuid: string): Promise<boolean> {
    const fields = { message_uuid: uuid };
    // A CLI that does not know the request runs the message, and it is interrupted then.
    const answer = await this.#options.requests
      .ask("cancel_async_message", fields, {})
      .catch(() => undefined);
    return answer?.cancelled === true;
  }
}
