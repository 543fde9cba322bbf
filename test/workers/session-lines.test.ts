import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type InboxEntry, UnreadableLine } from "../../src/client/inbox-entries.js";
import { isBlank } from "../../src/codec/frame-decoder.js";
import { DeserializationError } from "../../src/errors.js";
import { decode, problemOf } from "../codec/decoded-line.js";
import { injury, tightObjectText } from "../codec/json-text.js";
import { withSession } from "./session-rig.js";

const lines = suite("session-loop: lines that stay unchecked");

/** Entries so that they can be compared: of a refused line its reason and its text. */
function plain(entries: readonly InboxEntry[]): unknown[] {
  return entries.map((entry) => {
    if (!(entry instanceof UnreadableLine)) return entry;
    assert.instance(entry.error, DeserializationError);
    const { rawLine, reason } = entry.error as DeserializationError;
    return { rawLine, reason };
  });
}

/** The same, from every line by itself. */
function expected(text: string): unknown[] {
  return text
    .split("\n")
    .filter((line) => !isBlank(Buffer.from(line)))
    .flatMap((line) => decode(line) ?? [{ rawLine: line, reason: problemOf(line) }]);
}

const frame = tightObjectText.map((text) => `{"type":"x","value":${text}}`);
const line = fc.oneof(
  { weight: 6, arbitrary: frame },
  { weight: 2, arbitrary: fc.tuple(frame, injury).map(([text, injure]) => injure(text)) },
  { weight: 1, arbitrary: fc.tuple(frame, frame).map((pair) => pair.join("")) },
  { weight: 1, arbitrary: fc.tuple(frame, frame).map((pair) => pair.join(",")) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "",
      " ",
      "junk",
      '\u001b[1m{"type":"x"}',
      '{"type":"assistant","message":{"content":[]}}',
      '{"type":"assistant"}',
      '{"type":"x","a":[{}',
      '{"type":"x"}]}',
      '{"type":""}',
      '{"type":"control_request","request_id":"1","request":{"subtype":"unknown"}}',
      '{"type":"control_request"}',
    ),
  },
);

lines("whatever they are, and however they are cut, each comes to what it comes to by itself", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 12 }), fc.array(fc.nat(400)), async (some, steps) => {
      const text = `${some.join("\n")}\n`;
      const bytes = Buffer.from(text);
      await withSession({}, async (rig) => {
        let at = 0;
        for (const step of [...steps, bytes.length]) {
          if (at < bytes.length) rig.child.says(bytes.subarray(at, at + step + 1));
          at += step + 1;
        }
        deepStrictEqual(plain(rig.read()), expected(text));
      });
    }),
    { numRuns: 300 },
  );
});

lines("a chunk of messages crosses unchecked, a malformed one among them is counted when it is read", () =>
  withSession({}, async (rig) => {
    const broken = '{"type":"x","n":}';
    rig.child.says(`{"type":"x","n":1}\n${broken}\n{"type":"x","n":3}\n`);
    assert.is(rig.ledger.counted("frames"), 3);
    assert.equal(plain(rig.read()), [
      { type: "x", n: 1 },
      { rawLine: broken, reason: "no valid JSON at byte 16" },
      { type: "x", n: 3 },
    ]);
    assert.is(rig.batches[0]?.unchecked, 3);
    assert.is(rig.malformed, 1);
  }),
);

lines("two broken lines that are one value together do not pass for a message", () =>
  withSession({}, async (rig) => {
    const halves = ['{"type":"x","a":[{}', '{"type":"y"}]}'];
    rig.child.says(`${halves.map((half) => `${half}\n`).join("")}`);
    assert.is(plain(rig.read()).length, 2);
    assert.is(rig.malformed + rig.ledger.counted("malformed"), 2);
  }),
);

lines("a control frame that begins like a message is refused, and said to be one", () =>
  withSession({}, async (rig) => {
    const hidden = '{"type":"x","type":"control_cancel_request","request_id":"1"}';
    rig.child.says(`{"type":"x"}\n${hidden}\n`);
    assert.equal(plain(rig.read()), [
      { type: "x" },
      { rawLine: hidden, reason: "a control_cancel_request that begins like a message" },
    ]);
  }),
);

lines("a session that picks messages checks every line", () =>
  withSession({ deliver: ["y"] }, async (rig) => {
    rig.child.says('{"type":"x"}\n{"type":"y"}\n{"type":"result"}\n');
    assert.equal(rig.read(), [{ type: "y" }, { type: "result" }]);
    assert.is(rig.batches[0]?.unchecked, undefined);
  }),
);

lines.run();
