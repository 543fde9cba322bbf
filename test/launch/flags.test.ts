import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  FIXED_ARGS,
  type FlagKind,
  flagNames,
  flagOf,
  flagSpelled,
  isFlagName,
} from "../../src/launch/flags.js";
import { ClaudeCliBuilder } from "../../src/launch/index.js";
import { runRealCli } from "./real-cli.js";

const table = suite("flag table");

table("every flag has a method of the builder or a reason why not", () => {
  for (const name of flagNames()) {
    const { method, reserved } = flagOf(name);
    assert.is((method === undefined) !== (reserved === undefined), true, name);
    if (method !== undefined) assert.type(Reflect.get(ClaudeCliBuilder.prototype, method), "function", name);
  }
});

table("no spelling belongs to two flags", () => {
  const spellings = flagNames().flatMap((name) => [`--${name}`, ...(flagOf(name).aliases ?? [])]);
  assert.is(new Set(spellings).size, spellings.length);
  for (const spelling of spellings) assert.ok(flagSpelled(spelling), spelling);
});

table("knows its own names alone", () => {
  assert.is(isFlagName("model"), true);
  for (const name of ["--model", "toString", "__proto__", ""]) assert.is(isFlagName(name), false, name);
});

table("the fixed flags are flags of the table", () => {
  for (const item of FIXED_ARGS) assert.ok(flagSpelled(item.split("=")[0] ?? ""), item);
});

table.run();

interface HelpEntry {
  readonly spellings: readonly string[];
  readonly kind: FlagKind;
  /** A flag with one value that may be repeated: a list to us. */
  readonly repeatable: boolean;
}

/** Reads the options of a `--help`: each starts in column 3, its description is indented deeper. */
function parseHelp(help: string): HelpEntry[] {
  const section = help.slice(help.indexOf("\nOptions:\n"), help.indexOf("\nCommands:\n"));
  return section
    .split(/\n(?= {2}-)/)
    .slice(1)
    .map((entry) => {
      const head = /^ {2}(-.*?)(?: {2,}|\n|$)/.exec(entry)?.[1] ?? "";
      const metavar = /[<[].*$/.exec(head)?.[0] ?? "";
      const spellings = head
        .slice(0, head.length - metavar.length)
        .trim()
        .split(", ");
      return { spellings, kind: kindOf(metavar), repeatable: /repeatable/.test(entry) };
    });
}

function kindOf(metavar: string): FlagKind {
  if (metavar === "") return "boolean";
  if (metavar.startsWith("[")) return "optional";
  return metavar.endsWith("...>") ? "list" : "value";
}

const help = suite("claude --help of the real CLI");

help("the parser of this test reads every shape of entry", () => {
  const entries = parseHelp(
    "Usage\n\nOptions:\n  -a, --alpha [x]  text\n      more --beta\n  --gamma, --gam <y...>\n      text\n" +
      "  --delta <z>      (repeatable: --delta A)\n  --eps   text\n\nCommands:\n  -no\n",
  );
  assert.equal(entries, [
    { spellings: ["-a", "--alpha"], kind: "optional", repeatable: false },
    { spellings: ["--gamma", "--gam"], kind: "list", repeatable: false },
    { spellings: ["--delta"], kind: "value", repeatable: true },
    { spellings: ["--eps"], kind: "boolean", repeatable: false },
  ]);
});

help("lists the flags of the table, with the same spellings and kinds, and no others", async () => {
  const { stdout } = await runRealCli(["--help"]);
  const entries = parseHelp(stdout);
  assert.ok(entries.length > 60, `only ${entries.length} flags were read from the help`);
  const seen = new Set<string>();
  const differences: string[] = [];
  for (const { spellings, kind, repeatable } of entries) {
    const label = spellings.join(", ");
    const name = spellings.map(flagSpelled).find((known) => known !== undefined);
    if (name === undefined) {
      differences.push(`${label} (${kind}) is not in the table`);
      continue;
    }
    seen.add(name);
    const ours = flagOf(name);
    for (const spelling of spellings) {
      if (flagSpelled(spelling) !== name) differences.push(`${spelling} is not a spelling of --${name}`);
    }
    if (ours.hidden === true) differences.push(`--${name} is no longer hidden`);
    if (ours.kind !== kind && !(ours.kind === "list" && kind === "value" && repeatable)) {
      differences.push(`--${name} is ${ours.kind} in the table, ${kind} in the help`);
    }
  }
  for (const name of flagNames()) {
    if (!seen.has(name) && flagOf(name).hidden !== true) differences.push(`--${name} is not in the help`);
  }
  assert.equal(differences, []);
});

help("takes every hidden flag of the table, as the table says", async () => {
  const hidden = flagNames().filter((name) => flagOf(name).hidden === true);
  assert.ok(hidden.length > 5);
  const differences = await Promise.all(
    hidden.map(async (name) => {
      const takesValue = flagOf(name).kind !== "boolean";
      const { stderr } = await runRealCli([...FIXED_ARGS, takesValue ? `--${name}` : `--${name}=x`]);
      const expected = takesValue ? "argument missing" : `unknown option '--${name}=x'`;
      if (!stderr.includes(expected)) return `--${name} alone: ${stderr}`;
      if (takesValue) return undefined;
      const bare = await runRealCli([...FIXED_ARGS, `--${name}`]);
      return bare.stderr.includes("unknown option") ? `--${name}: ${bare.stderr}` : undefined;
    }),
  );
  assert.equal(
    differences.filter((difference) => difference !== undefined),
    [],
  );
});

help.run();
