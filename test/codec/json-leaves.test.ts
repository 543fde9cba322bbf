import { deepStrictEqual } from "node:assert/strict";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Leaf } from "../../src/channel/envelope.js";
import { scanJson } from "../../src/codec/json-scanner.js";
import { lazyMessage } from "../channel/lazy-message.js";
import { objectText, tightObjectText } from "./json-text.js";

/** From the scanner: a container with more text than this beside its leaves is a leaf as a whole. */
const EAGER_CONTAINER = 4_096;
/** From the scanner: what a leaf counts in the text around it. */
const PLACEHOLDER = 48;
/** A placeholder may be a few characters longer than it is counted. */
const SLACK = 1.2;

function leavesOf(text: string): readonly Leaf[] {
  const scan = scanJson(Buffer.from(text));
  if ("errorAt" in scan) throw new Error(`no JSON at ${scan.errorAt}`);
  return scan.leaves;
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce<unknown>((inner, key) => Reflect.get(Object(inner), key), value);
}

/** Makes any object large enough to be looked at for leaves, without changing what is in it. */
function frameOf(text: string): string {
  return `{"type":"x","filler":"${"f".repeat(9_000)}","value":${text}}`;
}

const spans = suite("json-scanner: leaves");

spans("lie in order, apart from each other, and hold the value at their path", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 4 }),
      fc.array(fc.constantFrom(500, 1_021, 1_022, 1_023, 5_000), { maxLength: 6 }),
      (value, lengths) => {
        // Without duplicate keys: of those only the last is at the path.
        const strings = lengths.map((length) => ({
          text: "é".repeat(length),
          nested: [{ deep: "y".repeat(length) }],
        }));
        const text = JSON.stringify({ value, strings, flat: Object.fromEntries(Object.entries(strings)) });
        const bytes = Buffer.from(text);
        const whole: unknown = JSON.parse(text);
        let before = 0;
        for (const leaf of leavesOf(text)) {
          assert.ok(leaf.start >= before && leaf.end > leaf.start);
          before = leaf.end;
          const found: unknown = JSON.parse(bytes.toString("utf8", leaf.start, leaf.end));
          deepStrictEqual(found, at(whole, leaf.path));
          assert.is(Array.isArray(found) ? "array" : typeof found, leaf.kind);
          assert.type(leaf.path.at(-1), "string", "a leaf is a property, never an element");
        }
        assert.ok(before <= bytes.length);
      },
    ),
    { numRuns: 200 },
  );
});

const rows: readonly (readonly [title: string, value: unknown, paths: string[]])[] = [
  ["a string of 1,023 bytes with its quotes stays", { a: "x".repeat(1_021) }, []],
  ["one of 1,024 does not", { a: "x".repeat(1_022) }, ["a"]],
  ["bytes count, not characters", { a: "é".repeat(511) }, ["a"]],
  ["an element stays, however long", { a: ["x".repeat(3_000)] }, []],
  ["an array of too much text is one leaf", { a: ["x".repeat(3_000), "x".repeat(3_000)] }, ["a"]],
  ["so is an object, with all that is in it", { a: many(400) }, ["a"]],
  ["within an array it is the array", { a: [many(400)] }, ["a"]],
  ["a property of an element can be one", { a: [{ b: "x".repeat(2_000) }] }, ["a.0.b"]],
  ["the innermost is taken, the outer one stays", { a: { b: { c: many(400) }, d: 1 } }, ["a.b.c"]],
  ["a container of many leaves is one itself", { a: longStrings(100) }, ["a"]],
  ["the root never is", many(400), []],
];
for (const [title, value, paths] of rows) {
  spans(title, () =>
    assert.equal(
      leavesOf(JSON.stringify(value)).map(({ path }) => path.join(".")),
      paths,
    ),
  );
}

function many(count: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, index]));
}

function longStrings(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`key ${index}`, "x".repeat(2_000)]));
}

spans.run();

const roundTrip = suite("json-scanner: leaves cut out and put back");

roundTrip("give the value that JSON.parse gives", () => {
  fc.assert(
    fc.property(objectText, (text) => {
      const frame = frameOf(text);
      const { message } = lazyMessage(frame);
      const whole: unknown = JSON.parse(frame);
      deepStrictEqual(message, whole);
      assert.is(JSON.stringify(message), JSON.stringify(whole), "in the same order");
    }),
    { numRuns: 400 },
  );
});

