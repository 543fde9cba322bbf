import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { installLeaves } from "../../src/channel/lazy-leaf.js";
import { type DecodedFrame, decodeLine, isBlank } from "../../workers/frame-decoder.js";
import { largeFrame } from "../../workers/outbox.js";
import { objectText } from "./json-text.js";

const ESC = "\u001b";
/** Makes a frame large, so that it is scanned rather than parsed. */
const FILLER = "f".repeat(9_000);
const MODES = [true, false] as const;

/** The frames of a line, put together as their reader gets them; undefined when the line is refused. */
function decode(line: string | Buffer, lazy = true): unknown[] | undefined {
  const decoded = decodeLine(Buffer.from(line), lazy);
  return "problem" in decoded ? undefined : decoded.frames.map(whole);
}

function whole(frame: DecodedFrame): unknown {
  const message = JSON.parse(frame.text) as object;
  if (frame.large !== undefined) installLeaves(message, largeFrame(0, frame.large));
  return message;
}

function problemOf(line: string, lazy = true): string {
  const decoded = decodeLine(Buffer.from(line), lazy);
  if ("problem" in decoded) return decoded.problem;
  throw new Error("it was accepted");
}

const clean = suite("frame-decoder: frames");

clean("a frame comes out as it went in, lazy or not, small or large", () => {
  fc.assert(
    fc.property(objectText, fc.boolean(), fc.boolean(), (text, large, lazy) => {
      const line = `{"type":"x","filler":"${large ? FILLER : ""}","value":${text}}`;
      deepStrictEqual(decode(line, lazy), [JSON.parse(line)]);
    }),
    { numRuns: 200 },
  );
});

clean("a small frame's text is what the child wrote", () => {
  const line = ' { "type" : "x" , "n" : 1.0 } ';
  const decoded = decodeLine(Buffer.from(line), true);
  assert.ok("frames" in decoded);
  assert.is(decoded.frames[0]?.text, line);
  assert.is(decoded.frames[0]?.large, undefined);
  assert.is(decoded.frames[0]?.byteLength, line.length);
});

clean("text and value say the same", () => {
  for (const line of ['{"type":"x","a":[1]}', `{"type":"x","a":"${FILLER}","b":{"c":"${FILLER}"}}`]) {
    const decoded = decodeLine(Buffer.from(line), true);
    assert.ok("frames" in decoded);
    const [frame] = decoded.frames;
    assert.ok(frame);
    deepStrictEqual(JSON.parse(frame.text), frame.value);
    assert.is(frame.byteLength, line.length);
  }
});

clean("leaves are made from 8 KiB on, when they are allowed, and where there is something to gain", () => {
  const leaves = (line: string, lazy = true) => {
    const decoded = decodeLine(Buffer.from(line), lazy);
    return "frames" in decoded ? decoded.frames[0]?.large?.leaves.length : assert.unreachable();
  };
  const sized = (bytes: number) => `{"type":"x","v":"${"x".repeat(bytes - 19)}"}`;
  assert.is(sized(8_192).length, 8_192);
  assert.is(leaves(sized(8_191)), undefined);
  assert.is(leaves(sized(8_192)), 1);
  assert.is(leaves(sized(8_192), false), undefined);
  const small = Object.fromEntries(Array.from({ length: 2_000 }, (_, index) => [`k${index}`, index]));
  assert.is(leaves(JSON.stringify({ type: "x", ...small })), undefined);
});

const routes: readonly (readonly [frame: object, route: string])[] = [
  [{ type: "assistant", message: {} }, "message"],
  [{ type: "something new" }, "message"],
  [{ type: "control_request", request_id: "1", request: { subtype: "x" } }, "control_request"],
  [{ type: "control_response", response: { subtype: "success", request_id: "1" } }, "control_response"],
  [{ type: "control_cancel_request", request_id: "1" }, "control_cancel_request"],
];
for (const [frame, route] of routes) {
  clean(`${JSON.stringify(frame)} goes the way of a ${route}, small or large`, () => {
    for (const line of [frame, { ...frame, filler: FILLER }]) {
      const decoded = decodeLine(Buffer.from(JSON.stringify(line)), true);
      assert.ok("frames" in decoded);
      assert.is(decoded.frames[0]?.route, route);
    }
  });
}

const size = fc.constantFrom(0, 100, 900, 1_000, 1_500, 3_000, 3_900, 4_050);
const some = (bytes: number) => Array.from({ length: Math.ceil(bytes / 100) }, () => "x".repeat(95));

