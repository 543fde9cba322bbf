/**
 * Tells whose a frame is. The CLI runs queued prompts one after the other or merges them into one turn, and runs
 * turns of its own when a background task ends. So every user message leaves with a uuid: the CLI reports when it
 * starts on it (`command_lifecycle`) and names it on the turn's frames (`user_message_uuids`).
 *
 * A CLI that does neither answers messages in order, and then counting results must do.
 */

import { randomUUID } from "node:crypto";
import type { ClaudeOutput } from "../protocol/index.js";

/** The fields by which frames of a turn can be told apart; any of them may be missing. */
interface Marks {
  readonly type?: unknown;
  readonly user_message_uuid?: unknown;
  readonly user_message_uuids?: unknown;
  readonly command_uuid?: unknown;
  readonly state?: unknown;
  readonly origin?: unknown;
}

/** What a frame means for whoever reads. */
export type FrameOwner =
  /** It belongs to the turn that is being read. */
  | "turn"
  /** It is the result that ends that turn. */
  | "turn-end"
  /** It tells that the CLI has dropped that turn's message: there will be no result. */
  | "turn-cancelled"
  /** It belongs to a message sent by hand, to a turn of the CLI's own, or to no turn at all. */
  | "other"
  /** It is about a turn that was given up, or about a uuid that only the client knows. */
  | "noise";

/** A CLI that reports on no message must not make this grow for ever; one that does is never so far behind. */
const MOST_SETTLED = 1_024;

export class Conversation {
  /** User messages without a result yet, oldest first. */
  readonly #unanswered = new Set<string>();
  /** Uuids that the user knows nothing of; the CLI reports on each until it is through with it. */
  readonly #ownUuids = new Set<string>();
  /** Those of them that are settled: the last report on a message comes behind its result, or never. */
  readonly #settledOwnUuids = new Set<string>();
  /** Unanswered messages of turns that nobody wants any more. */
  readonly #abandoned = new Set<string>();
  /** True once the CLI has reported on a uuid: then it will say when it starts on a message. */
  #reports = false;
  #turn: string | undefined;
  #turnBegan = false;

  /** A user message goes out; returns the uuid to send it with. */
  messageSent(givenUuid: string | undefined): string {
    const uuid = givenUuid ?? randomUUID();
    if (givenUuid === undefined) this.#ownUuids.add(uuid);
    this.#unanswered.add(uuid);
    return uuid;
  }

  /** The message never reached the child: nothing will be heard of it. */
  messageUnsent(uuid: string): void {
    this.#settle(uuid);
    this.#settledOwnUuids.delete(uuid);
  }

  /** The CLI has given the message back before it started on it: there will be no turn. */
  messageTakenBack(uuid: string): void {
    this.#settle(uuid);
  }

  /** From now on frames are read for the turn of this message. */
  beginTurn(uuid: string): void {
    this.#turn = uuid;
    this.#turnBegan = false;
  }

  endTurn(): void {
    this.#turn = undefined;
  }

