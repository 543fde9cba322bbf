import * as assert from "uvu/assert";
import { Conversation, type FrameOwner } from "../../src/client/conversation.js";
import type { ClaudeOutput } from "../../src/protocol/index.js";

/** What `suite` of uvu makes, as far as plays need it. */
type Suite = (title: string, test: () => void) => void;

/** Messages by one letter: their uuids are made up as they are sent. */
export type Name = string;

/**
 * What happens, one word each:
 *   send X        sent by hand, without a uuid       given X       sent by hand with a uuid of the user's
 *   query X       sent, and its turn begins          end           the turn's reader is through with it
 *   lost X        the message never reached the child
 *   abandon X     nobody wants its turn any more
 * and the frames of the CLI, with the owner that is expected:
 *   init A,B      a frame that names the messages it answers
 *   plain         one that names none
 *   result A,B    a result that names them           last B        a result that names the last of them only
 *   result        one that names none                own           the result of a turn of the CLI's own
 *   queued A, started A, completed A, cancelled A    what it reports about a message
 */
export type Happening = readonly [what: string, owner?: FrameOwner];

/** A conversation in which such things happen, with every owner checked. */
export class Play {
  readonly conversation = new Conversation();
  readonly #uuids = new Map<Name, string>();

  run(happenings: readonly Happening[]): void {
    happenings.forEach(([what, owner], step) => {
      const [verb = "", names = ""] = what.split(" ");
      const told = this.#step(verb, names === "" ? [] : names.split(","));
      assert.is(told, owner, `step ${step}, ${what}`);
    });
  }

  #step(verb: string, names: readonly Name[]): FrameOwner | undefined {
    const uuids = names.map((name) => this.#uuids.get(name) ?? `unknown ${name}`);
    const [uuid = ""] = uuids;
    const [name = ""] = names;
    switch (verb) {
      case "send":
        this.#uuids.set(name, this.conversation.messageSent(undefined));
        return undefined;
      case "given":
        this.#uuids.set(name, this.conversation.messageSent(`given ${name}`));
        return undefined;
      case "query":
        this.#uuids.set(name, this.conversation.messageSent(undefined));
        this.conversation.beginTurn(this.#uuids.get(name) ?? "");
        return undefined;
      case "end":
        this.conversation.endTurn();
        return undefined;
      case "lost":
        this.conversation.messageUnsent(uuid);
        return undefined;
      case "abandon":
        this.conversation.abandon(uuid);
        return undefined;
      case "init":
        return this.#owner({ type: "system", subtype: "init", user_message_uuids: uuids });
      case "plain":
        return this.#owner({ type: "assistant", message: { content: [] } });
      case "result":
        return this.#owner({ type: "result", ...(uuids.length > 0 && { user_message_uuids: uuids }) });
      case "last":
        return this.#owner({ type: "result", user_message_uuid: uuid });
      case "own":
        return this.#owner({ type: "result", origin: { kind: "task-notification" } });
      case "human":
        return this.#owner({ type: "result", origin: { kind: "human" } });
      default:
        return this.#owner({ type: "command_lifecycle", state: verb, command_uuid: uuid });
    }
  }

  #owner(frame: Record<string, unknown>): FrameOwner {
    return this.conversation.owner(frame as unknown as ClaudeOutput);
  }
}

/** Makes a test of each play. */
export function addPlays(tests: Suite, plays: Readonly<Record<string, readonly Happening[]>>): void {
  for (const [title, happenings] of Object.entries(plays)) {
    tests(title, () => new Play().run(happenings));
  }
}

/** As recorded from the CLI: the report of the end comes behind the result. */
export const turnOf = (name: Name, frames: FrameOwner, result: FrameOwner): readonly Happening[] => [
  [`queued ${name}`, "noise"],
  [`started ${name}`, "noise"],
  [`init ${name}`, frames],
  ["plain", frames],
  [`result ${name}`, result],
  [`completed ${name}`, "noise"],
];
