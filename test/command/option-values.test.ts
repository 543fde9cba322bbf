import { resolve } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { claudeFlag, executable, seconds, toolRules } from "../../src/command/option-values.js";

const values = suite("values of options");

const RULES: [text: string, rules: string[]][] = [
  ["Read", ["Read"]],
  ["Read,Edit", ["Read", "Edit"]],
  [" Read  Edit,, ", ["Read", "Edit"]],
  ["Bash(git log, *) Read", ["Bash(git log, *)", "Read"]],
  ["Bash(unclosed, x", ["Bash(unclosed, x"]],
  ["mcp__a__b,Bash(x:*)", ["mcp__a__b", "Bash(x:*)"]],
];
for (const [text, rules] of RULES) {
  values(`tools ${JSON.stringify(text)}`, () => assert.equal(toolRules(text), rules));
}

values("tools add to those before", () => assert.equal(toolRules("b", ["a"]), ["a", "b"]));

values("seconds become milliseconds", () => {
  assert.equal(["1", "0.5", "2147483"].map(seconds), [1000, 500, 2_147_483_000]);
  for (const text of ["", "0", "-1", "x", "NaN", "Infinity", "2147484"])
    assert.throws(() => seconds(text), text);
});

values("a bare executable is for PATH, any other starts here", () => {
  assert.is(executable("claude"), "claude");
  assert.is(executable("./bin/claude"), resolve("bin/claude"));
  assert.throws(() => executable(""));
});

values("flags for claude, split at the first =", () => {
  const flags = ["bare", "a=b=c", "empty="].reduce<ReturnType<typeof claudeFlag>>(
    (all, text) => claudeFlag(text, all),
    [],
  );
  assert.equal(flags, [
    { flag: "bare", value: undefined },
    { flag: "a", value: "b=c" },
    { flag: "empty", value: "" },
  ]);
});

values.run();
