import { deepStrictEqual } from "node:assert/strict";
import { format, inspect, isDeepStrictEqual } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LargeFrame } from "../../src/channel/envelope.js";
import { installLeaves } from "../../src/channel/lazy-leaf.js";
import { isLazy, lazyMessage } from "./lazy-message.js";

const LONG = "long text ".repeat(1_000);

/** A leaf of each kind, at several depths, among small fields. */
const PLAIN = {
  type: "user",
  text: LONG,
  message: {
    role: "user",
    content: [
      { type: "tool_result", tool_use_id: "t1", content: LONG },
      { type: "text", text: "short" },
    ],
  },
  tool_use_result: {
    files: Array.from({ length: 500 }, (_, index) => ({ name: `file ${index}`, size: index })),
  },
  list: Array.from({ length: 2_000 }, (_, index) => index),
  uuid: "u-1",
};

const reads = suite("lazy leaves: what reading shows");

reads("the example has a leaf of each kind", () => {
  const { frame, message } = lazyMessage(PLAIN);
  const found = frame.leaves.map(({ path, kind }) => [path.join("."), kind]);
  assert.equal(found, [
    ["text", "string"],
    ["message.content.0.content", "string"],
    ["tool_use_result.files", "array"],
    ["list", "array"],
  ]);
  assert.ok(isLazy(message, "text"));
});

const sameFor: Readonly<Record<string, (message: typeof PLAIN) => unknown>> = {
  "JSON.stringify": (message) => JSON.stringify(message),
  "JSON.stringify with a replacer and an indent": (message) =>
    JSON.stringify(message, (_, value) => value, 1),
  spread: (message) => ({ ...message }),
  "Object.entries": (message) => Object.entries(message),
  "Object.values": (message) => Object.values(message),
  "Object.keys": (message) => Object.keys(message),
  "for in": (message) => {
    const keys: string[] = [];
    for (const key in message) keys.push(key);
    return keys;
  },
  "Object.assign": (message) => Object.assign({}, message),
  structuredClone: (message) => structuredClone(message),
  destructuring: ({ text, ...others }) => [text, others],
  "in and hasOwn": (message) => ["text" in message, Object.hasOwn(message, "text"), "toString" in message],
  "optional chains": (message) => message.message?.content?.[0]?.content,
  "array methods": (message) => message.message.content.map((block) => block.content?.length),
  "Array.isArray": (message) => [Array.isArray(message.list), Array.isArray(message.tool_use_result.files)],
};
for (const [name, look] of Object.entries(sameFor)) {
  reads(`${name} shows the plain value`, () => {
    deepStrictEqual(look(lazyMessage(PLAIN).message), look(structuredClone(PLAIN)));
  });
}

reads("deep equality, in both directions and of both libraries", () => {
  deepStrictEqual(lazyMessage(PLAIN).message, PLAIN);
  deepStrictEqual(PLAIN, lazyMessage(PLAIN).message);
  assert.equal(lazyMessage(PLAIN).message, PLAIN);
  assert.ok(isDeepStrictEqual(lazyMessage(PLAIN).message, lazyMessage(PLAIN).message));
  const changed = structuredClone(PLAIN);
  changed.message.content[0] = { type: "tool_result", tool_use_id: "t1", content: `${LONG}!` };
  assert.not(isDeepStrictEqual(lazyMessage(PLAIN).message, changed), "what differs in a leaf differs");
});

reads("enumerable symbols: none", () => {
  const { message } = lazyMessage(PLAIN);
  const shown = Object.getOwnPropertySymbols(message).filter((key) =>
    Object.prototype.propertyIsEnumerable.call(message, key),
  );
  assert.equal(shown, []);
});

reads("touched twice it is the same object", () => {
  const { message } = lazyMessage(PLAIN);
  const first = message.tool_use_result.files;
  assert.is(message.tool_use_result.files, first);
  assert.is(Object.entries(message.tool_use_result)[0]?.[1], first);
});

reads("after a touch it is an ordinary data property", () => {
  const { message } = lazyMessage(PLAIN);
  assert.ok(isLazy(message, "text"));
  assert.is(message.text, LONG);
  assert.equal(Object.getOwnPropertyDescriptor(message, "text"), {
    value: LONG,
    writable: true,
    enumerable: true,
    configurable: true,
  });
});

reads("a touch of one leaf leaves the others alone", () => {
  const { message } = lazyMessage(PLAIN);
  void message.text;
  assert.ok(isLazy(message, "list"));
  assert.ok(isLazy(message.message.content[0] ?? {}, "content"));
});

reads("an object made of it inherits the value", () => {
  const child = Object.create(lazyMessage(PLAIN).message) as typeof PLAIN;
  assert.is(child.text, LONG);
});

reads.run();

const prints = suite("lazy leaves: what printing shows");

const printers: Readonly<Record<string, (value: unknown) => string>> = {
  "util.inspect": (value) => inspect(value),
  "util.inspect, all of it": (value) =>
    inspect(value, { depth: null, maxArrayLength: null, maxStringLength: null, breakLength: 120 }),
  "util.inspect, sorted and in colours": (value) =>
    inspect(value, { sorted: true, colors: true, compact: false }),
  "console.log": (value) => format(value),
  "console.log within a text": (value) => format("got %s, %O, %j and", "this", value, value, value),
  "inside of others": (value) => inspect({ list: [value], map: new Map([["key", value]]) }, { depth: 8 }),
  "beyond the depth": (value) => inspect({ a: { b: { c: value } } }),
};
for (const [name, print] of Object.entries(printers)) {
  prints(`${name} prints the plain value`, () => {
    assertPrinted(print(lazyMessage(PLAIN).message), print(structuredClone(PLAIN)));
  });
}

