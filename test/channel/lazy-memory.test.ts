import { suite } from "uvu";
import * as assert from "uvu/assert";
import { openBatch } from "../../src/client/inbox-entries.js";
import { decodeLine } from "../../src/codec/frame-decoder.js";
import { largeFrame } from "../../workers/outbox.js";
import { isCollected } from "./collect-garbage.js";
import { lazyMessage } from "./lazy-message.js";

const memory = suite("lazy leaves: what a message keeps alive");

const LONG = "x".repeat(100_000);

/** Makes it out of sight: a variable of the test itself would hold the bytes until the test ends. */
function withBytes(frame: Record<string, unknown>): {
  message: Record<string, unknown>;
  bytes: WeakRef<ArrayBuffer>;
} {
  const { message, frame: sent } = lazyMessage(frame);
  return { message, bytes: new WeakRef(sent.bytes) };
}

memory("an untouched leaf keeps its frame's bytes", async () => {
  const { message, bytes } = withBytes({ type: "x", text: LONG });
  assert.not(await isCollected(bytes));
  assert.is(message.text, LONG);
});

memory("a touched one does not", async () => {
  const { message, bytes } = withBytes({ type: "x", text: LONG });
  assert.is((message.text as string).length, LONG.length);
  assert.ok(await isCollected(bytes));
  assert.is(message.text, LONG);
});

memory("neither does one that was assigned to", async () => {
  const { message, bytes } = withBytes({ type: "x", text: LONG });
  message.text = "short";
  assert.ok(await isCollected(bytes));
  assert.is(message.text, "short");
});

memory("nor one that was deleted", async () => {
  const { message, bytes } = withBytes({ type: "x", text: LONG });
  delete message.text;
  assert.ok(await isCollected(bytes));
  assert.equal(message, { type: "x" });
});

memory("nor a touched one of a frozen message", async () => {
  const { message, bytes } = withBytes({ type: "x", text: LONG });
  Object.freeze(message);
  assert.is((message.text as string).length, LONG.length);
  assert.ok(await isCollected(bytes));
  assert.is(message.text, LONG);
});

memory("of two leaves both must be touched", async () => {
  const { message, bytes } = withBytes({ type: "x", a: LONG, b: [{ c: LONG }] });
  void message.a;
  assert.not(await isCollected(bytes));
  void (message.b as { c: string }[])[0]?.c;
  assert.ok(await isCollected(bytes));
  assert.is(message.a, LONG);
});

memory("printing it lets go of the bytes as well", async () => {
  const { message, bytes } = withBytes({ type: "x", text: LONG });
  const { inspect } = await import("node:util");
  inspect(message);
  assert.ok(await isCollected(bytes));
  assert.is(message.text, LONG);
});

/** Three large frames and two small ones in one batch; what is kept is the one in the middle. */
function keptOfBatch(): { kept: unknown; gone: WeakRef<object>[] } {
  const values = [0, 1, 2, 3, 4].map((n) => ({ type: "x", n, ...(n % 2 === 0 && { text: `${n}${LONG}` }) }));
  const frames = values.flatMap((value) => {
    const line = decodeLine(Buffer.from(JSON.stringify(value)), true);
    return "frames" in line ? line.frames : [];
  });
  const large = frames.flatMap((frame, index) => (frame.large ? [largeFrame(index, frame.large)] : []));
  const text = `[${frames.map((frame) => frame.text).join(",")}]`;
  const messages = openBatch(structuredClone({ text, weight: 0, large, refused: [] }, {}));
  const opened = openBatch({ text, weight: 0, large, refused: [] });
  assert.is(messages.length, 5);
  const others = opened.filter((_, index) => index !== 2);
  const bytes = large.filter(({ index }) => index !== 2).map((frame) => frame.bytes);
  return { kept: opened[2], gone: [...others, ...bytes].map((object) => new WeakRef<object>(object)) };
}

memory("a message that is kept keeps neither its neighbours nor their bytes", async () => {
  const { kept, gone } = keptOfBatch();
  assert.is(gone.length, 6);
  for (const object of gone) assert.ok(await isCollected(object));
  assert.is((kept as { text: string }).text, `2${LONG}`);
});

memory.run();
