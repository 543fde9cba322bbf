import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FrameDigest, type StreamDigest } from "../../../bench/payload/digest.js";

const FRAMES = [1, 2, 3].map((number) => ({ type: "user", uuid: `id-${number}`, text: `größe ${number}` }));

function digestOf(frames: readonly object[]): StreamDigest {
  const digest = new FrameDigest();
  for (const frame of frames) digest.add(frame);
  return digest.end();
}

const digests = suite("digest");

digests("counts frames and bytes of the wire", () => {
  const lines = FRAMES.map((frame) => `${JSON.stringify(frame)}\n`).join("");
  const { frames, bytes } = digestOf(FRAMES);
  assert.is(frames, 3);
  assert.is(bytes, Buffer.byteLength(lines));
});

digests("is the same for messages as for their lines", () => {
  const byLine = new FrameDigest();
  for (const frame of FRAMES) byLine.addLine(Buffer.from(`${JSON.stringify(frame)}\n`), frame);
  assert.equal(byLine.end(), digestOf(FRAMES));
});

const [first, second, third] = FRAMES;
const faults: Readonly<Record<string, readonly object[]>> = {
  "a lost frame": [first ?? {}, third ?? {}],
  "a doubled frame": [first ?? {}, second ?? {}, second ?? {}, third ?? {}],
  "another order": [second ?? {}, first ?? {}, third ?? {}],
};
for (const [fault, frames] of Object.entries(faults)) {
  digests(`shows ${fault}, also by the ids alone`, () => {
    const right = digestOf(FRAMES);
    const wrong = digestOf(frames);
    assert.is.not(wrong.hash, right.hash);
    assert.is.not(wrong.identity, right.identity);
  });
}

digests("shows a change within a frame", () => {
  const changed = FRAMES.map((frame, index) => (index === 1 ? { ...frame, text: "grosse 2" } : frame));
  assert.is.not(digestOf(changed).hash, digestOf(FRAMES).hash);
});

digests.run();
