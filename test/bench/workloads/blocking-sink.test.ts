import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FrameDigest } from "../../../bench/payload/digest.js";
import { payloadFrames } from "../../../bench/payload/payload.js";
import { DigestSink, IdentitySink } from "../../../bench/workloads/blocking-sink.js";

const FRAMES = [...payloadFrames({ kind: "partial", count: 40, seed: 3 })];
const whole = new FrameDigest();
for (const frame of FRAMES) whole.add(frame);
const MANIFEST = whole.end();

const without = FRAMES.filter((_, index) => index !== 20);
const swapped = FRAMES.map((frame, index) => FRAMES[index === 20 ? 21 : index === 21 ? 20 : index] ?? frame);
const doubled = FRAMES.flatMap((frame, index) => (index === 20 ? [frame, frame] : [frame]));
const altered = FRAMES.map((frame, index) => (index === 20 ? { ...frame, parent_tool_use_id: "?" } : frame));

const sinks = suite("blocking sinks");

for (const Sink of [IdentitySink, DigestSink]) {
  const play = (frames: readonly unknown[]) => {
    const sink = new Sink(MANIFEST, 1);
    for (const frame of frames) sink.message(frame);
    sink.check(MANIFEST);
    return sink;
  };
  sinks(`${Sink.name}: lets pass what is whole, and has held the loop in its midst`, () => {
    const before = performance.timeOrigin + performance.now();
    assert.ok(play(FRAMES).heldUntil > before);
  });
  for (const [what, frames] of Object.entries({ without, swapped, doubled, empty: [] })) {
    sinks(`${Sink.name}: ${what}`, () =>
      assert.throws(() => play(frames), /not what was written|never held/),
    );
  }
  sinks(`${Sink.name}: does not hold a loop that shall be free`, () => {
    const sink = new Sink(MANIFEST, 0);
    for (const frame of FRAMES) sink.message(frame);
    sink.check(MANIFEST);
    assert.is(sink.heldUntil, 0);
  });
  sinks(`${Sink.name}: raw bytes are counted`, () => {
    const sink = new Sink(MANIFEST, 1);
    sink.bytes(new Uint8Array(MANIFEST.bytes - 1));
    assert.throws(() => sink.check(MANIFEST), /bytes/);
    sink.bytes(new Uint8Array(1));
    sink.check(MANIFEST);
  });
}

sinks("only the digest sees a changed byte", () => {
  const digest = new DigestSink(MANIFEST, 0);
  for (const frame of altered) digest.message(frame);
  assert.throws(() => digest.check(MANIFEST), /digest of messages/);
});

sinks.run();
