import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { coversPath, mayConcernPath, parsePathPattern } from "../../src/policy/path-pattern.js";
import { temporaryProject } from "./policies.js";

const BASE = { cwd: "/p", realCwd: "/p", home: "/h", realHome: "/h" };
const asked = (path: string) => ({
  path: { all: [path], isFile: true, relative: false },
  tree: false,
  edits: false,
});
const covers = (content: string, path: string): boolean =>
  parsePathPattern(content, BASE, true).some((pattern) => coversPath(pattern, asked(path)));
const concerns = (content: string, path: string): boolean =>
  parsePathPattern(content, BASE, false).some(
    (pattern) => mayConcernPath(pattern, pattern.bases, asked(path)) === true,
  );

const patterns = suite("path patterns");

patterns("allow what they name, and no more", () => {
  // biome-ignore format: a table
  const cases: [content: string, covered: string[], others: string[]][] = [
    ["//etc/hosts", ["/etc/hosts", "/etc/hosts/x"], ["/etc/hosts2", "/etc", "/p/etc/hosts", "/etc/Hosts"]],
    ["//etc/**", ["/etc/a", "/etc/a/b"], ["/etc", "/etcetera/a", "/p/etc/a"]],
    ["//**", ["/a", "/p/a"], []],
    ["~/a", ["/h/a", "/h/a/b"], ["/h/ab", "/p/a"]],
    ["~/**/*.md", ["/h/x.md", "/h/a/x.md"], ["/h/x.mdx", "/p/x.md"]],
    ["/src/**", ["/p/src/a", "/p/src/a/b"], ["/src/a", "/p/src", "/p/a/src/b"]],
    ["./src/**", ["/p/src/a"], ["/p/x/src/a", "/p/srcs/a"]],
    ["src/**", ["/p/src/a"], ["/p/x/src/a", "/src/a"]],
    ["src/*.ts", ["/p/src/a.ts", "/p/src/.ts"], ["/p/src/a.tsx", "/p/src/b/a.ts"]],
    ["src/*/x", ["/p/src/a/x", "/p/src/a/x/y"], ["/p/src/x", "/p/src/a/b/x"]],
    ["src/**/x", ["/p/src/x", "/p/src/a/x", "/p/src/a/b/x"], ["/p/src/ax", "/p/x"]],
    ["*.md", ["/p/a.md", "/p/x/a.md"], ["/a.md", "/p/a.md5"]],
    ["notes.md", ["/p/notes.md", "/p/x/notes.md"], ["/notes.md", "/p/xnotes.md"]],
    ["./notes.md", ["/p/notes.md"], ["/p/x/notes.md"]],
    ["build/", ["/p/build/x", "/p/a/build/x"], ["/p/builds/x"]],
    ["**", ["/p/a", "/p/a/b"], ["/a", "/pa"]],
    ["./**", ["/p/a"], ["/a"]],
    ["../q/**", ["/q/a"], ["/p/a", "/p/q/a"]],
    ["a?c", ["/p/abc"], ["/p/ac", "/p/abbc"]],
    ["./a\\*", ["/p/a*"], ["/p/ab", "/p/a\\b"]],
    ["./\\[id\\]/x", ["/p/[id]/x"], ["/p/i/x"]],
    ["./a b/**", ["/p/a b/c"], ["/p/a/c"]],
    ["./a**b", ["/p/axb"], ["/p/a/b"]],
  ];
  for (const [content, covered, others] of cases) {
    for (const path of covered) assert.ok(covers(content, path), `${content} covers ${path}`);
    for (const path of others) assert.not(covers(content, path), `${content} does not cover ${path}`);
    for (const path of covered) assert.ok(concerns(content, path), `${content} concerns ${path}`);
  }
});

