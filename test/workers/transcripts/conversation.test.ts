/** Shapes of conversations are compared with the SDK's in test/sessions/agreement.test.ts; here is what it does not do. */

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Conversation } from "../../../workers/transcripts/conversation.js";
import { linkOf } from "../../../workers/transcripts/links.js";
import { entry, numbersOf, uuidOf } from "../../support/stored-sessions.js";

const conversation = suite("conversation");

function numbers(entries: readonly Record<string, unknown>[], subagent = false, system = false): number[] {
  const all = new Conversation(subagent);
  entries.forEach((one, order) => {
    const link = linkOf(one, { start: 0, length: 0, order });
    if (link !== undefined) all.add(link);
  });
  return numbersOf(all.messages(system));
}

conversation("a long one with many ends takes no longer for each", () => {
  const length = 50_000;
  const entries = Array.from({ length }, (_, index) => [
    entry(2 * index, index === 0 ? null : 2 * index - 2, index % 2 === 0 ? "user" : "assistant"),
    entry(2 * index + 1, 2 * index, "attachment"),
  ]).flat();
  assert.is(numbers(entries).length, length);
});

conversation("all of a subagent's is a side chain, and shown", () => {
  const side = { isSidechain: true };
  const entries = [entry(1, null, "user", side), entry(2, 1, "assistant", side)];
  assert.equal(numbers(entries, true), [1, 2]);
  assert.equal(numbers(entries), []);
});

conversation("a compaction whose kept messages are not all there begins with its summary", () => {
  const lost = { headUuid: uuidOf(66), anchorUuid: uuidOf(4), tailUuid: uuidOf(2) };
  for (const compactMetadata of [
    { preservedSegment: lost },
    { preservedMessages: { anchorUuid: uuidOf(4), uuids: [uuidOf(2), uuidOf(66)] } },
    { preservedSegment: { ...lost, anchorUuid: uuidOf(44) } },
    { preservedSegment: 7, preservedMessages: [] },
    null,
  ]) {
    const entries = [
      ...[entry(1, null), entry(2, 1, "assistant")],
      entry(3, null, "system", { subtype: "compact_boundary", compactMetadata }),
      ...[entry(4, 3, "user", { isCompactSummary: true }), entry(5, 4, "assistant")],
    ];
    assert.equal(numbers(entries), [4, 5]);
    assert.equal(numbers(entries, false, true), [3, 4, 5]);
  }
});

conversation("a tool's result behind its progress is beside the others", () => {
  const part = { message: { role: "assistant", id: "m", content: [] } };
  const result = { message: { role: "user", content: [{ type: "tool_result", tool_use_id: "t" }] } };
  const entries = [
    ...[
      entry(1, null),
      entry(2, 1, "assistant", part),
      entry(3, 2, "assistant", part),
      entry(4, 2, "progress"),
    ],
    ...[entry(5, 4, "user", result), entry(6, 3, "user", result), entry(7, 6, "assistant")],
  ];
  assert.equal(numbers(entries), [1, 2, 3, 5, 6, 7]);
});

conversation("a circle of progress ends", () => {
  assert.equal(numbers([entry(1, 2, "progress"), entry(2, 1, "progress"), entry(3, 2)]), [3]);
});

conversation.run();
