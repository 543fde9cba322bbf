import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FloodGenerator } from "../../src/testing/cli-flood.js";
import type { FloodKind } from "../../src/testing/cli-script.js";

const KINDS: readonly FloodKind[] = ["text", "structured", "stream_event"];
const ENVELOPE = 500;
const sessionId = "00000000-0000-4000-8000-000000000000";

const flood = suite("FloodGenerator");

flood("frames are one line of valid JSON, exactly as long as asked, numbered and all different", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...KINDS),
      fc.integer({ min: ENVELOPE, max: 20_000 }),
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.integer({ min: 0, max: 5_000_000 }),
      (kind, bytes, seed, index) => {
        const generator = new FloodGenerator({ kind, bytes, seed, sessionId });
        const frame = generator.frame(index);
        assert.is(frame.length, bytes);
        assert.is(frame.indexOf(10), frame.length - 1);
        const text = frame.toString("utf8");
        assert.not.match(text, "\ufffd");
        const parsed: { session_id: string } = JSON.parse(text);
        assert.is(parsed.session_id, sessionId);
        assert.match(text, kind === "structured" ? `"seq":${index},` : `"#${index} `);
        assert.not.ok(generator.frame(index + 1).equals(frame));
      },
    ),
    { numRuns: 60 },
  );
});

flood("the same options give the same frames, another seed gives others", () => {
  for (const kind of KINDS) {
    const frames = [1, 1, 2].map((seed) =>
      new FloodGenerator({ kind, bytes: 2_000, seed, sessionId }).frame(3),
    );
    assert.ok(frames[0]?.equals(frames[1] ?? Buffer.alloc(0)));
    // Beyond the envelope, which tells the seed in its uuid.
    assert.not.ok(frames[0]?.subarray(ENVELOPE).equals(frames[2]?.subarray(ENVELOPE) ?? Buffer.alloc(0)));
  }
});

flood("the payload itself changes from frame to frame", () => {
  for (const kind of KINDS) {
    const generator = new FloodGenerator({ kind, bytes: 3_000, seed: 1, sessionId });
    const [one, two] = [1, 2].map((index) => generator.frame(index).subarray(ENVELOPE, -ENVELOPE).toString());
    assert.is.not(one, two);
  }
});

flood("a length that the envelope exceeds gives the smallest valid frame", () => {
  for (const kind of KINDS) {
    for (const bytes of [1, 300, 301, 302, 303, 304, 305]) {
      const frame = new FloodGenerator({ kind, bytes, seed: 1, sessionId }).frame(0);
      JSON.parse(frame.toString());
      assert.ok(frame.length >= bytes && frame.length < ENVELOPE);
    }
  }
});

flood("text holds escapes and characters of several bytes", () => {
  const text = new FloodGenerator({ kind: "text", bytes: 100_000, seed: 5, sessionId }).frame(0).toString();
  for (const part of ["\\n", '\\"', "\\\\", "\\u2028", "ö", "日本語", "🚀"]) assert.match(text, part);
});

flood.run();
