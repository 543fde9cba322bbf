import { setImmediate as nextTurn } from "node:timers/promises";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { StderrLog } from "../../workers/stderr-log.js";

const KEPT = 256 * 1024;
const KEPT_FOR_READER = 64 * 1024 * 1024;
const TAIL = 4 * 1024;

const log = suite("stderr-log");

log("what came is read once, in order, then null", async () => {
  const stderr = new StderrLog();
  stderr.push("one ");
  stderr.push("two");
  assert.is(await stderr.read(), "one two");
  stderr.push("three");
  stderr.end();
  assert.is(await stderr.read(), "three");
  assert.is(await stderr.read(), null);
  assert.is(await stderr.read(), null);
});

log("a reader waits for text", async () => {
  const stderr = new StderrLog();
  const reading = stderr.read();
  await nextTurn();
  stderr.push("late");
  assert.is(await reading, "late");
});

log("a reader that waits is told of the end", async () => {
  const stderr = new StderrLog();
  const reading = stderr.read();
  await nextTurn();
  stderr.end();
  assert.is(await reading, null);
});

log("of unread text the last 256 KiB are kept, of all text the last 4 KiB", () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom("a", "b\n", "é"), fc.constantFrom(1, 1_000, 100_000, 300_000)), {
        maxLength: 12,
      }),
      (pieces) => {
        const stderr = new StderrLog();
        const texts = pieces.map(([text, times]) => text.repeat(times));
        for (const text of texts) stderr.push(text);
        const all = texts.join("");
        assert.ok(stderr.unread === all.slice(-KEPT));
        assert.ok(stderr.tail === all.slice(-TAIL));
      },
    ),
    { numRuns: 40 },
  );
});

log("reading takes nothing from the tail", async () => {
  const stderr = new StderrLog();
  stderr.push("last words");
  await stderr.read();
  assert.is(stderr.tail, "last words");
  assert.is(stderr.unread, "");
});

log("what is kept begins with a whole character", () => {
  const stderr = new StderrLog();
  stderr.push(`${"\u{1F600}".repeat(KEPT)}x`);
  for (const kept of [stderr.unread, stderr.tail]) assert.not.match(kept, /^[\udc00-\udfff]/);
});

log("a line costs no more when nobody has read the ones before", () => {
  const line = "a line of a chatty child, as many of them as it likes to write\n";
  const copied = charactersCopied(() => {
    const stderr = new StderrLog();
    for (let i = 0; i < 20_000; i++) stderr.push(line);
  });
  assert.ok(copied < 200 * 20_000 * line.length, `${copied} characters were cut to keep ${KEPT}`);
});

log("nor does one that drops the oldest of a million", async () => {
  const line = "a line of a chatty child, as many of them as it likes to write\n";
  const stderr = new StderrLog();
  stderr.push("somebody reads; ");
  await stderr.read();
  const kept = Math.floor(KEPT_FOR_READER / line.length);
  const moved = elementsMoved(() => {
    for (let i = 0; i < 2 * kept; i++) stderr.push(line);
  });
  assert.ok(moved < 10 * kept, `${moved} lines were moved to drop ${kept}`);
  const unread = stderr.unread;
  assert.is(unread.length, KEPT_FOR_READER);
  assert.ok(unread.endsWith(`\n${line}`));
});

log("what a reader who is behind has not read yet is kept", async () => {
  const stderr = new StderrLog();
  stderr.push("first ");
  assert.is(await stderr.read(), "first ");
  stderr.push("a".repeat(KEPT));
  stderr.push("b".repeat(KEPT));
  const text = await stderr.read();
  assert.is(text?.length, 2 * KEPT);
});

/** Elements of arrays that were moved meanwhile. */
function elementsMoved(run: () => void): number {
  const { shift, slice, splice } = Array.prototype;
  let moved = 0;
  const counting = <This extends unknown[], Args extends unknown[], Result>(
    method: (this: This, ...args: Args) => Result,
  ) =>
    function (this: This, ...args: Args): Result {
      moved += this.length;
      return method.apply(this, args);
    };
  Object.assign(Array.prototype, {
    shift: counting(shift),
    slice: counting(slice),
    splice: counting(splice),
  });
  try {
    run();
  } finally {
    Object.assign(Array.prototype, { shift, slice, splice });
  }
  return moved;
}

/** Characters in strings that were cut meanwhile: a cut of a text that was put together must first copy it. */
function charactersCopied(run: () => void): number {
  const { slice } = String.prototype;
  let copied = 0;
  String.prototype.slice = function (this: string, from, to) {
    copied += this.length;
    return slice.call(this, from, to);
  };
  try {
    run();
  } finally {
    String.prototype.slice = slice;
  }
  return copied;
}

log.run();
