import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Ended, ended, start } from "./command-run.js";

const PLACE = { env: { PATH: process.env.PATH ?? "", HOME: tmpdir() }, cwd: tmpdir() };

function run(...args: readonly string[]): Promise<Ended> {
  return ended(start(args, PLACE));
}

const main = suite("claude-offthread");

main("--version prints the package's", async () => {
  const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  const { exitCode, stdout, stderr } = await run("--version");
  assert.equal({ exitCode, stdout, stderr }, { exitCode: 0, stdout: `${manifest.version}\n`, stderr: "" });
});

for (const [command, ...mentioned] of [
  ["", "query", "batch", "doctor", "tour"],
  ["batch", "--output <file>", "--retry-failed", "--template <text>", "jq"],
  ["query", "--resume <id>", "--allowed-tools <tools>", "--timeout <seconds>", "jq"],
  ["doctor", "--json"],
  ["tour", "no account is needed"],
]) {
  main(`${command} --help lists what there is, and the exit codes`, async () => {
    const { exitCode, stdout, stderr } = await run(...(command === "" ? [] : [String(command)]), "--help");
    assert.equal({ exitCode, stderr }, { exitCode: 0, stderr: "" });
    for (const text of [...mentioned, "Exit codes:", "  124  ", "  130  "]) {
      assert.match(stdout.replace(/\s*\n\s*/g, " "), text.trim());
    }
  });
}

main("--help loads neither the library nor a worker", async () => {
  const folder = mkdtempSync(join(tmpdir(), "loaded-"));
  try {
    await ended(start(["--help"], { ...PLACE, env: { ...PLACE.env, NODE_V8_COVERAGE: folder } }));
    const loaded = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), "utf8"))
      .join("");
    assert.match(loaded, "commander");
    assert.not.match(loaded, /piscina|valibot|csv-parse|log-update|client\/async-client/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const WRONG: [args: string[], said: RegExp][] = [
  [[], /^Usage: claude-offthread/],
  [["quest"], /^error \[USAGE\]: unknown command 'quest'\n.*query/],
  [["query", "--modle", "x", "hi"], /^error \[USAGE\]: unknown option '--modle'/],
  [["query", "two", "words"], /^error \[USAGE\]: too many arguments/],
  [["query", "--timeout", "soon", "hi"], /^error \[USAGE\]: .*Give seconds/],
  [["query", "--timeout", "0", "hi"], /Give seconds/],
  [["query", "--timeout", "1e9", "hi"], /Give seconds/],
  [["query", "--model", "", "hi"], /^error \[USAGE\]: .*empty/],
  [["query", "--allowed-tools", ",", "hi"], /Give at least one tool/],
  [["query", "--resume", "a", "--continue", "hi"], /cannot be used with/],
  [["query", "  "], /^error \[INVALID_ARGUMENT\]: The prompt is empty/],
  [
    ["query", "--claude-arg", "output-format=text", "hi"],
    /^error \[INVALID_ARGUMENT\]: --output-format cannot be set/,
  ],
  [["query", "--claude-arg", "max-turns", "hi"], /^error \[INVALID_ARGUMENT\]: --max-turns needs a value/],
  [["doctor", "extra"], /too many arguments/],
];
for (const [args, said] of WRONG) {
  main(`wrong usage is exit code 2: ${args.join(" ")}`, async () => {
    const { exitCode, stdout, stderr } = await run(...args);
    assert.is(exitCode, 2);
    assert.is(stdout, "");
    assert.match(stderr, said);
  });
}

main("an empty prompt on stdin is wrong usage", async () => {
  const child = start(["query"], PLACE);
  await child.end();
  const { exitCode, stderr } = await ended(child);
  assert.is(exitCode, 2);
  assert.match(stderr, "The prompt on stdin is empty");
});

main.run();