  /** Whatever still comes of this message is nobody's. */
  abandon(uuid: string): void {
    if (this.#unanswered.has(uuid)) this.#abandoned.add(uuid);
  }

  get turnRuns(): boolean {
    return this.#turn !== undefined;
  }

  /** True when nothing that was sent before the turn's message is still unanswered. */
  get turnIsNext(): boolean {
    const [oldest] = this.#unanswered;
    return this.#turn !== undefined && (oldest === undefined || oldest === this.#turn);
  }

  /** Whose the next frame is. To be called once for each frame, in order. */
  owner(frame: ClaudeOutput): FrameOwner {
    const marks: Marks = frame;
    if (marks.type === "command_lifecycle") return this.#lifecycle(marks);
    const answers = answeredBy(marks);
    if (marks.type === "result") return this.#result(marks, answers);
    if (this.#turn !== undefined && answers.includes(this.#turn)) {
      this.#begin(this.#turn);
      return "turn";
    }
    if (answers.length > 0) return this.#elsewhere(answers);
    if (this.#turn !== undefined && (this.#turnBegan || (!this.#reports && this.turnIsNext))) return "turn";
    return this.#elsewhere([...this.#unanswered].slice(0, 1));
  }

  #lifecycle({ command_uuid: uuid, state }: Marks): FrameOwner {
    if (typeof uuid !== "string") return "other";
    if (!this.#ownUuids.has(uuid) && !this.#settledOwnUuids.has(uuid)) return "other";
    this.#reports = true;
    if (state === "queued") return "noise";
    if (state === "started") {
      this.#begin(uuid);
      return "noise";
    }
    const unanswered = this.#unanswered.has(uuid);
    this.#settle(uuid);
    this.#settledOwnUuids.delete(uuid);
    return unanswered && uuid === this.#turn ? "turn-cancelled" : "noise";
  }

  #result(marks: Marks, answers: readonly string[]): FrameOwner {
    const turn = this.#turn;
    if (answers.length > 0) {
      const owner = this.#endsTurn(answers) ? "turn-end" : this.#elsewhere(answers);
      for (const uuid of answers) this.#answer(uuid);
      return owner;
    }
    // One result belongs to each turn: one of the CLI's own turns must not be taken for it.
    if (startedItself(marks) || (this.#reports && !this.#turnBegan)) return "other";
    const [oldest] = this.#unanswered;
    if (oldest === undefined) return "other";
    const owner = oldest === turn ? "turn-end" : this.#elsewhere([oldest]);
    this.#settle(oldest);
    return owner;
  }

  /** True for a result of the turn's own message, or of one behind it that was merged into the same turn. */
  #endsTurn(answers: readonly string[]): boolean {
    const turn = this.#turn;
    if (turn === undefined || answers.includes(turn)) return turn !== undefined;
    const waiting = [...this.#unanswered];
    const place = waiting.indexOf(turn);
    return place !== -1 && answers.some((uuid) => waiting.indexOf(uuid) > place);
  }

  /** The CLI has started on a message; messages are started in order, so older ones have been dealt with. */
  #begin(uuid: string): void {
    if (uuid === this.#turn) this.#turnBegan = true;
    for (const older of this.#unanswered) {
      if (older === uuid) return;
      // A turn that has begun goes on: this message is merged into it, and the result will tell.
      if (older !== this.#turn || !this.#turnBegan) this.#settle(older);
    }
  }

  #answer(uuid: string): void {
    if (this.#unanswered.has(uuid)) this.#begin(uuid);
    this.#settle(uuid);
  }

  /** No result of its own is to come any more: the message was answered, merged into another's turn, or dropped. */
  #settle(uuid: string): void {
    this.#unanswered.delete(uuid);
    this.#abandoned.delete(uuid);
    if (!this.#ownUuids.delete(uuid)) return;
    this.#settledOwnUuids.add(uuid);
    const [oldest] = this.#settledOwnUuids;
    if (this.#settledOwnUuids.size > MOST_SETTLED && oldest !== undefined)
      this.#settledOwnUuids.delete(oldest);
  }

  #elsewhere(answers: readonly string[]): FrameOwner {
    return answers.length > 0 && answers.every((uuid) => this.#abandoned.has(uuid)) ? "noise" : "other";
  }
}

function answeredBy(marks: Marks): readonly string[] {
  if (Array.isArray(marks.user_message_uuids)) return marks.user_message_uuids as string[];
  return typeof marks.user_message_uuid === "string" ? [marks.user_message_uuid] : [];
}

/** True for the result of a turn that no user message has started, such as one after a background task. */
function startedItself({ origin }: Marks): boolean {
  if (typeof origin !== "object" || origin === null) return false;
  const { kind } = origin as { kind?: unknown };
  return typeof kind === "string" && kind !== "human";
}
