import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type CliStep, emit, exit, lineEnding, writeInChunks } from "../../../src/testing/index.js";
import { assertNothingRuns, open, receive, receiveToEnd } from "../../support/scripted.js";

/** Characters of one to four bytes, escapes, and what looks like a line end but is none. */
const TEXTS = [
  "plain",
  "größe naïve",
  "日本語のテキスト",
  "🚀👩‍👩‍👧‍👦 family",
  'quotes " \\ and / slashes',
  "line\nfeed\rreturn\ttab",
  "\u2028 \u2029 \u0085 \ufeff",
  "",
];

const MESSAGES = TEXTS.map((text, index) => ({ type: "chunked", index, text, nested: [{ text }, null] }));

const sizes = suite("frames in writes of a fixed size");

for (const size of [1, 2, 3, 7, 64, 1000]) {
  for (const ending of ["\n", "\r\n"] as const) {
    sizes(`of ${size} bytes, lines ended by ${JSON.stringify(ending)}`, async () => {
      const script = [lineEnding(ending), writeInChunks(size), ...MESSAGES.map((message) => emit(message))];
      await using client = await open(script);
      assert.equal(await receive(client, MESSAGES.length), MESSAGES);
      assert.is(client.stats().malformedFrames, 0);
    });
  }
}

sizes("a frame that is cut into 30,000 pieces", async () => {
  const message = { type: "long", text: "日本語🚀".repeat(2_000) };
  await using client = await open([writeInChunks(1), emit(message)]);
  assert.equal(await receive(client, 1), [message]);
});

sizes.run();

const endings = suite("the end of the stream");

const LAST_LINES: readonly (readonly [string, string])[] = [
  ["without a newline", '{"type":"last"}'],
  ["with a carriage return alone", '{"type":"last"}\r'],
  ["with a newline", '{"type":"last"}\n'],
  ["with blank lines behind it", '{"type":"last"}\r\n\r\n \t\n\n'],
];

for (const [name, text] of LAST_LINES) {
  endings(`a last line ${name} counts once`, async () => {
    await using client = await open([emit({ type: "first" }), emit(text), exit(0)]);
    const { entries } = await receiveToEnd(client);
    assert.equal(entries, [{ type: "first" }, { type: "last" }]);
    assert.is(client.stats().malformedFrames, 0);
  });
}

endings("blank lines between frames are neither messages nor faults", async () => {
  await using client = await open([emit('\n\n{"type":"a"}\n  \n\r\n\t\n{"type":"b"}\n\n'), exit(0)]);
  const { entries } = await receiveToEnd(client);
  assert.equal(entries, [{ type: "a" }, { type: "b" }]);
  assert.is(client.stats().malformedFrames, 0);
});

endings.run();

const arbitrary = suite("any cut of any frames");

/** A frame as text, with the white space that JSON allows around it. */
const frameText = fc
  .record({
    fields: fc.dictionary(fc.string({ unit: "binary" }), fc.jsonValue({ maxDepth: 3 }), { maxKeys: 5 }),
    // Some frames must be long enough to cross as lazy leaves.
    padding: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.integer({ min: 1, max: 40_000 })),
    space: fc.constantFrom("", " ", "\t"),
    ending: fc.constantFrom("\n", "\r\n", "\n\n"),
  })
  .map(({ fields, padding, space, ending }) => {
    const text = JSON.stringify({
      ...fields,
      type: "any",
      ...(padding > 0 && { text: "ä€🚀".repeat(padding) }),
    });
    return `${space}${text}${space}${ending}`;
  });

const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 30 });

function writes(bytes: Buffer, at: readonly number[]): CliStep[] {
  const offsets = at.map((share) => Math.floor(share * bytes.length)).sort((a, b) => a - b);
  return [...offsets, bytes.length].map((end, index) =>
    emit(bytes.subarray(index === 0 ? 0 : offsets[index - 1], end)),
  );
}

arbitrary("gives the same messages in the same order", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(frameText, { minLength: 1, maxLength: 12 }),
      cuts,
      fc.boolean(),
      async (texts, at, endsWithNewline) => {
        const stream = endsWithNewline ? texts.join("") : texts.join("").trimEnd();
        // Writes longer than any piece: each emit then is one write, with a turn of the loop behind it.
        const script = [writeInChunks(2 ** 30), ...writes(Buffer.from(stream), at), exit(0)];
        await using client = await open(script);
        const { entries } = await receiveToEnd(client);
        const expected: unknown[] = texts.map((text) => JSON.parse(text));
        assert.is(entries.length, expected.length);
        for (const [index, entry] of entries.entries()) {
          assert.ok(isDeepStrictEqual(entry, expected[index]), `frame ${index} differs`);
        }
      },
    ),
    { numRuns: 15 },
  );
});

arbitrary.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