patterns("forbid whatever may be meant", () => {
  // biome-ignore format: a table
  const cases: [content: string, paths: string[]][] = [
    ["/etc/**", ["/etc/a", "/p/etc/a", "/ETC/a", "/etc"]],
    ["src/**", ["/p/src/a", "/p/x/src/a", "/p/src", "/p/SRC/a"]],
    ["./secrets/**", ["/p/secrets", "/p/Secrets/a", "/p/se\u00adcrets/a"]],
    [".env", ["/p/.env", "/p/a/.env", "/p/.ENV/x"]],
    ["./straße", ["/p/straße", "/p/STRAßE"]],
  ];
  for (const [content, paths] of cases) {
    for (const path of paths) assert.ok(concerns(content, path), `${content} concerns ${path}`);
  }
  for (const path of ["/q/.env", "/p/.environment", "/p/a.env"]) assert.not(concerns(".env", path));
});

patterns("that cannot be understood are refused", () => {
  // biome-ignore format: a table
  const refused = [
    "", " ", "a ", " a", "!a", "*.{ts,js}", "[ab]", "a/[id]", "~root/x", "///a", "a\\", "a\\b", "a\\/b", "a\0", "a\u200b",
    "a\tb", "a/*/../b", "**/../a", "a/".repeat(70),
  ];
  for (const content of refused) {
    for (const strict of [true, false]) {
      assert.throws(() => parsePathPattern(content, BASE, strict), undefined, JSON.stringify(content));
    }
  }
  assert.throws(
    () => parsePathPattern("~/a", { ...BASE, home: undefined, realHome: undefined }, true),
    /home/,
  );
});

patterns("agree with git about what lies where", () => {
  const project = temporaryProject();
  const names = ["a", "b", "ab", "a.b", "*"];
  const piece = fc.constantFrom("a", "b", "*", "**", "a*", "*b", "?", "a?b", "a.b", "\\*");
  const content = fc
    .tuple(fc.constantFrom("", "/"), fc.array(piece, { minLength: 1, maxLength: 4 }))
    .map(([slash, pieces]) => slash + pieces.join("/"));
  const path = fc
    .array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join("/"));
  const env = { PATH: process.env.PATH ?? "", HOME: project.home, GIT_CONFIG_NOSYSTEM: "1" };
  const git = (args: readonly string[], input = "") =>
    spawnSync("git", args, { cwd: project.cwd, env, input, encoding: "utf8", timeout: 30_000 });
  assert.is(git(["init", "-q"]).status, 0);
  const paths = [...new Set(fc.sample(path, { numRuns: 150, seed: 3 }))];
  let covered = 0;
  for (const rule of new Set(fc.sample(content, { numRuns: 60, seed: 3 }))) {
    writeFileSync(join(project.cwd, ".git", "info", "exclude"), `${rule}\n`);
    const { stdout } = git(
      ["check-ignore", "--no-index", "-z", "--stdin"],
      paths.map((each) => `${each}\0`).join(""),
    );
    const ignored = new Set(stdout.split("\0"));
    const ours = paths.filter((each) => covers(rule, `/p/${each}`));
    // A rule that is all wildcards is everything below; git says the same in its own way.
    assert.equal(
      ours,
      paths.filter((each) => ignored.has(each)),
      rule,
    );
    covered += ours.length;
  }
  assert.ok(covered > 100);
  mkdirSync(dirname(project.cwd), { recursive: true });
  project.remove();
});

patterns("take no time to speak of, however they are made", () => {
  const name = "a".repeat(255);
  const long = `/p/${Array.from({ length: 15 }, () => name).join("/")}b`;
  // biome-ignore format: a table
  const monsters = [
    "*a".repeat(400), `**/${"*a".repeat(400)}`, "**/".repeat(60), `${"**/a*a*a*a/".repeat(15)}c`, "?".repeat(900), `${"*".repeat(900)}c`,
  ];
  const begun = performance.now();
  for (const content of monsters) covers(content, long);
  assert.ok(performance.now() - begun < 20_000);
});

patterns.run();
