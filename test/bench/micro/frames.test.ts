import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type MicroKind, microFrames, PARTS } from "../../../bench/micro/frames.js";
import { decodeLine } from "../../../src/codec/frame-decoder.js";

/** What a frame's text must have beside its size, so that its kind's name is true. */
interface Row {
  readonly kind: MicroKind;
  readonly bytes: number;
  readonly leaves: number;
  holds?(text: string): boolean;
}

const share = (text: string, pattern: RegExp): number => (text.match(pattern)?.length ?? 0) / text.length;

const rows: readonly Row[] = [
  { kind: "partial", bytes: 500, leaves: 0 },
  { kind: "message", bytes: 10_000, leaves: 1 },
  { kind: "ascii", bytes: 300_000, leaves: 1, holds: (text) => share(text, /[\\\u0080-\uffff]/g) === 0 },
  { kind: "escapes", bytes: 300_000, leaves: 1, holds: (text) => share(text, /\\/g) > 0.1 },
  { kind: "non-ascii", bytes: 300_000, leaves: 1, holds: (text) => share(text, /[\u0080-\uffff]/g) > 0.4 },
  { kind: "base64", bytes: 300_000, leaves: 1, holds: (text) => /[A-Za-z0-9+/]{250000}/.test(text) },
  { kind: "structured", bytes: 300_000, leaves: 1, holds: (text) => share(text, /[",:[\]{}]/g) > 0.1 },
  { kind: "many-texts", bytes: 300_000, leaves: PARTS },
  { kind: "many-tables", bytes: 300_000, leaves: PARTS, holds: (text) => share(text, /[",:[\]{}]/g) > 0.1 },
];

const frames = suite("micro frames");

for (const { kind, bytes, leaves, holds } of rows) {
  const count = kind === "partial" ? 400 : 3;
  const lines = microFrames(kind, count);

  frames(`${kind}: so many, of its size, no two alike, the same each time`, () => {
    assert.is(lines.length, count);
    const mean = lines.reduce((sum, line) => sum + line.length, 0) / count;
    assert.ok(mean > bytes * 0.8 && mean < bytes * 1.25, `${mean} bytes`);
    assert.is(new Set(lines.map(String)).size, count);
    assert.equal(microFrames(kind, count), lines);
  });

  frames(`${kind}: holds what its name says, in as many lazy leaves as it should`, () => {
    for (const line of lines) {
      assert.ok(holds?.(line.toString("utf8")) ?? true);
      const decoded = decodeLine(line, true);
      assert.ok("frames" in decoded);
      const found = decoded.frames.map(({ large }) => large?.leaves.length ?? 0);
      // A tool result comes twice: as the model sees it, and as the tool has returned it.
      if (kind === "message") assert.ok((found[0] ?? 0) >= leaves);
      else if (kind !== "partial") assert.equal(found, [leaves]);
    }
  });
}

frames.run();