const L = JSON.stringify("x".repeat(2_000));
const M = JSON.stringify("y".repeat(2_000));
const BULK = JSON.stringify(Array.from({ length: 1_500 }, (_, index) => index));
const OBJECT = JSON.stringify(many(500));
const texts: Readonly<Record<string, string>> = {
  "a duplicate key, both long": `{"a":${L},"a":${M}}`,
  "a duplicate key, the first long": `{"a":${L},"a":1}`,
  "a duplicate key, the last long": `{"a":1,"a":${L}}`,
  "a leaf within what a duplicate replaces": `{"a":{"b":${L}},"a":{"c":1}}`,
  "a leaf within what a number replaces": `{"a":{"b":${L}},"a":5}`,
  "a leaf within what an array replaces": `{"a":{"0":${L}},"a":[7]}`,
  "a leaf that another one's parent replaces": `{"a":${OBJECT},"a":{"b":${L}}}`,
  "a leaf whose parent becomes one": `{"a":{"b":${L}},"a":${OBJECT}}`,
  "the same path, twice a leaf": `{"a":{"b":${L}},"a":{"b":${M}}}`,
  "a key in two spellings": `{"a":${L},"\\u0061":${M}}`,
  "__proto__ long": `{"__proto__":${L}}`,
  "__proto__ as an object leaf": `{"__proto__":${OBJECT}}`,
  "a leaf within __proto__": `{"__proto__":{"toString":${L}},"a":1}`,
  "__proto__ twice": `{"__proto__":{"a":${L}},"__proto__":{"a":${M}}}`,
  "__proto__ spelled out": `{"\\u005f\\u005fproto__":${L}}`,
  "keys of Object.prototype": `{"constructor":${L},"toString":${M},"hasOwnProperty":{"x":${L}}}`,
  "a toJSON that is text": `{"toJSON":${L}}`,
  "an empty key": `{"":${L},"a":{"":${M}}}`,
  "a key of a lone surrogate": `{"\\ud800":${L}}`,
  "keys of many alphabets": `{"日本":${L},"\u{1F600}":{"é":${M}},"\u2028":1}`,
  "number-like keys": `{"10":${L},"9":${M},"0":1,"a":{"1":${L}}}`,
  "arrays in arrays": `{"a":[[[[{"b":${L}}],[]],${M}]]}`,
  "a huge flat array": `{"a":${BULK}}`,
  "a huge flat object": `{"a":${OBJECT}}`,
  "huge objects in an array": `{"a":[${OBJECT},${OBJECT}]}`,
  "blanks everywhere": `{ "a" :\t[ ${L} , { "b" : ${M} } ] }`,
};
for (const [title, text] of Object.entries(texts)) {
  for (const frame of [frameOf(text), `${text.slice(0, -1)},"type":"x","filler":"${"f".repeat(9_000)}"}`]) {
    roundTrip(`${title}${frame.startsWith('{"type"') ? "" : ", at the root"}`, () => {
      const whole: unknown = JSON.parse(frame);
      deepStrictEqual(lazyMessage(frame).message, whole);
      assert.is(JSON.stringify(lazyMessage(frame).message), JSON.stringify(whole));
    });
  }
}

roundTrip("text that looks like a placeholder is text", () => {
  const { frame } = lazyMessage({ type: "x", a: "x".repeat(9_000) });
  const placeholder = `${frame.mark}0`;
  const forged = {
    type: "x",
    a: placeholder,
    b: { [placeholder]: 0 },
    c: [placeholder],
    d: "x".repeat(9_000),
  };
  deepStrictEqual(lazyMessage(forged).message, forged);
});

roundTrip.run();

const bounds = suite("json-scanner: bounds");

/** Lengths of the text of all containers but the root. */
function containersOf(eagerText: string): number[] {
  const lengths: number[] = [];
  JSON.parse(eagerText, (key, value: unknown) => {
    if (key !== "" && typeof value === "object" && value !== null) lengths.push(JSON.stringify(value).length);
    return value;
  });
  return lengths;
}

bounds("no container but the root keeps more text than the constant, whatever the frame", () => {
  fc.assert(
    fc.property(tightObjectText, (text) => {
      const { eagerText } = lazyMessage(frameOf(text));
      const longest = Math.max(...containersOf(eagerText), 0);
      assert.ok(longest <= EAGER_CONTAINER * SLACK, `a container kept ${longest} characters`);
    }),
    { numRuns: 300 },
  );
});

bounds("no property of the root has more leaves than fit the constant", () => {
  const most = EAGER_CONTAINER / PLACEHOLDER;
  fc.assert(
    fc.property(tightObjectText, (text) => {
      const counts = new Map<unknown, number>();
      for (const { path } of leavesOf(frameOf(text))) counts.set(path[0], (counts.get(path[0]) ?? 0) + 1);
      for (const [key, count] of counts) assert.ok(count <= most, `${String(key)} has ${count} leaves`);
    }),
    { numRuns: 300 },
  );
});

for (const [title, value] of [
  ["long strings in objects", Array.from({ length: 500 }, () => ({ text: "x".repeat(1_500) }))],
  ["long strings in an object", longStrings(500)],
  ["objects just below the constant", Array.from({ length: 50 }, () => many(250))],
  ["a table", Array.from({ length: 3_000 }, (_, index) => [index, `row ${index}`, null])],
  [
    "a deep tree",
    Array.from({ length: 1_000 }).reduce<unknown>((inner) => ({ inner, more: [1, 2, 3] }), "leaf"),
  ],
] as const) {
  bounds(`${title}: little text, few leaves`, () => {
    const { eagerText, frame } = lazyMessage({ type: "x", value });
    assert.ok(eagerText.length <= EAGER_CONTAINER * SLACK, `${eagerText.length} characters of text`);
    assert.ok(frame.leaves.length <= EAGER_CONTAINER / PLACEHOLDER, `${frame.leaves.length} leaves`);
  });
}

bounds("white space counts as text: it is copied and parsed like the rest", () => {
  const { eagerText } = lazyMessage(frameOf(`{"a":[1,${" ".repeat(50_000)}2]}`));
  assert.ok(eagerText.length <= EAGER_CONTAINER * SLACK, `${eagerText.length} characters of text`);
});

bounds(
  "reading keys costs no more than the depth, also when leaf after leaf becomes part of a larger one",
  () => {
    const depth = 20_000;
    const bytes = Buffer.from(`{"type":"x","v":${'{"a":'.repeat(depth)}1${"}".repeat(depth)}}`);
    const keysRead = parsesDuring(() => scanJson(bytes));
    assert.ok(keysRead <= 4 * depth, `${keysRead} keys were parsed for ${depth} levels`);
  },
);

/** Calls of JSON.parse meanwhile: the scanner makes one for each key of a leaf's path. */
function parsesDuring(run: () => void): number {
  const { parse } = JSON;
  let calls = 0;
  JSON.parse = (...given) => {
    calls += 1;
    return parse(...given);
  };
  try {
    run();
  } finally {
    JSON.parse = parse;
  }
  return calls;
}

bounds.run();
