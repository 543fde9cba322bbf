import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { encodeAnswer, packAnswer } from "../../src/channel/packed-answer.js";
import { InvalidArgumentError } from "../../src/errors.js";

const packing = suite("packAnswer");

const LONG = 8_192;
const long = `${"x".repeat(LONG)} "quoted"\n\u2028 漢 \ud800`;
const bytes = new Uint8Array(LONG).map((_, index) => index * 7);
const base64 = Buffer.from(bytes).toString("base64");

/** As the worker gets it. */
function crossed(answer: object): string {
  const { value, transfer } = packAnswer(answer);
  return encodeAnswer(structuredClone(value, { transfer }));
}

const rows: [title: string, answer: object, expected: unknown][] = [
  ["a small answer", { a: [1, "x", null, true, { b: {} }] }, { a: [1, "x", null, true, { b: {} }] }],
  ["a long text", { a: long, b: 1 }, { a: long, b: 1 }],
  ["bytes, long or short", { a: bytes, b: [Buffer.from("abc")] }, { a: base64, b: ["YWJj"] }],
  [
    "several in order",
    [long, { a: bytes, b: long }, long, [bytes]],
    [long, { a: base64, b: long }, long, [base64]],
  ],
  [
    "integer keys, which go first",
    { b: `${long}b`, 2: `${long}2`, 1: bytes },
    { 1: base64, 2: `${long}2`, b: `${long}b` },
  ],
  ["what JSON leaves out", { a: undefined, b: () => long, c: long, d: Symbol("x") }, { c: long }],
  [
    "values with a toJSON",
    { at: new Date(0), url: new URL("http://a/") },
    { at: "1970-01-01T00:00:00.000Z", url: "http://a/" },
  ],
  ["a toJSON that gives a long text", { a: { toJSON: () => long }, b: bytes }, { a: long, b: base64 }],
  ["a field of that name", { toJSON: "x", a: { toJSON: long } }, { toJSON: "x", a: { toJSON: long } }],
  ["no prototype", Object.assign(Object.create(null), { a: long }), { a: long }],
  ["fields of a list, which JSON leaves out", { a: Object.assign([long], { more: long }) }, { a: [long] }],
  ["an own __proto__", JSON.parse(`{"__proto__":{"a":"${"x".repeat(LONG)}"},"b":"c"}`), undefined],
];
for (const [title, answer, expected] of rows) {
  packing(title, () => {
    const found = crossed(answer);
    if (expected === undefined) assert.is(found, JSON.stringify(answer));
    else assert.equal(JSON.parse(found), expected);
    assert.not.match(found, "\n", "one line");
  });
}

packing("large parts leave the text, small ones stay", () => {
  const { value, transfer } = packAnswer({ small: "x".repeat(LONG - 1), text: long, image: bytes });
  assert.is(value.pieces.join("").length, LONG - 1 + '{"small":"","text":,"image":}'.length);
  assert.is(value.leaves[0], long);
  assert.equal(transfer, [value.leaves[1]]);
});

packing("the answer and its bytes stay usable", () => {
  const answer = { text: long, list: [bytes.subarray(1, 4)] };
  crossed(answer);
  assert.equal(answer, { text: long, list: [bytes.slice(1, 4)] });
});

packing("any JSON with bytes in it comes out as JSON.stringify with base64 has it", () => {
  const string = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(long, `${long}2`));
  const blob = fc.uint8Array({ maxLength: 20 });
  const { tree } = fc.letrec((tie) => ({
    leaf: fc.oneof(string, blob, fc.double(), fc.boolean(), fc.constantFrom(null, undefined)),
    tree: fc.oneof(
      { depthSize: "small" },
      tie("leaf"),
      fc.array(tie("tree"), { maxLength: 4 }),
      fc.dictionary(fc.oneof(fc.string(), fc.constantFrom("1", "__proto__")), tie("tree"), { maxKeys: 4 }),
    ),
  }));
  const expected = (value: unknown): unknown => {
    if (value instanceof Uint8Array) return Buffer.from(value).toString("base64");
    if (Array.isArray(value)) return value.map(expected);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, expected(part)]));
  };
  fc.assert(
    fc.property(tree, (value) => {
      assert.is(crossed({ value }), JSON.stringify({ value: expected(value) }));
    }),
    { numRuns: 100 },
  );
});

const circle: Record<string, unknown> = {};
circle.again = circle;
const fickle = {
  get text() {
    return reads++ === 0 ? long : "short";
  },
  other: bytes,
};
let reads = 0;
const mistakes: [title: string, answer: object][] = [
  ["a bigint", { a: 1n }],
  ["a circle", circle],
  [
    "a getter that throws",
    {
      get a() {
        throw new Error("no");
      },
    },
  ],
];
for (const [title, answer] of mistakes) {
  packing(`refused: ${title}`, () => {
    assert.throws(
      () => packAnswer(answer),
      (error: unknown) =>
        error instanceof InvalidArgumentError && /cannot be written as JSON/.test(error.message),
    );
  });
}

packing("a value that changes while it is read does no harm", () => {
  assert.equal(JSON.parse(crossed(fickle)), { text: long, other: base64 });
});

packing.run();
