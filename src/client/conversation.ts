/**
 * Tells whose a frame is. The CLI runs queued prompts one after the other, or merges them into one turn, and may
 * run turns of its own when a background task ends; a result names the user messages it answers. So every user
 * message that leaves a client carries a uuid.
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
  /** It belongs to the turn that is being read, or to nobody in particular. */
  | "turn"
  /** It is the result that ends that turn. */
  | "turn-end"
  /** It belongs to a message that was sent by hand before. */
  | "other"
  /** It only acknowledges a uuid that the client itself has put on a message. */
  | "noise";

export class Conversation {
  /** User messages without a result yet, oldest first. */
  readonly #unanswered = new Set<string>();
  /** Uuids that the user knows nothing of; the CLI reports on each of them until it is through with it. */
  readonly #ownUuids = new Set<string>();
  #turn: string | undefined;

  /** A user message goes out; returns the uuid to send it with. */
  messageSent(givenUuid: string | undefined): string {
    const uuid = givenUuid ?? randomUUID();
    if (givenUuid === undefined) this.#ownUuids.add(uuid);
    this.#unanswered.add(uuid);
    return uuid;
  }

  /** The message never reached the child. */
  messageLost(uuid: string): void {
    this.#unanswered.delete(uuid);
    this.#ownUuids.delete(uuid);
  }

  /** From now on frames are read for the turn of this message. */
  beginTurn(uuid: string): void {
    this.#turn = uuid;
  }

  endTurn(): void {
    this.#turn = undefined;
  }

  get turnRuns(): boolean {
    return this.#turn !== undefined;
  }

  /** Whose the next frame is. To be called once for each frame, in order. */
  owner(frame: ClaudeOutput): FrameOwner {
    const marks: Marks = frame;
    if (marks.type === "command_lifecycle") return this.#lifecycle(marks);
    const answered = answeredBy(marks);
    if (marks.type === "result") return this.#result(marks, answered);
    if (this.#turn === undefined) return "other";
    if (answered.includes(this.#turn)) this.#answerOlder(this.#turn);
    else if (answered.length > 0) return "other";
    return this.#turnIsNext() ? "turn" : "other";
  }

  #lifecycle(marks: Marks): FrameOwner {
    const uuid = marks.command_uuid;
    if (typeof uuid !== "string" || !this.#ownUuids.has(uuid)) return this.#turnIsNext() ? "turn" : "other";
    const { state } = marks;
    if (state !== "queued" && state !== "started") {
      this.#ownUuids.delete(uuid);
      this.#unanswered.delete(uuid);
    }
    return "noise";
  }

  #result(marks: Marks, answered: readonly string[]): FrameOwner {
    const turn = this.#turn;
    for (const uuid of answered) {
      if (this.#unanswered.has(uuid)) this.#answerOlder(uuid);
      this.#unanswered.delete(uuid);
    }
    if (turn !== undefined && answered.includes(turn)) return "turn-end";
    // One result belongs to each turn: that of another, or of the CLI's own, would be mistaken for it.
    if (answered.length > 0 || startedItself(marks)) return "other";
    // A CLI that names no messages answers them in order.
    const [oldest] = this.#unanswered;
    if (oldest !== undefined) this.#unanswered.delete(oldest);
    return oldest !== undefined && oldest === turn ? "turn-end" : "other";
  }

  /** True when nothing that was sent before the turn's message is still unanswered. */
  #turnIsNext(): boolean {
    const [oldest] = this.#unanswered;
    return this.#turn !== undefined && (oldest === undefined || oldest === this.#turn);
  }

  /** Messages are answered in order, so whatever is older than this one has been dealt with. */
  #answerOlder(uuid: string): void {
    for (const older of this.#unanswered) {
      if (older === uuid) return;
      this.#unanswered.delete(older);
    }
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
