import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type DecodedFrame, decodeLine } from "../../src/codec/frame-decoder.js";
import { withRig } from "./outbox-rig.js";

const KiB = 1024;
const MiB = 1024 * KiB;
const OVERHEAD = 1024;
const PLENTY = 64 * MiB;
const END = { exitCode: 0, signal: null, stderrTail: "", stderrUnread: "" };

const batches = suite("outbox: batches");

batches("what one read brought goes out as one batch, in order", () =>
  withRig(PLENTY, (rig) => {
    for (let n = 0; n < 5; n++) rig.add(n, 100);
    assert.not(rig.read(), "nothing before the read is done");
    rig.outbox.flush();
    assert.ok(rig.read());
    assert.not(rig.read());
    assert.equal(rig.received, [0, 1, 2, 3, 4]);
  }),
);

batches("a flush of nothing posts nothing", () =>
  withRig(PLENTY, (rig) => {
    rig.outbox.flush();
    rig.outbox.credited();
    assert.not(rig.read());
    assert.is(rig.ledger.unreadBytes, 0);
  }),
);

batches("no batch has more than 40 KiB of text, without waiting for the end of the read", () =>
  withRig(PLENTY, (rig) => {
    for (let n = 0; n < 128; n++) rig.add(n, 1_050);
    rig.outbox.flush();
    assert.is(rig.readAll(), 4);
    for (const { text } of rig.batches) assert.ok(text.length <= 40 * KiB + 100, `${text.length}`);
    assert.equal(rig.received, [...Array(128).keys()]);
  }),
);

batches("a single entry may be longer", () =>
  withRig(PLENTY, (rig) => {
    for (const [n, bytes] of [10, 100_000, 10, 10].entries()) rig.add(n, bytes);
    rig.outbox.flush();
    rig.readAll();
    assert.equal(
      rig.batches.map(({ text }) => (JSON.parse(text) as unknown[]).length),
      [1, 1, 2],
    );
  }),
);

const unchecked = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, index) => `{"type":"x","n":${from + index}}`).join("\n");

batches("unchecked lines lie among small frames, and are counted with them", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 100);
    rig.outbox.addLines(unchecked(1, 4), 3, 60);
    rig.add(4, 100);
    rig.outbox.addLines(unchecked(5, 6), 1, 20);
    rig.outbox.flush();
    assert.ok(rig.read());
    assert.equal(rig.received, [0, 1, 2, 3, 4, 5]);
    assert.is(rig.batches[0]?.unchecked, 6);
  }),
);

batches("they share no batch with large frames or refused lines", () =>
  withRig(PLENTY, (rig) => {
    rig.outbox.addLines(unchecked(0, 2), 2, 40);
    rig.add(2, 20 * KiB, true);
    rig.outbox.addLines(unchecked(3, 4), 1, 20);
    rig.refuse("refused");
    rig.outbox.addLines(unchecked(5, 6), 1, 20);
    rig.outbox.flush();
    rig.readAll();
    assert.equal(rig.received, [0, 1, 2, 3, "refused", 5]);
    assert.equal(
      rig.batches.map((batch) => batch.unchecked),
      [2, undefined, 1, undefined, 1],
    );
    assert.equal(
      rig.batches.map(({ large, refused }) => [...large, ...refused].map(({ index }) => index)),
      [[], [0], [], [0], []],
    );
  }),
);

batches("512 KiB of weight are one as well, though the text is short", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 300 * KiB, true);
    assert.not(rig.read());
    rig.add(1, 300 * KiB, true);
    assert.ok(rig.read());
    assert.ok((rig.batches[0]?.text.length ?? 0) < KiB);
    assert.equal(
      rig.batches[0]?.large.map(({ index }) => index),
      [0, 1],
    );
  }),
);

batches("refused lines keep their place, and weigh what they are long", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 100);
    rig.refuse("first", 1_000);
    rig.add(2, 100);
    rig.refuse("second", 2_000);
    rig.outbox.flush();
    rig.read();
    assert.equal(rig.received, [0, "first", 2, "second"]);
    const weight = rig.batches[0]?.weight ?? 0;
    assert.ok(weight >= 3_200 && weight <= 3_300 + OVERHEAD, `${weight}`);
  }),
);

batches("the ledger counts a batch before it can be read, and what it weighs", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 1_000);
    rig.add(1, 20 * KiB, true);
    rig.outbox.flush();
    assert.ok(rig.read());
    const weight = rig.batches[0]?.weight ?? 0;
    assert.ok(weight > 21_000 && weight < 22_000 + OVERHEAD, `${weight}`);
    assert.is(rig.ledger.unreadBytes, 0);
  }),
);