/** Compares the text around the first difference: the whole would bury it. */
function assertPrinted(printed: string, expected: string): void {
  let at = 0;
  while (at < expected.length && printed[at] === expected[at]) at++;
  const around = (text: string) => text.slice(Math.max(0, at - 40), at + 80);
  assert.is(around(printed), around(expected));
  assert.is(printed.length, expected.length);
}

prints("a message that has a circle by now", () => {
  const circular = <T extends object>(value: T): T => Object.assign(value, { self: value });
  assertPrinted(inspect(circular(lazyMessage(PLAIN).message)), inspect(circular(structuredClone(PLAIN))));
});

/** `console.dir` and `%o` ask no object how it wants to be shown. */
prints("console.dir prints the plain value once it has been touched", () => {
  const { message } = lazyMessage(PLAIN);
  JSON.stringify(message);
  assertPrinted(inspect(message, { customInspect: false }), inspect(PLAIN));
});

prints("a frozen message", () => {
  assertPrinted(inspect(Object.freeze({ ...lazyMessage(PLAIN).message })), inspect(PLAIN));
  assertPrinted(inspect(Object.freeze(lazyMessage(PLAIN).message)), inspect(PLAIN));
});

prints.run();

const changes = suite("lazy leaves: what changing does");

changes("an assignment replaces it, without reading it", () => {
  const { message } = lazyMessage(PLAIN);
  message.text = "other";
  assert.not(isLazy(message, "text"));
  deepStrictEqual(message, { ...PLAIN, text: "other" });
  message.text = "and again";
  assert.is(message.text, "and again");
});

changes("a deletion removes it", () => {
  const { message } = lazyMessage(PLAIN);
  assert.ok(Reflect.deleteProperty(message, "text"));
  const { text: _, ...rest } = PLAIN;
  deepStrictEqual(message, rest);
});

changes("a definition replaces it", () => {
  const { message } = lazyMessage(PLAIN);
  Object.defineProperty(message, "text", { value: "fixed" });
  assert.is(message.text, "fixed");
});

changes("the order of the keys stays", () => {
  const { message } = lazyMessage(PLAIN);
  void message.list;
  message.text = "other";
  assert.equal(Object.keys(message), Object.keys(PLAIN));
});

changes("a frozen message shows its values, the same ones each time, and takes no new ones", () => {
  const { message } = lazyMessage(PLAIN);
  Object.freeze(message);
  deepStrictEqual(structuredClone(message), PLAIN);
  assert.is(message.list, message.list);
  assert.throws(() => {
    message.text = "other";
  }, /^Cannot assign to read only property 'text'/);
  assert.is(message.text, LONG);
  assert.ok(Object.isFrozen(message));
});

changes("a message that takes no new properties still takes new values", () => {
  const message = Object.preventExtensions(lazyMessage(PLAIN).message);
  message.text = "other";
  assert.is(message.text, "other");
});

changes("a sealed message still takes new values", () => {
  const message = Object.seal(lazyMessage(PLAIN).message);
  message.text = "other";
  assert.is(message.text, "other");
  assert.equal(message.list, PLAIN.list);
});

changes("assigning to an object that inherits from it leaves it alone", () => {
  const { message } = lazyMessage(PLAIN);
  const child = Object.create(message) as typeof PLAIN;
  child.text = "the child's";
  assert.is(message.text.length, LONG.length);
  assert.is(child.text, "the child's");
});

changes("assigning to a copy of its property descriptors changes the copy and nothing else", () => {
  const { message } = lazyMessage(PLAIN);
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(message)) as typeof PLAIN;
  copy.text = "the copy's";
  assert.is(copy.text.slice(0, 20), "the copy's");
  assert.is(message.text, LONG);
});

changes("reading a copy of its property descriptors gives the value, the same one each time", () => {
  const { message } = lazyMessage(PLAIN);
  const copy = Object.defineProperties({}, Object.getOwnPropertyDescriptors(message)) as typeof PLAIN;
  assert.is(copy.list, copy.list);
  deepStrictEqual(structuredClone(copy), PLAIN);
});

changes.run();

const installs = suite("lazy leaves: what does not belong");

const MARK = "leaf-1-";
const frame = (...leaves: LargeFrame["leaves"]): LargeFrame => ({
  index: 0,
  bytes: new TextEncoder().encode('"value"').buffer,
  leaves,
  mark: MARK,
});
const leaf = (...path: (string | number)[]) => ({ path, start: 0, end: 7, kind: "string" as const });

const cases: readonly (readonly [title: string, message: object, path: (string | number)[]])[] = [
  ["a value that is no placeholder", { a: "text" }, ["a"]],
  ["a placeholder of another leaf", { a: `${MARK}1` }, ["a"]],
  ["a path through nothing", {}, ["a", "b"]],
  ["a path through a number", { a: 1 }, ["a", "b"]],
  ["a path through null", { a: null }, ["a", "b"]],
  ["an empty path", { a: 1 }, []],
];
for (const [title, message, path] of cases) {
  installs(`${title} is left as it is`, () => {
    const before = structuredClone(message);
    installLeaves(message, frame(leaf(...path)));
    assert.equal(message, before);
    assert.equal(Reflect.ownKeys(message), Reflect.ownKeys(before), "not even a hook is added");
  });
}

installs("a leaf named __proto__ is a property like any other", () => {
  const message = JSON.parse(`{"__proto__":"${MARK}0"}`) as object;
  installLeaves(message, frame(leaf("__proto__")));
  assert.equal(Object.keys(message), ["__proto__"]);
  assert.is(Reflect.get(message, "__proto__"), "value");
  assert.is(Object.getPrototypeOf(message), Object.prototype);
});

installs.run();
