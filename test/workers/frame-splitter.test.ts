import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { FrameSplitter } from "../../workers/frame-splitter.js";
import { isCollected } from "../channel/collect-garbage.js";

/** A frame's bytes as latin1, or what is told of a line over the limit. */
type Told = string | { oversized: number; head: string };

const HEAD_BYTES = 256;
const NO_LIMIT = 1_000_000;
const MOST_RUN_BYTES = 32 * 1024;

/** Splits chunks and notes all that is told; bytes are copied at once, as they may be a view. */
function split(chunks: Iterable<Buffer>, limit = NO_LIMIT): Told[] {
  const told: Told[] = [];
  const splitter = new FrameSplitter(limit, {
    frame: (bytes) => told.push(bytes.toString("latin1")),
    oversized: (frameBytes, head) => told.push({ oversized: frameBytes, head }),
  });
  for (const chunk of chunks) splitter.push(chunk);
  splitter.end();
  return told;
}

/** What the same bytes must give however they are cut. */
function expected(bytes: Buffer, limit: number): Told[] {
  const lines = bytes.toString("latin1").split("\n");
  return lines
    .filter((line) => line !== "")
    .map((line) =>
      line.length <= limit
        ? line
        : { oversized: line.length, head: Buffer.from(line.slice(0, HEAD_BYTES), "latin1").toString() },
    );
}

/** Cuts at the given places; each piece is a read chunk of its own. */
function cut(bytes: Buffer, places: readonly number[]): Buffer[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  const edges = [0, ...at, bytes.length];
  return edges.slice(1).map((edge, index) => Buffer.from(bytes.subarray(edges[index], edge)));
}

/** Lines of any bytes, often empty, ended by LF or CRLF; the last one perhaps by nothing. */
const stream = fc
  .tuple(
    fc.array(
      fc.tuple(
        fc.oneof(fc.uint8Array({ maxLength: 30 }), fc.uint8Array({ minLength: 250, maxLength: 600 })),
        fc.constantFrom("\n", "\r\n", "\n\n"),
      ),
      { maxLength: 12 },
    ),
    fc.uint8Array({ maxLength: 40 }),
  )
  .map(([lines, rest]) => Buffer.concat([...lines.flatMap(([line, end]) => [line, Buffer.from(end)]), rest]));
const places = fc.array(fc.nat(5_000), { maxLength: 40 });

const splits = suite("frame-splitter: chunks");

splits("any chunking of the same bytes gives the same frames", () => {
  fc.assert(
    fc.property(stream, places, fc.integer({ min: HEAD_BYTES, max: 700 }), (bytes, places, limit) => {
      const told = split(cut(bytes, places), limit);
      assert.equal(told, expected(bytes, limit));
    }),
    { numRuns: 300 },
  );
});

splits("also with a limit that is shorter than the head of an oversized line", () => {
  const withoutHead = (told: readonly Told[]) =>
    told.map((one) => (typeof one === "string" ? one : one.oversized));
  fc.assert(
    fc.property(stream, places, fc.integer({ min: 1, max: HEAD_BYTES }), (bytes, places, limit) => {
      assert.equal(withoutHead(split(cut(bytes, places), limit)), withoutHead(expected(bytes, limit)));
    }),
  );
});

splits("byte by byte", () => {
  fc.assert(
    fc.property(stream, fc.integer({ min: HEAD_BYTES, max: 300 }), (bytes, limit) => {
      const told = split(
        Array.from(bytes, (byte) => Buffer.from([byte])),
        limit,
      );
      assert.equal(told, expected(bytes, limit));
    }),
    { numRuns: 50 },
  );
});

const rows: readonly (readonly [title: string, chunks: string[], frames: string[]])[] = [
  ["nothing", [], []],
  ["an empty chunk", [""], []],
  ["newlines alone", ["\n\n", "\n"], []],
  ["two lines in a chunk", ["a\nb\n"], ["a", "b"]],
  ["a line in two chunks", ["a", "b\n"], ["ab"]],
  ["a newline as a chunk", ["a", "\n", "b", "\n"], ["a", "b"]],
  ["a carriage return stays: it is white space to JSON", ["a\r\n"], ["a\r"]],
  ["a last line without its newline", ["a\nb"], ["a", "b"]],
  ["a character cut in two", ["\u00c3", "\u00a9\n"], ["\u00c3\u00a9"]],
  ["a NUL byte", ["a\u0000b\n"], ["a\u0000b"]],
];
for (const [title, chunks, frames] of rows) {
  splits(title, () => {
    assert.equal(split(chunks.map((text) => Buffer.from(text, "latin1"))), frames);
  });
}

splits("the end tells the last line once", () => {
  const frames: string[] = [];
  const splitter = new FrameSplitter(100, { frame: (bytes) => frames.push(String(bytes)), oversized() {} });
  splitter.push(Buffer.from("last"));
  splitter.end();
  splitter.end();
  assert.equal(frames, ["last"]);
});

splits("short lines in runs are the same lines, and a run is short unless its line is long", () => {
  fc.assert(
    fc.property(fc.array(stream, { maxLength: 6 }), places, fc.nat(700), (parts, places, shortBytes) => {
      // A part repeated, for runs that have to be cut.
      const bytes = Buffer.concat([
        ...parts,
        ...Array.from({ length: 60 }, () => parts[0] ?? Buffer.alloc(0)),
      ]);
      const told: string[] = [];
      const sink = {
        frame: (frame: Buffer) => told.push(frame.toString("latin1")),
        run(run: Buffer, ends: readonly number[]) {
          assert.ok(ends.length > 1 && run.length <= MOST_RUN_BYTES);
          const lines = run.toString("latin1").split("\n");
          const lengths = ends.map((end, index) => end - (index === 0 ? 0 : (ends[index - 1] ?? 0) + 1));
          assert.equal(
            lines.map((line) => line.length),
            lengths,
          );
          for (const line of lines) assert.ok(line.length < shortBytes);
          told.push(...lines.filter((line) => line !== ""));
        },
        oversized() {},
      };
      const splitter = new FrameSplitter(NO_LIMIT, sink, shortBytes);
      for (const chunk of cut(bytes, places)) splitter.push(chunk);
      splitter.end();
      assert.equal(told, expected(bytes, NO_LIMIT));
    }),
  );
});