batches("a large frame's own buffer is transferred, without a copy", () =>
  withRig(PLENTY, (rig) => {
    const bytes = Buffer.allocUnsafeSlow(20 * KiB);
    bytes.fill("x").write('{"type":"x","n":1,"v":"', 0);
    bytes.write('"}', bytes.length - 2);
    rig.outbox.add(onlyFrame(bytes));
    rig.outbox.flush();
    rig.read();
    assert.is(bytes.length, 0, "it is gone from here");
    assert.is(rig.batches[0]?.large[0]?.bytes.byteLength, 20 * KiB);
  }),
);

batches("one that lies in a read chunk is copied, and the chunk stays", () =>
  withRig(PLENTY, (rig) => {
    const line = JSON.stringify({ type: "x", n: 1, v: "x".repeat(20 * KiB) });
    const chunk = Buffer.from(`${line}\n${line}\n`);
    rig.outbox.add(onlyFrame(chunk.subarray(0, line.length)));
    rig.outbox.add(onlyFrame(chunk.subarray(line.length + 1, -1)));
    rig.outbox.flush();
    rig.read();
    assert.is(chunk.toString(), `${line}\n${line}\n`);
    assert.equal(
      rig.batches[0]?.large.map(({ bytes }) => Buffer.from(bytes).toString() === line),
      [true, true],
    );
  }),
);

function onlyFrame(line: Buffer): DecodedFrame {
  const decoded = decodeLine(line, true);
  const [frame] = "frames" in decoded ? decoded.frames : [];
  if (frame === undefined) throw new Error("refused");
  return frame;
}

batches("a sleeping reader is rung for once", () =>
  withRig(PLENTY, (rig) => {
    rig.ledger.fallAsleep();
    for (let n = 0; n < 3; n++) {
      rig.add(n, 100);
      rig.outbox.flush();
    }
    assert.is(rig.rings, 1);
  }),
);

batches.run();

const ends = suite("outbox: its end");

ends("the end goes out with what was left, and nothing comes after it", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 100);
    rig.outbox.end(END);
    rig.add(1, 100);
    rig.refuse("late");
    rig.outbox.flush();
    assert.is(rig.readAll(), 1);
    assert.equal(rig.received, [0]);
    assert.equal(rig.batches[0]?.end, END);
  }),
);

ends("an end with nothing left is a batch of its own", () =>
  withRig(PLENTY, (rig) => {
    rig.add(0, 100);
    rig.outbox.flush();
    rig.outbox.end(END);
    assert.is(rig.readAll(), 2);
    assert.equal(
      rig.batches.map(({ end }) => end),
      [undefined, END],
    );
    assert.is(rig.batches[1]?.text, "[]");
  }),
);

ends("it goes out though the reader is behind, and pauses nothing", () =>
  withRig(MiB, (rig) => {
    rig.add(0, 900 * KiB, true);
    rig.add(1, 400 * KiB, true);
    rig.outbox.end(END);
    rig.settle();
    assert.equal(rig.received, [0, 1]);
    assert.equal(rig.pauses, []);
  }),
);

ends("after it nothing counts as paused", () =>
  withRig(MiB, (rig) => {
    for (let n = 0; n < 3; n++) rig.add(n, 600 * KiB, true);
    assert.ok(rig.ledger.paused);
    rig.outbox.end(END);
    rig.settle();
    assert.not(rig.ledger.paused);
  }),
);

ends("discarding drops what was not posted and what still comes, and lets the child write on", () =>
  withRig(MiB, (rig) => {
    for (let n = 0; n < 3; n++) rig.add(n, 600 * KiB, true);
    rig.add(3, 100);
    assert.ok(rig.paused);
    rig.outbox.discard();
    assert.not(rig.paused);
    assert.not(rig.ledger.paused);
    for (let n = 4; n < 100; n++) rig.add(n, 600 * KiB, true);
    rig.refuse("late");
    rig.outbox.flush();
    assert.not(rig.paused);
    rig.outbox.end(END);
    rig.settle();
    assert.equal(rig.received, [0, 1, 2]);
    assert.equal(rig.batches.at(-1)?.end, END, "the end is told all the same");
  }),
);

ends("discarding twice is discarding once", () =>
  withRig(MiB, (rig) => {
    rig.outbox.discard();
    rig.outbox.discard();
    rig.outbox.credited();
    assert.equal(rig.pauses, []);
  }),
);

ends.run();
