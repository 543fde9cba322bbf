import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isClaudeError } from "../../src/errors.js";
import { FIXED_ARGS, flagNames, flagOf, flagSpelled } from "../../src/launch/flags.js";
import { ClaudeCliBuilder, type LaunchSpec } from "../../src/launch/index.js";

/**
 * Whatever a value is, it must stay a value: the command line is the fixed flags, then known flags with their
 * values glued on, then perhaps `--` and the prompt.
 */
const smuggling = suite("ClaudeCliBuilder: values stay values");

/** Texts that like to be something else, beside arbitrary ones. */
const text = fc.oneof(
  fc.constantFrom(
    "--dangerously-skip-permissions",
    "--permission-mode=bypassPermissions",
    "-p",
    "--",
    "-",
    "mcp",
    "--model",
    "a --b",
    "a,--b",
    "a\n--b",
    "Bash(--x, -y)",
    "=--x",
  ),
  fc.string(),
  fc.string({ unit: "binary" }),
);

/** Every method that takes text, called by name with the same texts. */
const METHODS = [
  ...new Set(
    flagNames()
      .filter((name) => flagOf(name).kind !== "boolean")
      .flatMap((name) => flagOf(name).method ?? []),
  ),
  "prompt",
  "command",
  "workingDirectory",
  "forkFrom",
];

const call = fc.record({
  method: fc.constantFrom(...METHODS),
  values: fc.array(text, { minLength: 1, maxLength: 3 }),
});

/** Makes the calls that are not refused, and builds. */
function buildFrom(
  calls: ReadonlyArray<{ method: string; values: readonly string[] }>,
): LaunchSpec | undefined {
  return unlessRefused(() =>
    calls
      .reduce((builder, { method, values }) => {
        const next = unlessRefused(() => Reflect.apply(Reflect.get(builder, method), builder, values));
        return next instanceof ClaudeCliBuilder ? next : builder;
      }, new ClaudeCliBuilder())
      .build(),
  );
}

function unlessRefused<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    if (isClaudeError(error) && error.code === "INVALID_ARGUMENT") return undefined;
    throw error;
  }
}

function checkArgs(args: readonly string[], extras: readonly string[] = []): void {
  assert.equal(args.slice(0, FIXED_ARGS.length), FIXED_ARGS);
  const end = args.indexOf("--");
  const flags = args.slice(FIXED_ARGS.length, end === -1 ? args.length : end);
  for (const item of flags) {
    const [spelling = ""] = item.split("=", 1);
    if (extras.includes(spelling)) continue;
    const name = flagSpelled(spelling);
    assert.ok(name, `${JSON.stringify(item)} is no flag of the table`);
    if (name === undefined) continue;
    const { kind, method } = flagOf(name);
    assert.ok(method, `--${name} is reserved`);
    // A flag that is owed a value would take the next item for it.
    if (kind === "value" || kind === "list") assert.ok(item.includes("="), `${item} is owed a value`);
    if (kind === "boolean") assert.is(item, `--${name}`);
  }
  if (end !== -1) assert.is(args.length, end + 2, "exactly one item follows the two dashes");
  assert.not.ok(args.includes("mcp"), "the CLI would not read its stdin");
}

smuggling("no value given to any method becomes an item of its own", () => {
  let built = 0;
  fc.assert(
    fc.property(fc.array(call, { maxLength: 8 }), (calls) => {
      const spec = buildFrom(calls);
      if (spec === undefined) return;
      built += 1;
      checkArgs(spec.args);
      assert.not.ok(spec.args.some((item) => item.includes("\0")));
    }),
    { numRuns: 500 },
  );
  assert.ok(built > 100, `only ${built} runs were built: the property says little`);
});

smuggling("arg() passes a flag and its value as one item", () => {
  fc.assert(
    fc.property(text, fc.option(text, { nil: undefined }), text, (flag, value, prompt) => {
      const spec = unlessRefused(() => new ClaudeCliBuilder().arg(flag, value).prompt(prompt).build());
      if (spec === undefined) return;
      assert.is(spec.args.at(-1), prompt);
      const spelling = flag.startsWith("-") ? flag : `--${flag}`;
      checkArgs(spec.args, [spelling]);
      // At least one complete flag stands between an extra and the two dashes.
      assert.not.ok(
        (spec.args.at(-3) ?? "").split("=", 1)[0] === spelling && flagSpelled(spelling) === undefined,
      );
    }),
    { numRuns: 500 },
  );
});

smuggling("a tool rule that is accepted has no separator where the CLI would split it", () => {
  const rule = fc.string({ unit: fc.constantFrom("(", ")", ",", " ", "B", "-") });
  fc.assert(
    fc.property(rule, (item) => {
      const spec = unlessRefused(() => new ClaudeCliBuilder().allowedTools(item).build());
      // What is left outside of parentheses, the first ")" closing whatever is open.
      const outside = item.replace(/\([^)]*(\)|$)/g, "");
      assert.is(spec !== undefined, item.trim() !== "" && !/[, ]/.test(outside), JSON.stringify(item));
    }),
    { numRuns: 1000 },
  );
});

smuggling.run();
