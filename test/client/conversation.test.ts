import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Conversation, type FrameOwner } from "../../src/client/conversation.js";
import type { ClaudeOutput } from "../../src/protocol/index.js";

/** Messages by one letter: their uuids are made up as they are sent. */
type Name = string;

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
type Happening = readonly [what: string, owner?: FrameOwner];

class Play {
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
        this.conversation.messageLost(uuid);
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

function table(name: string, plays: Readonly<Record<string, readonly Happening[]>>): void {
  const tests = suite(`conversation: ${name}`);
  for (const [title, happenings] of Object.entries(plays)) {
    tests(title, () => new Play().run(happenings));
  }
  tests.run();
}

/** As recorded from the CLI: the report of the end comes behind the result. */
const turnOf = (name: Name, frames: FrameOwner, result: FrameOwner): readonly Happening[] => [
  [`queued ${name}`, "noise"],
  [`started ${name}`, "noise"],
  [`init ${name}`, frames],
  ["plain", frames],
  [`result ${name}`, result],
  [`completed ${name}`, "noise"],
];

table("a CLI that reports and names", {
  "a plain turn": [["query A"], ...turnOf("A", "turn", "turn-end"), ["end"]],
  "two turns": [
    ["query A"],
    ...turnOf("A", "turn", "turn-end").slice(0, 5),
    ["end"],
    ["query B"],
    ["completed A", "noise"],
    ...turnOf("B", "turn", "turn-end"),
  ],
  "an interrupted turn": [
    ["query A"],
    ["queued A", "noise"],
    ["started A", "noise"],
    ["init A", "turn"],
    ["plain", "turn"],
    ["result A", "turn-end"],
    ["cancelled A", "noise"],
  ],
  "a message by hand, read outside of turns": [["send A"], ...turnOf("A", "other", "other")],
  "a query behind a message by hand": [
    ["send A"],
    ["query B"],
    ["queued A", "noise"],
    ["started A", "noise"],
    ["init A", "other"],
    ["queued B", "noise"],
    ["plain", "other"],
    ["result A", "other"],
    ["completed A", "noise"],
    ...turnOf("B", "turn", "turn-end").slice(1),
  ],
  "a message by hand during a turn, answered after it": [
    ["query A"],
    ...turnOf("A", "turn", "turn-end").slice(0, 3),
    ["send B"],
    ["queued B", "noise"],
    ["plain", "turn"],
    ["result A", "turn-end"],
    ["end"],
    ["completed A", "noise"],
    ...turnOf("B", "other", "other").slice(1),
  ],
  "steering: a message by hand joins the turn": [
    ["query A"],
    ...turnOf("A", "turn", "turn-end").slice(0, 3),
    ["send B"],
    ["queued B", "noise"],
    ["started B", "noise"],
    ["plain", "turn"],
    ["init A,B", "turn"],
    ["result A,B", "turn-end"],
    ["completed A", "noise"],
    ["completed B", "noise"],
  ],
  "a query that is merged with messages by hand": [
    ["send A"],
    ["query B"],
    ["queued A", "noise"],
    ["queued B", "noise"],
    ["started A", "noise"],
    ["started B", "noise"],
    ["init A,B", "turn"],
    ["plain", "turn"],
    ["result A,B", "turn-end"],
    ["completed A", "noise"],
    ["completed B", "noise"],
    ["end"],
    ["query C"],
    ...turnOf("C", "turn", "turn-end"),
  ],
  "a merged turn whose result names only the last message": [
    ["query A"],
    ["queued A", "noise"],
    ["send B"],
    ["queued B", "noise"],
    ["started A", "noise"],
    ["started B", "noise"],
    ["plain", "turn"],
    ["last B", "turn-end"],
  ],
  "messages by hand that are merged without the query": [
    ["send A"],
    ["send B"],
    ["query C"],
    ["started A", "noise"],
    ["started B", "noise"],
    ["init A,B", "other"],
    ["result A,B", "other"],
    ...turnOf("C", "turn", "turn-end"),
  ],
  "a turn of the CLI's own between queries": [
    ["query A"],
    ...turnOf("A", "turn", "turn-end"),
    ["end"],
    ["plain", "other"],
    ["own", "other"],
    ["query B"],
    ...turnOf("B", "turn", "turn-end"),
  ],
  "a turn of the CLI's own after the query was sent": [
    ["query A"],
    ...turnOf("A", "turn", "turn-end"),
    ["end"],
    ["query B"],
    ["queued B", "noise"],
    ["plain", "other"],
    ["own", "other"],
    ...turnOf("B", "turn", "turn-end").slice(1),
  ],
  "a dropped query": [["query A"], ["queued A", "noise"], ["cancelled A", "turn-cancelled"]],
  "a query that ends without a result": [
    ["query A"],
    ["queued A", "noise"],
    ["started A", "noise"],
    ["completed A", "turn-cancelled"],
  ],
  "a dropped message by hand before the query": [
    ["send A"],
    ["query B"],
    ["queued A", "noise"],
    ["queued B", "noise"],
    ["cancelled A", "noise"],
    ...turnOf("B", "turn", "turn-end").slice(1),
  ],
});

table("uuids of the user's", {
  "reports about them are shown, those about the client's own are not": [
    ["given A"],
    ["queued A", "other"],
    ["started A", "other"],
    ["init A", "other"],
    ["result A", "other"],
    ["completed A", "other"],
    ["query B"],
    ...turnOf("B", "turn", "turn-end"),
  ],
  "reports about messages that nobody here has sent are shown": [
    ["queued Z", "other"],
    ["query A"],
    ["completed Z", "other"],
    ...turnOf("A", "turn", "turn-end"),
  ],
  "a dropped one does not stand before the query": [
    ["given A"],
    ["query B"],
    ["queued A", "other"],
    ["cancelled A", "other"],
    ["started B", "noise"],
    ["plain", "turn"],
    ["result", "turn-end"],
  ],
});

table("a CLI that neither reports nor names", {
  "turns end in order": [
    ["query A"],
    ["plain", "turn"],
    ["result", "turn-end"],
    ["end"],
    ["query B"],
    ["plain", "turn"],
    ["result", "turn-end"],
  ],
  "a query behind messages by hand": [
    ["send A"],
    ["given B"],
    ["query C"],
    ["plain", "other"],
    ["result", "other"],
    ["plain", "other"],
    ["result", "other"],
    ["plain", "turn"],
    ["result", "turn-end"],
  ],
  "a message by hand behind the query": [
    ["query A"],
    ["send B"],
    ["plain", "turn"],
    ["result", "turn-end"],
    ["end"],
    ["plain", "other"],
    ["result", "other"],
  ],
  "a message that never reached the child": [
    ["send A"],
    ["lost A"],
    ["query B"],
    ["plain", "turn"],
    ["result", "turn-end"],
  ],
  "a turn of the CLI's own, told by its origin": [
    ["query A"],
    ["own", "other"],
    ["plain", "turn"],
    ["human", "turn-end"],
  ],
  "a result that nobody has asked for": [
    ["result", "other"],
    ["query A"],
    ["plain", "turn"],
    ["result", "turn-end"],
  ],
  "one that names without reporting": [
    ["query A"],
    ["init A", "turn"],
    ["plain", "turn"],
    ["last A", "turn-end"],
    ["end"],
    ["send B"],
    ["query C"],
    ["init B", "other"],
    ["last B", "other"],
    ["init C", "turn"],
    ["last C", "turn-end"],
  ],
});

table("abandoned turns", {
  "what still comes of one is nobody's": [
    ["query A"],
    ["queued A", "noise"],
    ["started A", "noise"],
    ["init A", "turn"],
    ["abandon A"],
    ["end"],
    ["query B"],
    ["init A", "noise"],
    ["result A", "noise"],
    ["cancelled A", "noise"],
    ...turnOf("B", "turn", "turn-end"),
  ],
  "of a CLI that names nothing": [
    ["query A"],
    ["plain", "turn"],
    ["abandon A"],
    ["end"],
    ["query B"],
    ["plain", "noise"],
    ["result", "noise"],
    ["plain", "turn"],
    ["result", "turn-end"],
  ],
  "one that is merged with the next query is the next query's": [
    ["query A"],
    ["queued A", "noise"],
    ["abandon A"],
    ["end"],
    ["query B"],
    ["queued B", "noise"],
    ["started A", "noise"],
    ["started B", "noise"],
    ["init A,B", "turn"],
    ["result A,B", "turn-end"],
  ],
  "one that is merged with a message by hand is for whoever sent that": [
    ["query A"],
    ["queued A", "noise"],
    ["abandon A"],
    ["end"],
    ["send B"],
    ["init A,B", "other"],
    ["result A,B", "other"],
  ],
  "one that was answered already cannot be abandoned": [
    ["query A"],
    ...turnOf("A", "turn", "turn-end"),
    ["abandon A"],
    ["end"],
    ["init A", "other"],
  ],
});

const state = suite("conversation: state");

state("a given uuid is kept, others are made up and differ", () => {
  const conversation = new Conversation();
  assert.is(conversation.messageSent("mine"), "mine");
  const made = [conversation.messageSent(undefined), conversation.messageSent(undefined)];
  for (const uuid of made)
    assert.match(uuid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.is.not(made[0], made[1]);
});

state("a turn runs from its beginning to its end, and is next when all before it is answered", () => {
  const conversation = new Conversation();
  assert.equal([conversation.turnRuns, conversation.turnIsNext], [false, false]);
  const byHand = conversation.messageSent("by hand");
  conversation.beginTurn(conversation.messageSent(undefined));
  assert.equal([conversation.turnRuns, conversation.turnIsNext], [true, false]);
  conversation.messageLost(byHand);
  assert.equal([conversation.turnRuns, conversation.turnIsNext], [true, true]);
  conversation.endTurn();
  assert.equal([conversation.turnRuns, conversation.turnIsNext], [false, false]);
});

for (const marks of [
  { user_message_uuids: "text" },
  { user_message_uuids: [1, null, {}] },
  { user_message_uuid: 5 },
  { origin: "text" },
  { origin: null },
  { origin: { kind: 5 } },
]) {
  state(`marks of another shape (${JSON.stringify(marks)}) break nothing`, () => {
    const conversation = new Conversation();
    conversation.beginTurn(conversation.messageSent(undefined));
    for (const type of ["assistant", "result", "command_lifecycle"]) {
      assert.type(conversation.owner({ type, ...marks } as unknown as ClaudeOutput), "string");
    }
  });
}

state.run();
