/** Transcripts that are being written, cut off, or broken: what can be read is read, and the rest is told. */

import { writeFileSync } from "node:fs";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClaudeError } from "../../src/errors.js";
import { getSessionInfo, getSessionMessages, listSessions } from "../../src/sessions/read-sessions.js";
import {
  collect,
  entry,
  readAll,
  StoredSessions,
  TALK,
  transcriptText,
  UNKNOWN,
} from "../support/stored-sessions.js";

const damaged = suite("damaged transcripts");

const stored = new StoredSessions();
const { configDir } = stored;
const messagesOf = (id: string, more = {}) => readAll(configDir, id, more);
damaged.after(() => stored[Symbol.dispose]());

damaged("cut off at any byte it gives the first of its messages, and no fault", async () => {
  const id = stored.put(TALK);
  const whole = Buffer.from(transcriptText(TALK, id));
  let longest = 0;
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length), async (length) => {
      writeFileSync(stored.file(id), whole.subarray(0, length));
      const { numbers, faults } = await messagesOf(id);
      assert.equal(numbers, [1, 3, 5, 6].slice(0, numbers.length));
      assert.equal(faults, []);
      longest = Math.max(longest, numbers.length);
      await getSessionInfo(id, { configDir });
    }),
    { numRuns: 300, examples: [[whole.length], [0], [whole.length - 1]] },
  );
  assert.is(longest, 4);
});

damaged("whatever a byte is changed to, the rest is read", async () => {
  const id = stored.put(TALK);
  const whole = Buffer.from(transcriptText(TALK, id));
  await fc.assert(
    fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), async (at, byte) => {
      const broken = Buffer.from(whole);
      broken[at] = byte;
      writeFileSync(stored.file(id), broken);
      const { faults } = await messagesOf(id);
      assert.ok(faults.length <= 2);
      await getSessionInfo(id, { configDir });
      await collect(listSessions({ configDir }));
    }),
    { numRuns: 200 },
  );
});

damaged("wherever a read ends, the messages are the same", async () => {
  const CHUNK = 256 * 1024;
  const line = JSON.stringify(entry(2, 1, "assistant"));
  for (const before of [0, 1, 2, line.length - 1, line.length, line.length + 1]) {
    const first = entry(1, null);
    const size = Buffer.byteLength(transcriptText([{ ...first, pad: "" }], UNKNOWN));
    const pad = "x".repeat(CHUNK - size - before);
    const id = stored.put([{ ...first, pad }, entry(2, 1, "assistant"), entry(3, 2), "{torn"]);
    assert.equal((await messagesOf(id)).numbers, [1, 2, 3]);
  }
});

const DAMAGED: readonly (readonly [
  name: string,
  lines: readonly unknown[],
  numbers: number[],
  faults: string[],
])[] = [
  ["no file content", [], [], []],
  ["blank lines", [entry(1, null), "", "   ", "\r", entry(2, 1)], [1, 2], []],
  ["carriage returns", [`${JSON.stringify(entry(1, null))}\r`, entry(2, 1)], [1, 2], []],
  ["a byte order mark", [`\ufeff${JSON.stringify(entry(1, null))}`, entry(2, 1)], [1, 2], []],
  ["zero bytes before a line", [entry(1, null), `\0\0\0${JSON.stringify(entry(2, 1))}`], [1, 2], []],
  ["zero bytes alone", [entry(1, null), "\0".repeat(4096), entry(2, 1)], [1, 2], []],
  ["text", [entry(1, null), "garbage", entry(2, 1)], [1, 2], ["DESERIALIZATION"]],
  ["half a line", [entry(1, null), '{"parentUuid":"x","mess', entry(2, 1)], [1, 2], ["DESERIALIZATION"]],
  [
    "a lost newline",
    [`${JSON.stringify(entry(1, null))}${JSON.stringify(entry(2, 1))}`, entry(3, 2)],
    [1, 2, 3],
    [],
  ],
  [
    "values that are no objects",
    [entry(1, null), '["parentUuid"]', '"parentUuid"', entry(2, 1)],
    [1, 2],
    ["DESERIALIZATION", "DESERIALIZATION"],
  ],
  [
    "fields of another type",
    [entry(1, null), { ...entry(7, 1), uuid: 7 }, { ...entry(2, 1), message: 7 }],
    [1, 2],
    [],
  ],
  [
    "a line that is too long",
    [entry(1, null), entry(2, 1, "user", { pad: "x".repeat(5_000) }), entry(3, 2)],
    [3],
    ["FRAME_TOO_LARGE"],
  ],
];

for (const [name, lines, numbers, faults] of DAMAGED) {
  damaged(`${name}`, async () => {
    const id = stored.put(lines as Parameters<StoredSessions["put"]>[0]);
    assert.equal(await messagesOf(id, { maxLineBytes: 4_096 }), { numbers, faults });
  });
}

damaged("bytes that are no UTF-8 become the replacement character", async () => {
  const text = transcriptText([entry(1, null), entry(2, 1)], UNKNOWN).replace("text 1", "text ?");
  const bytes = Buffer.from(text);
  bytes[bytes.indexOf("?")] = 0xff;
  const [first] = await collect(getSessionMessages(stored.put(bytes), { configDir }));
  assert.equal(first?.message, { role: "user", content: "text \ufffd" });
});

damaged("a fault says where it is, and keeps the beginning of the line", async () => {
  const faults: ClaudeError[] = [];
  const id = stored.put([entry(1, null), `no JSON ${"x".repeat(10_000)}`]);
  await collect(getSessionMessages(id, { configDir, onFault: (fault) => void faults.push(fault) }));
  const [{ message, rawLine } = { message: "", rawLine: "" }] = faults as unknown as {
    message: string;
    rawLine: string;
  }[];
  assert.match(message, stored.file(id));
  assert.is(rawLine.length, 4_096);
});

damaged.run();
