// biome-ignore-all lint/suspicious/noTemplateCurlyInString: it is shell syntax.
import { readdirSync } from "node:fs";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compilePolicy, type PolicyRule } from "../../src/policy/index.js";
import { MAX_COMMAND_PARTS, MAX_SCRIPT_DEPTH } from "../../src/policy/limits.js";
import { readShellParts, type ShellPart } from "../../src/policy/shell-parts.js";
import { bashRuns } from "./bash.js";
import { HARMLESS_COMMANDS, HOSTILE_COMMANDS } from "./hostile-commands.js";
import { temporaryProject, verdict } from "./policies.js";

const parts = suite("shell parts");

/** The fixed words of the commands among the parts, those within others first. */
function wordsOf(found: readonly ShellPart[]): string[][] {
  return found.flatMap((part) => {
    if (part.kind !== "command") return [];
    if (part.instead !== undefined) return wordsOf(part.instead);
    return [part.words.map((word) => (word.kind === "fixed" ? word.text : "?"))];
  });
}

parts("commands are found wherever they stand, with the words that the shell sees", async () => {
  const cases: [string, string[][]][] = [
    ["a 'b c' \"d\"e\\ f", [["a", "b c", "de f"]]],
    ["a; b && c | d & e", [["a"], ["b"], ["c"], ["d"], ["e"]]],
    ["if a; then b; else (c; { d; }); fi", [["a"], ["b"], ["c"], ["d"]]],
    ["timeout 5 nice a b", [["a", "b"]]],
    ["sh -c 'a; b c'", [["a"], ["b", "c"]]],
    ["a $(b `c \\`d\\``)", [["a", "?"], ["b", "?"], ["c", "?"], ["d"]]],
    ["A=1 a > f", [["a"]]],
  ];
  for (const [command, expected] of cases)
    assert.equal(wordsOf(await readShellParts(command, undefined)), expected);
});

parts("too many of them, too deep or too long: nothing is known, and nobody hangs", async () => {
  const nested = (open: string, close: string) => `${open.repeat(3_000)}a${close.repeat(3_000)}`;
  let scripts = "a";
  for (let depth = 0; depth < MAX_SCRIPT_DEPTH + 2; depth++) scripts = `eval ${JSON.stringify(scripts)}`;
  const monsters = [
    "a;".repeat(MAX_COMMAND_PARTS + 1),
    ">x ".repeat(MAX_COMMAND_PARTS + 1),
    "a".repeat(20_000),
    nested("(", ")"),
    nested("$(", ")"),
    nested("{ ", ";}"),
    nested("${a:-", "}"),
    nested('"$(', ')"'),
    nested("<(", ")"),
    nested("$((", "))"),
    nested("if ", ";then a;fi"),
    nested("!(", ")"),
    "`".repeat(5_000),
    "\\".repeat(16_000),
    "((".repeat(5_000),
    "{a,".repeat(5_000),
    "<<A ".repeat(4_000),
    `${"sudo ".repeat(3_000)}a`,
    `${"nice ".repeat(3_000)}a`,
    `${"sudo sh -c 'a' ".repeat(900)}`,
    "[".repeat(16_000),
    "$".repeat(16_000),
    "'".repeat(15_999),
    scripts,
  ];
  const begun = performance.now();
  for (const monster of monsters) {
    const found = await readShellParts(monster, undefined);
    const rules: PolicyRule[] = [{ deny: "Bash(rm *)" }, { allow: "Bash(a *)" }];
    assert.is(
      await verdict(rules, monster),
      "deny",
      `${monster.slice(0, 30)}: ${JSON.stringify(found).slice(0, 200)}`,
    );
  }
  assert.ok(performance.now() - begun < 60_000);
});

parts.run();

const oracle = suite("shell parts: bash is the judge");