splits.run();

const limits = suite("frame-splitter: the limit");

for (const limit of [1, 2, 255, 256, 257, 4_096]) {
  limits(`a line of ${limit} bytes passes a limit of ${limit}, one more byte does not`, () => {
    const fits = "x".repeat(limit);
    const bytes = Buffer.from(`${fits}\n${fits}y\nz\n${fits}y`);
    for (const step of [1, 7, 256, bytes.length]) {
      const chunks: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += step) chunks.push(bytes.subarray(at, at + step));
      const over = { oversized: limit + 1, head: `${fits}y`.slice(0, HEAD_BYTES) };
      assert.equal(split(chunks, limit), [fits, over, "z", over], `chunks of ${step}`);
    }
  });
}

limits("an oversized line is not held while it streams in", async () => {
  const told: number[] = [];
  const splitter = new FrameSplitter(1_000, {
    frame: () => assert.unreachable("no frame was written"),
    oversized: (frameBytes) => told.push(frameBytes),
  });
  const chunks = pushFresh(splitter, 20, 100_000);
  for (const chunk of chunks) assert.ok(await isCollected(chunk));
  splitter.push(Buffer.from("\n"));
  assert.equal(told, [2_000_000]);
});

limits("neither is one that ends in the chunk in which it began", async () => {
  const splitter = new FrameSplitter(1_000, { frame() {}, oversized() {} });
  const [chunk] = pushFresh(splitter, 1, 100_000, "\n");
  assert.ok(chunk && (await isCollected(chunk)));
});

limits("a chunk is let go once its frames have been told", async () => {
  const splitter = new FrameSplitter(NO_LIMIT, { frame() {}, oversized() {} });
  const [chunk] = pushFresh(splitter, 1, 100_000, "\n");
  assert.ok(chunk && (await isCollected(chunk)));
});

/** Pushes chunks that nobody else holds. */
function pushFresh(
  splitter: FrameSplitter,
  count: number,
  size: number,
  end = "",
): WeakRef<ArrayBufferLike>[] {
  return Array.from({ length: count }, () => {
    const chunk = Buffer.allocUnsafeSlow(size).fill("x");
    chunk.write(end, size - end.length);
    splitter.push(chunk);
    return new WeakRef(chunk.buffer);
  });
}

limits.run();

const memory = suite("frame-splitter: whose memory");

memory("a frame is a view on its chunk, or fills a buffer of its own that is not Node's pool", () => {
  fc.assert(
    fc.property(stream, places, (bytes, places) => {
      const chunks = cut(bytes, places);
      const buffers = new Set<ArrayBufferLike>(chunks.map(({ buffer }) => buffer));
      const splitter = new FrameSplitter(NO_LIMIT, {
        frame(frame) {
          const fillsBuffer = frame.byteOffset === 0 && frame.byteLength === frame.buffer.byteLength;
          assert.is(buffers.has(frame.buffer), !fillsBuffer);
        },
        oversized() {},
      });
      for (const chunk of chunks) splitter.push(chunk);
      splitter.end();
    }),
  );
});

memory("a frame with a buffer of its own can be transferred, and the next one is not affected", () => {
  const frames: string[] = [];
  const splitter = new FrameSplitter(NO_LIMIT, {
    frame(frame) {
      frames.push(frame.toString());
      if (frame.byteLength === frame.buffer.byteLength && frame.buffer instanceof ArrayBuffer) {
        structuredClone(frame.buffer, { transfer: [frame.buffer] });
      }
    },
    oversized() {},
  });
  for (const text of ["one, cut", " in two\ntwo, cut", " in two\nthree\n", "four, cut", " in two\n"]) {
    splitter.push(Buffer.from(text));
  }
  assert.equal(frames, ["one, cut in two", "two, cut in two", "three", "four, cut in two"]);
});

memory("a line of many chunks is joined once", () => {
  const chunk = Buffer.alloc(1_000, "x");
  const splitter = new FrameSplitter(NO_LIMIT, { frame() {}, oversized() {} });
  // Joining copies; whoever copied at each chunk would have copied half a gigabyte by the end of this line.
  const copied = bytesCopied(() => {
    for (let i = 0; i < 1_000; i++) splitter.push(chunk);
    splitter.push(Buffer.from("\n"));
  });
  assert.ok(copied < 3_000_000, `copied ${copied} bytes for a line of 1,000,000`);
});

/** Bytes that were copied between buffers meanwhile. */
function bytesCopied(run: () => void): number {
  const { set } = Uint8Array.prototype;
  const { concat } = Buffer;
  let copied = 0;
  Uint8Array.prototype.set = function (this: Uint8Array, source: ArrayLike<number>, offset?: number) {
    copied += source.length;
    return set.call(this, source, offset);
  };
  Buffer.concat = (list, length) => {
    const joined = concat(list, length);
    copied += joined.length;
    return joined;
  };
  try {
    run();
  } finally {
    Uint8Array.prototype.set = set;
    Buffer.concat = concat;
  }
  return copied;
}

memory.run();
