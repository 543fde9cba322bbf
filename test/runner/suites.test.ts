import { suite } from "uvu";
import * as assert from "uvu/assert";
import { countSuites, mentionsOnly, unrunSuites } from "./suites.js";

const suites = suite("suites");

const RUN = 'import { suite, test } from "uvu";';

const rows: [title: string, lines: string[], unrun: string[]][] = [
  ["a suite that is run", ['const a = suite("a");', "a.run();"], []],
  ["a suite that is not", ['const a = suite("a");', 'a("works", () => {});'], ["a"]],
  ["one of two", ['const a = suite("a");', 'const b = suite("b");', "a.run();"], ["b"]],
  ["a name that ends in the suite's", ['const a = suite("a");', "data.run();"], ["a"]],
  ["a typed suite", ['const a = suite<{ n: number }>("a", { n: 1 });'], ["a"]],
  ["an annotated suite", ['export const a: Test = suite("a");'], ["a"]],
  ["a suite within a loop", ["for (const x of y) {", "  const a = suite(x);", "  a.run();", "}"], []],
  ["the default suite that is run", [RUN, 'test("t", () => {});', "test.run();"], []],
  ["the default suite that is not", [RUN, 'test("t", () => {});'], ["test"]],
  ["a program in a string", ["const text = 'const a = suite(1);';"], []],
];
for (const [title, lines, unrun] of rows) {
  suites(title, () => assert.equal(unrunSuites(lines.join("\n")), unrun));
}

suites("counts the suites outside of blocks", () => {
  const lines = [
    RUN,
    "",
    'const a = suite("a");',
    "",
    "export const b = suite();",
    "{",
    '  const c = suite("c");',
    "}",
  ];
  assert.is(countSuites(lines.join("\n")), 3);
  assert.is(countSuites(""), 0);
});

suites("sees a call of only and nothing else", () => {
  const only = `a.${"only"}`;
  assert.ok(mentionsOnly(`${only}("x", () => {})`));
  assert.not.ok(mentionsOnly("a.skip(only)"));
  assert.not.ok(mentionsOnly("options.only = true"));
});

suites.run();