clean("how much a control frame holds, and where, does not change what becomes of it", () => {
  fc.assert(
    fc.property(size, size, size, size, (input, suggestions, reason, extra) => {
      const request = {
        subtype: "can_use_tool",
        tool_name: "Edit",
        input: { edits: some(input) },
        permission_suggestions: some(suggestions),
        decision_reason: "r".repeat(Math.min(reason, 1_000)),
      };
      const response = {
        subtype: "success",
        request_id: "1",
        response: { a: some(input) },
        b: some(suggestions),
      };
      for (const frame of [
        { type: "control_request", request_id: "1", request, extra: "e".repeat(2 * extra) },
        { type: "control_response", response, extra: "e".repeat(2 * extra) },
        { type: "assistant", message: { content: some(input), more: some(suggestions) }, extra: some(extra) },
      ]) {
        const line = Buffer.from(JSON.stringify(frame));
        const verdict = (lazy: boolean) => {
          const decoded = decodeLine(line, lazy);
          return "problem" in decoded ? decoded.problem : decoded.frames.map(({ route }) => route);
        };
        assert.equal(verdict(true), verdict(false), `${line.length} bytes`);
      }
    }),
  );
});

clean("the ids that the control plane goes by are read as they are, however long", () => {
  const id = "i".repeat(2_000);
  for (const frame of [
    { type: "control_cancel_request", request_id: id, filler: FILLER },
    { type: "control_request", request_id: id, request: { subtype: "x" }, filler: FILLER },
  ]) {
    const decoded = decodeLine(Buffer.from(JSON.stringify(frame)), true);
    assert.ok("frames" in decoded);
    assert.is(String(decoded.frames[0]?.value.request_id).slice(0, 8), "iiiiiiii");
  }
});

clean.run();

const junk = suite("frame-decoder: junk around frames");

const A = '{"type":"a","n":{"m":[1,{}]}}';
const LARGE = `{"type":"large","filler":"${FILLER}"}`;
const cut: readonly (readonly [title: string, line: string, frames: string[]])[] = [
  ["colour codes", `${ESC}[0m${A}${ESC}[39m`, [A]],
  ["a byte order mark", `\uFEFF${A}`, [A]],
  ["a log prefix", `[12:00:01] info: ${A}`, [A]],
  ["a prefix with braces", `{debug} {1,2} { ${A}`, [A]],
  ["a suffix", `${A} -- done`, [A]],
  ["a carriage return", `${A}\r`, [A]],
  ["a form feed, which JSON does not know", `${A}\f`, [A]],
  ["a NUL byte on either side", `\u0000${A}\u0000`, [A]],
  ["two frames", `${A}${LARGE}`, [A, LARGE]],
  ["two large frames", `${LARGE}${LARGE}`, [LARGE, LARGE]],
  ["three frames with junk between", `${A} then ${A}, and ${LARGE}`, [A, A, LARGE]],
  ["a frame and an object that is none", `{"no":"type"}${A}`, [A]],
  ["sixteen frames", A.repeat(16), Array.from({ length: 16 }, () => A)],
  ["a large frame behind a prefix", `warning ${LARGE}`, [LARGE]],
];
for (const [title, line, frames] of cut) {
  junk(title, () => {
    for (const lazy of MODES)
      deepStrictEqual(
        decode(line, lazy),
        frames.map((text) => JSON.parse(text)),
      );
  });
}

junk("the same around any frame", () => {
  const around = fc.constantFrom("", `${ESC}[2K`, "\uFEFF", "log: ", "] ", '"', "\u0007", "} ");
  fc.assert(
    fc.property(around, objectText, around, fc.boolean(), (before, text, after, lazy) => {
      const frame = `{"type":"x","value":${text}}`;
      // A brace behind a frame shows that it may have stood inside another: then it is refused.
      const expected = after === "} " ? undefined : [JSON.parse(frame)];
      deepStrictEqual(decode(before + frame + after, lazy), expected);
    }),
    { numRuns: 200 },
  );
});

const refused: readonly (readonly [title: string, line: string])[] = [
  ["text", "hello"],
  ["an opening brace", "{"],
  ["null", "null"],
  ["a number", "42"],
  ["a string", '"{}"'],
  ["an array", `[${A}]`],
  ["a large array", `[${LARGE}]`],
  ["an object without a type", "{}"],
  ["an empty type", '{"type":""}'],
  ["a type that is no string", '{"type":1}'],
  ["an assistant frame without a message", '{"type":"assistant"}'],
  ["a control request without an id", '{"type":"control_request","request":{"subtype":"x"}}'],
  ["a large frame without a type", `{"filler":"${FILLER}"}`],
  ["a frame with a bad escape", '{"type":"\\x"}'],
  ["a frame with a control character", '{"type":"a\u0001"}'],
  ["a frame within one that is broken before it", `{"type":"a","b":oops,"c":${A}}`],
  ["a frame within one that is broken behind it", `{"type":"a","c":${A},oops}`],
  ["a frame within one whose beginning is missing", `"a":{"b":${A}}}`],
  ["a frame within one whose beginning and end are missing", `"a":{"b":${A}},"c":{"d":`],
  ["the same, right inside of it", `"a":${A},"b":1},"c":{"d":`],
];
for (const [title, line] of refused) {
  junk(`${title} is refused, with a reason`, () => {
    for (const lazy of MODES) assert.ok(problemOf(line, lazy).length > 0);
  });
}