// Executed by a shell without programs and builtins, in an empty folder; nothing in it can name a place elsewhere.
const project = temporaryProject();
const quotings: ((word: string) => string)[] = [
  (word) => word,
  (word) => `'${word}'`,
  (word) => `"${word}"`,
  (word) => `\\${word}`,
  (word) => `${word[0]}''${word.slice(1)}`,
  (word) => `${word[0]}""${word.slice(1)}`,
  (word) => `${word[0]}\\\n${word.slice(1)}`,
  (word) => `$'${word}'`,
  (word) => `{${word},a}`,
  (word) => `$(echo ${word})`,
];
const WORDS = "rm git a -x eval if in do = git a log git a b;c # ! log EOF { }".split(" ");
const word = fc
  .tuple(fc.constantFrom(...WORDS, "a b"), fc.oneof(fc.constant(0), fc.nat(quotings.length - 1)))
  .map(([text, quoting]) => quotings[quoting]?.(text) ?? text);
const OPERATORS =
  "; && | & ' \" ` $( ) ( { ;} # \\ 2>&1 <<< $ ${a:- } <( |& || ;; '\\'' [[ if ;then ;fi".split(" ");
const CLAUSES = ["case a in ", "esac", "function f ", "f() ", "time ", "coproc ", "$((", "))", "\r", "; "];
const glue = fc.oneof(
  fc.constantFrom(" ", " ", "\t", "\n", "\\\n"),
  fc.constantFrom(...OPERATORS, ...CLAUSES, " <<EOF\n", "\nEOF\n").map((text) => ` ${text} `),
  fc.constantFrom(...OPERATORS),
);
const script = fc
  .array(fc.tuple(word, glue), { minLength: 1, maxLength: 7 })
  .map((pairs) => pairs.map(([text, after]) => text + after).join(""))
  .filter((text) => !/while|until|>\s*[^&\s]/.test(text));

oracle("whatever is allowed starts nothing but what the rules name", async () => {
  const rules: PolicyRule[] = ["git *", "a *", "log *"].map((content) => ({ allow: `Bash(${content})` }));
  await hold(rules, (argv) => ["git", "a", "log"].includes(argv[0] ?? ""));
  assert.equal(readdirSync(project.cwd), [], "no file may have been made");
});

oracle("whatever is not forbidden does not start what is", async () => {
  await hold([{ deny: "Bash(rm *)" }, { allow: "Bash" }], (argv) => argv[0] !== "rm");
});

/** Lets bash run what the rules allow of many random scripts. */
async function hold(
  rules: readonly PolicyRule[],
  expected: (argv: readonly string[]) => boolean,
): Promise<void> {
  const samples = fc.sample(script, { numRuns: 2_500, seed: 20_260_101 });
  const policy = compilePolicy({ rules }, project);
  const allowed: string[] = [];
  for (const sample of new Set(samples)) {
    const { behavior } = await policy.decide({ tool_name: "Bash", input: { command: sample } });
    if (behavior === "allow") allowed.push(sample);
  }
  assert.ok(allowed.length > 50, `only ${allowed.length} were allowed`);
  const runs = bashRuns(allowed, project.cwd);
  assert.is(runs.length, allowed.length);
  assert.ok(runs.flat().length > 50, "bash must have started something");
  for (const [index, run] of runs.entries()) {
    for (const argv of run)
      assert.ok(expected(argv), `${JSON.stringify(allowed[index])} starts ${JSON.stringify(argv)}`);
  }
}

oracle("words are what bash makes of them", async () => {
  const candidates = [...HARMLESS_COMMANDS, ...Object.values(HOSTILE_COMMANDS).flat()].filter(
    // One simple command, without what the harness has taken from the shell.
    (command) =>
      !/[\n;&|<>(){}#~*?/%]|^!|^(?:if|while|time|eval|sh|bash|printf|\. |:)|\bLANG|\0/.test(command),
  );
  const read = await Promise.all(candidates.map((command) => readShellParts(command, undefined)));
  const fixed = candidates.flatMap((command, index) => {
    const [part, ...rest] = read[index] ?? [];
    if (part?.kind !== "command" || rest.length > 0) return [];
    const words = part.words.map((each) => (each.kind === "fixed" ? each.text : undefined));
    return words.includes(undefined) ? [] : [{ command, words }];
  });
  assert.ok(fixed.length > 30);
  const runs = bashRuns(
    fixed.map(({ command }) => command),
    project.cwd,
  );
  for (const [index, { command, words }] of fixed.entries()) {
    assert.equal(runs[index], [words], JSON.stringify(command));
  }
});

oracle.after(project.remove);
oracle.run();
