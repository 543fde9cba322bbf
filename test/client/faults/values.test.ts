import { inspect, isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { emit, exit } from "../../../src/testing/index.js";
import { assertNothingRuns, open, PATIENCE_MS, receiveToEnd } from "../../support/scripted.js";

/** What the child writes is text, so a value that JSON.stringify would not write can be sent too. */
type Line = string | Buffer;

/** Sends the lines to a lazy and to an eager client; gives what each has received. */
async function exchange(lines: readonly Line[]): Promise<{ lazy: unknown[]; eager: unknown[] }> {
  const script = lines.map((line) => emit(Buffer.concat([Buffer.from(line), Buffer.from("\n")])));
  const [lazy, eager] = await Promise.all(
    [true, false].map(async (isLazy) => {
      await using client = await open([...script, exit(0)], { lazy: isLazy });
      return (await receiveToEnd(client)).entries;
    }),
  );
  return { lazy: lazy ?? [], eager: eager ?? [] };
}

/** Sends the lines, and holds what arrives against what JSON.parse makes of them. */
async function assertValues(lines: readonly Line[]): Promise<void> {
  const { lazy, eager } = await exchange(lines);
  assert.is(lazy.length, lines.length);
  assert.is(eager.length, lines.length);
  for (const [index, line] of lines.entries()) {
    const sent: unknown = JSON.parse(line.toString());
    for (const [name, received] of [
      ["lazy", lazy[index]],
      ["eager", eager[index]],
    ]) {
      const what = `frame ${index}, ${name}: ${line.toString().slice(0, 60)}`;
      // Text first: it also compares the order of keys, and touches every leaf.
      assert.ok(JSON.stringify(received) === JSON.stringify(sent), `${what} has another text`);
      assert.ok(isDeepStrictEqual(received, sent), `${what} has another value`);
      assert.ok(isDeepStrictEqual(structuredClone(received), sent), `${what} clones to another value`);
    }
  }
}

const BIG = "x".repeat(10_000);
/** Each value in a small frame, and in one so large that parts of it stay bytes. */
const bothSizes = (json: string): string[] => [
  `{"type":"v","value":${json}}`,
  `{"type":"v","value":${json},"pad":"${BIG}"}`,
  `{"type":"v","large":{"pad":"${BIG}","value":${json}},"list":[${json},"${BIG}",${json}]}`,
];

const special = suite("values that are easily spoiled");

const VALUES: readonly (readonly [string, string])[] = [
  ["lone surrogates, escaped", '"\\ud800 \\udc00 \\udfff\\ud800"'],
  ["a surrogate pair, escaped", '"\\ud83d\\ude80"'],
  ["NUL characters, escaped", '"a\\u0000b\\u0000"'],
  ["line separators", '"\u2028\u2029\\u2028"'],
  ["a byte order mark within", '"\ufeff"'],
  ["all escapes", '"\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e4"'],
  ["numbers at the edges", "[-0,0.1,1e400,-1e-400,9007199254740993,1E+2,123456789012345678901234567890]"],
  ["empty containers", '[{},[],"",{"":{"":[]}}]'],
  ["white space within", '[ 1 ,\t2 , { "a" : [ ] } ]'],
  ["a key with a newline", '{"a\\nb":1,"\\u0061":2}'],
  ["keys that look like indices", '{"2":"b","1":"a","-1":"c","01":"d"}'],
  ["duplicate keys", '{"a":1,"b":2,"a":3}'],
  ["a __proto__ key", '{"__proto__":{"polluted":true},"b":1}'],
  ["a __proto__ string", '{"__proto__":"text"}'],
  ["a __proto__ given twice", '{"__proto__":{"a":1},"__proto__":{"b":2}}'],
  [
    "names of Object.prototype",
    '{"constructor":{"prototype":{"polluted":true}},"toString":1,"hasOwnProperty":null}',
  ],
  ["toJSON and then", '{"toJSON":1,"then":"x"}'],
];

for (const [name, json] of VALUES) special(name, () => assertValues(bothSizes(json)));

special("large values under duplicate keys: the last one counts, as in JSON.parse", () => {
  const [long, other] = [`"${"l".repeat(9_000)}"`, `"${"o".repeat(9_000)}"`];
  const list = `[${Array.from({ length: 3_000 }, (_, at) => at).join()}]`;
  const pairs = [
    [long, other],
    [long, "1"],
    ["1", long],
    [long, list],
    [list, long],
    [`{"x":${long}}`, `{"x":1}`],
    [`{"x":${long}}`, "{}"],
    [`{"x":1}`, `{"x":${long}}`],
    [`{"x":{"y":${long}}}`, `{"x":{"y":${other}}}`],
    [`{"x":{"y":${long}}}`, "null"],
    [`[{"x":${long}}]`, `[{"x":${other}}]`],
    [`[{"x":${long}}]`, "{}"],
  ];
  return assertValues([
    ...pairs.map(([first, second]) => `{"type":"v","a":${first},"a":${second},"pad":"${BIG}"}`),
    ...pairs.map(
      ([first, second]) => `{"type":"v","__proto__":${first},"__proto__":${second},"pad":"${BIG}"}`,
    ),
    `{"type":"first","type":"v","pad":"${BIG}"}`,
    `{"type":"v","pad":"${BIG}","constructor":{"prototype":{"x":${long}}},"constructor":{}}`,
    `{"type":"v","a":{"__proto__":{"x":${long}}},"a":{},"pad":"${BIG}"}`,
  ]);
});

special("pollute no prototype", async () => {
  await exchange(VALUES.flatMap(([, json]) => bothSizes(json)));
  assert.not.ok("polluted" in {});
  assert.equal(Object.keys(Object.prototype), []);
});

special("a text that imitates a placeholder stays a text", () =>
  assertValues([
    `{"type":"v","pad":"${BIG}","a":"leaf-0","b":{"leaf-0":0},"c":["leaf-0"],"d":"leaf-00000000-0000-0000-0000-000000000000-0"}`,
  ]),
);

special("bytes that are no UTF-8 become replacement characters, lazy or not", async () => {
  const broken = Buffer.from([0x61, 0xff, 0xe2, 0x82, 0x62, 0xed, 0xa0, 0x80]);
  const lines = ["", BIG].map((pad) =>
    Buffer.concat([Buffer.from('{"type":"v","text":"'), broken, Buffer.from(`","pad":"${pad}"}`)]),
  );
  const { lazy, eager } = await exchange(lines);
  assert.equal(
    lazy,
    lines.map((line) => JSON.parse(line.toString("utf8"))),
  );
  assert.equal(eager, lazy);
});

special.run();

const arbitrary = suite("any values");

const json = fc.oneof(
  fc.jsonValue({ maxDepth: 5, noUnicodeString: false }),
  fc.array(fc.record({ path: fc.string(), size: fc.double(), tags: fc.array(fc.string()) }), {
    maxLength: 200,
  }),
  fc.integer({ min: 500, max: 20_000 }).map((length) => 'ä€🚀\\"'.repeat(length / 4)),
  fc.dictionary(
    fc.string({ unit: "binary" }),
    fc.integer({ min: 1_000, max: 9_000 }).map((length) => "v".repeat(length)),
    { maxKeys: 6 },
  ),
);
const message = fc.dictionary(fc.string(), json, { minKeys: 1, maxKeys: 6 });

arbitrary("are the same lazy, eager and parsed from the line itself", async () => {
  // Many frames per child: starting one costs more than reading all of them.
  const sample = fc.sample(message, { numRuns: 400 });
  await assertValues(sample.map((fields) => JSON.stringify({ ...fields, type: "any" })));
});

arbitrary.run();

const deep = suite("deep nesting");

const LEVELS = 100_000;

/** How many levels a value has; JSON.stringify and deep equality would overflow the stack. */
function depthOf(value: unknown): number {
  let depth = 0;
  for (let at = value; typeof at === "object" && at !== null; depth += 1) at = Object.values(at)[0];
  return depth;
}

for (const lazy of [true, false]) {
  deep(`of ${LEVELS} levels arrives, with lazy: ${lazy}`, async () => {
    const arrays = `{"type":"arrays","v":${"[".repeat(LEVELS)}${"]".repeat(LEVELS)}}\n`;
    const objects = `{"type":"objects","v":${'{"a":'.repeat(LEVELS)}1${"}".repeat(LEVELS)}}\n`;
    await using client = await open([emit(arrays), emit(objects), emit({ type: "after" })], { lazy });
    for (const type of ["arrays", "objects"]) {
      const received = await client.receive({ timeoutMs: PATIENCE_MS });
      assert.is(received.type, type);
      assert.is(depthOf((received as { v?: unknown }).v), LEVELS);
    }
    assert.equal(await client.receive({ timeoutMs: PATIENCE_MS }), { type: "after" });
  });
}

deep("that never closes is one malformed line", async () => {
  const lines = ["[", '{"a":', '{"type":"x","a":['].map((part) => `${part.repeat(LEVELS)}\n`);
  await using client = await open([...lines.map((line) => emit(line)), emit({ type: "after" }), exit(0)]);
  const { entries } = await receiveToEnd(client);
  assert.equal(entries, [...lines.map(() => "DESERIALIZATION"), { type: "after" }]);
});

deep.run();

const shown = suite("a large message");

shown("is logged, spread and assigned to like any object", async () => {
  const sent = { type: "v", text: BIG, nested: { list: Array.from({ length: 3_000 }, (_, at) => ({ at })) } };
  await using client = await open([emit(sent), emit(sent), emit(sent), exit(0)]);
  const { entries } = await receiveToEnd(client);
  const [first, second, third] = entries as [object, typeof sent, typeof sent];
  assert.match(inspect(first, { depth: 0, maxStringLength: 20 }), "'xxxxxxxxxxxxxxxxxxxx'...");
  assert.ok(isDeepStrictEqual({ ...second }, sent));
  third.text = "changed";
  assert.is(third.text, "changed");
  assert.is(JSON.parse(JSON.stringify(third)).text, "changed");
  assert.ok(isDeepStrictEqual(second, sent), "messages must not share their parts");
});

shown.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
