import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { decodeLine } from "../../src/codec/frame-decoder.js";
import { decode, FILLER, MODES, problemOf } from "./decoded-line.js";
import { objectText } from "./json-text.js";

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
