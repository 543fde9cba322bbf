import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Conversation } from "../../src/client/conversation.js";
import type { ClaudeOutput } from "../../src/protocol/index.js";
import { addPlays, turnOf } from "./conversation-play.js";

const abandoned = suite("conversation: abandoned turns");

addPlays(abandoned, {
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

abandoned.run();

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
  conversation.messageUnsent(byHand);
  assert.equal([conversation.turnRuns, conversation.turnIsNext], [true, true]);
  conversation.endTurn();
  assert.equal([conversation.turnRuns, conversation.turnIsNext], [false, false]);
});

state("of a CLI that reports on no message, only the last thousand uuids are kept", () => {
  const conversation = new Conversation();
  const frame = (fields: object): ClaudeOutput => fields as unknown as ClaudeOutput;
  const uuids = Array.from({ length: 1_500 }, () => {
    const uuid = conversation.messageSent(undefined);
    conversation.owner(frame({ type: "result" }));
    return uuid;
  });
  const ownerOfReport = (uuid: string | undefined) =>
    conversation.owner(frame({ type: "command_lifecycle", state: "completed", command_uuid: uuid }));
  assert.is(ownerOfReport(uuids.at(-1000)), "noise");
  assert.is(ownerOfReport(uuids.at(-1000)), "other", "one last report for each");
  assert.is(ownerOfReport(uuids[0]), "other");
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
