import { isDeepStrictEqual } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FloodGenerator } from "../../../src/testing/cli-flood.js";
import { bigFrame, emit, type FloodKind, frame } from "../../../src/testing/index.js";
import { assertNothingRuns, open, PATIENCE_MS, receive } from "../../support/scripted.js";

const KiB = 1024;
const MiB = 1024 * KiB;

const small = suite("small frames");

small("of one byte are JSON values for receiveRaw()", async () => {
  await using client = await open([emit("1\n2\n"), emit({ type: "x" })]);
  const timeoutMs = PATIENCE_MS;
  assert.is(await client.receiveRaw({ timeoutMs }), 1);
  assert.is(await client.receiveRaw({ timeoutMs }), 2);
  assert.equal(await client.receive({ timeoutMs }), { type: "x" });
});

small("of the least size are messages", async () => {
  await using client = await open([emit('{"type":"x"}\n')]);
  assert.equal(await receive(client, 1), [{ type: "x" }]);
});

small.run();

const borders = suite("frames at the borders of buffers, batches and leaves");

/** Message of exactly so many bytes on the wire, newline included, with a text that differs everywhere. */
function sized(bytes: number): { type: string; text: string } {
  const envelope = JSON.stringify({ type: "sized", text: "" }).length + 1;
  let text = "";
  for (let at = 0; text.length < bytes - envelope; at++) text += `${at},`;
  return { type: "sized", text: text.slice(0, bytes - envelope) };
}

for (const border of [1 * KiB, 4 * KiB, 8 * KiB, 16 * KiB, 64 * KiB, 128 * KiB, 256 * KiB, 512 * KiB]) {
  borders(`of ${border / KiB} KiB`, async () => {
    const messages = [-2, -1, 0, 1, 2].map((more) => sized(border + more));
    // One by one in writes of their own, and all in one write.
    const lines = messages.map((message) => `${JSON.stringify(message)}\n`);
    await using client = await open([...lines.map((line) => emit(line)), emit(lines.join(""))]);
    const entries = await receive(client, 2 * messages.length);
    for (const [index, entry] of entries.entries()) {
      assert.ok(isDeepStrictEqual(entry, messages[index % messages.length]), `frame ${index} differs`);
    }
  });
}

borders.run();

const large = suite("large frames");

const KINDS: readonly FloodKind[] = ["text", "structured", "stream_event"];

for (const lazy of [true, false]) {
  for (const kind of KINDS) {
    large(`${kind} of 5 MiB with lazy: ${lazy} holds what was sent`, async () => {
      const bytes = 5 * MiB;
      await using client = await open([frame({ type: "hello" }), bigFrame({ bytes, kind })], { lazy });
      const [, message] = await receive(client, 2);
      const sent = new FloodGenerator({ kind, bytes, seed: 1, sessionId: client.sessionUuid() }).frame(0);
      assert.is(sent.length, bytes);
      assert.ok(isDeepStrictEqual(message, JSON.parse(sent.toString("utf8"))), "the message differs");
    });
  }
}

large("one that is larger than the high-water mark passes, and so does what follows", async () => {
  const script = [bigFrame({ bytes: 3 * MiB }), bigFrame({ bytes: 3 * MiB }), emit({ type: "after" })];
  await using client = await open(script, { highWaterMark: 64 * KiB });
  const entries = await receive(client, 3);
  assert.equal(
    entries.map((entry) => (typeof entry === "string" ? entry : entry.type)),
    ["assistant", "assistant", "after"],
  );
});

large.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