junk("a reason quotes nothing of the line, which may hold anything", () => {
  for (const line of [
    "secret",
    '{"type": secret}',
    '{"type":"secret","x":}',
    `{"filler":"${FILLER}", secret}`,
  ]) {
    for (const lazy of MODES) assert.not.match(problemOf(line, lazy), /secret|ecret/);
  }
});

const blanks: readonly (readonly [line: string, blank: boolean])[] = [
  ["", true],
  [" \t\r\n\v\f", true],
  ["\u00a0", false],
  ["\u0000", false],
  ["\uFEFF", false],
  [" . ", false],
];
for (const [line, blank] of blanks) {
  junk(`${JSON.stringify(line)} is ${blank ? "" : "not "}blank`, () =>
    assert.is(isBlank(Buffer.from(line)), blank),
  );
}

junk.run();

const broken = suite("frame-decoder: broken frames");

/** Frames full of parts that could pass for frames themselves. */
const nested = objectText.map(
  (text) =>
    `{"type":"a","list":[{"type":"b","value":${text}},{"type":"c"}],"object":{"type":"d","inner":${text}}}`,
);

broken("whatever is missing at its end, no part of a frame passes for one", () => {
  fc.assert(
    fc.property(nested, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (frame, where, lazy) => {
      const bytes = Buffer.from(frame);
      assert.is(decode(bytes.subarray(0, Math.floor(where * (bytes.length - 1))), lazy), undefined);
    }),
    { numRuns: 500 },
  );
});

broken("nor whatever is missing at its beginning", () => {
  fc.assert(
    fc.property(nested, fc.double({ min: 0, max: 1, noNaN: true }), fc.boolean(), (frame, where, lazy) => {
      const bytes = Buffer.from(frame);
      assert.is(decode(bytes.subarray(1 + Math.floor(where * (bytes.length - 1))), lazy), undefined);
    }),
    { numRuns: 500 },
  );
});

broken("a frame cut off by another one: the other one passes, or neither", () => {
  fc.assert(
    fc.property(nested, nested, fc.double({ min: 0, max: 1, noNaN: true }), (first, second, where) => {
      const frames = decode(first.slice(0, Math.floor(where * (first.length - 1))) + second);
      if (frames !== undefined) deepStrictEqual(frames, [JSON.parse(second)]);
    }),
    { numRuns: 300 },
  );
});

broken("it never throws, whatever the bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.boolean(), fc.boolean(), (bytes, lazy, long) => {
      decodeLine(Buffer.concat([Buffer.from(long ? `{"type":"${FILLER}` : "{"), bytes]), lazy);
    }),
    { numRuns: 500 },
  );
});

broken("bytes that are no UTF-8 become U+FFFD, as everywhere in Node", () => {
  for (const filler of ["", FILLER]) {
    const line = Buffer.concat([
      Buffer.from(`{"type":"x","f":"${filler}","v":"`),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    for (const lazy of MODES) deepStrictEqual(decode(line, lazy), [{ type: "x", f: filler, v: "\uFFFD" }]);
  }
});

broken("a line of nothing but opening braces is given up soon", () => {
  const line = Buffer.alloc(2_000_000, "{");
  assert.ok("problem" in decodeLine(line, true));
});

broken.run();

const deep = suite("frame-decoder: deep nesting");

const LEVELS = 200_000;
const shapes: readonly (readonly [title: string, open: string, close: string])[] = [
  ["arrays", "[", "]"],
  ["objects", '{"a":', "}"],
];
for (const [title, open, close] of shapes) {
  for (const lazy of MODES) {
    deep(`${LEVELS} ${title} in each other, ${lazy ? "" : "not "}lazy`, () => {
      const line = `{"type":"x","v":${open.repeat(LEVELS)}1${close.repeat(LEVELS)}}`;
      assert.is(depthOf(decode(line, lazy)?.[0]), LEVELS + 1);
    });
  }
  deep(`1,000 ${title} in a small frame`, () => {
    const line = `{"type":"x","v":${open.repeat(1_000)}1${close.repeat(1_000)}}`;
    assert.ok(line.length < 8_192);
    assert.is(depthOf(decode(line)?.[0]), 1_001);
  });
  deep(`${title} that are not closed are refused`, () => {
    for (const lazy of MODES) assert.ok(problemOf(`{"type":"x","v":${open.repeat(LEVELS)}`, lazy));
  });
}

/** Without recursion: levels of containers, along the last property of each. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let inner = value; typeof inner === "object" && inner !== null; inner = Object.values(inner).at(-1))
    depth++;
  return depth;
}

deep.run();
