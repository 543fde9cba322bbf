import { execFileSync } from "node:child_process";
import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { unrunSuites } from "./runner/suites.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAX_LINES = 300;

const TOP_LEVEL = [
  ...[
    "package.json",
    "package-lock.json",
    "tsconfig.json",
    "biome.json",
    "esbuild.config.mjs",
    ".gitignore",
    ".npmrc",
    ".ci",
  ],
  ...["README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "src", "workers", "bench", "test"],
];

/** Paths that exist on one machine only. `/home/user` may stand for a home folder in examples and recordings. */
const MACHINE_PATHS = [
  /(?<![\w.~/-])\/(?:home|Users)\/(?!user\b)[\w.-]+/,
  /(?<![\w.~/-])\/(?:root|work|workspace|builds)\/[\w.-]+/,
  /\b[A-Za-z]:(?:\\{1,2}|\/)Users(?:\\{1,2}|\/)\w+/,
];
const REGISTRY = /https?:\/\/(?:registry|npm)\.[\w.-]+|^\s*(?:@[\w-]+:)?registry\s*=/m;

/** A rule looks at one file and says what is wrong with it, in the words after its path. */
type Rule = (path: string, text: string) => string | undefined;

const rules: Readonly<Record<string, Rule>> = {
  "holds nothing at its top that does not belong there": (path) => {
    const [top = ""] = path.split("/");
    return TOP_LEVEL.includes(top)
      ? undefined
      : `: "${top}" does not belong at the top; move it, or ignore it in git`;
  },
  "names no path of a machine": (_path, text) => {
    const patterns = [...MACHINE_PATHS, ...checkoutPath(ROOT)];
    const found = patterns.flatMap((pattern) => pattern.exec(text)?.[0] ?? []);
    return found.length > 0
      ? ` names the machine's path ${found[0]}; use a relative or a temporary one`
      : undefined;
  },
  "names no package registry": (path, text) => {
    if (path === "package-lock.json" && /"resolved":/.test(text)) {
      return ' has "resolved" addresses; install with --omit-lockfile-registry-resolved';
    }
    const [host] = REGISTRY.exec(text) ?? [];
    return host === undefined
      ? undefined
      : ` names a package registry (${host.trim()}); leave that to npm's settings`;
  },
  [`has no source file of more than ${MAX_LINES} lines`]: (path, text) => {
    if (!/^(?:src|workers)\/.*\.ts$/.test(path)) return undefined;
    const lines = text.trimEnd().split("\n").length;
    return lines > MAX_LINES ? ` has ${lines} lines; split it by what it is about` : undefined;
  },
  "runs every suite of every test file": (path, text) => {
    if (!/^test\/.*\.test\.ts$/.test(path)) return undefined;
    const [name] = unrunSuites(text);
    if (name !== undefined) return ` never calls ${name}.run()`;
    return /^\s*[\w$]+\.run\(\);$/m.test(text) ? undefined : " never calls .run(), so its tests do not run";
  },
};

function inspect(rule: Rule | undefined, files: Iterable<readonly [path: string, text: string]>): string[] {
  return [...files].flatMap(([path, text]) => {
    const found = rule?.(path, text);
    return found === undefined ? [] : `${path}${found}`;
  });
}

/** Where this checkout lies; not when that is so short, like `/app`, that it may be meant as something else. */
function checkoutPath(root: string): RegExp[] {
  const path = root.replaceAll("\\", "/").replace(/\/$/, "");
  return path.split("/").length > 2
    ? [new RegExp(`${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`)]
    : [];
}

/** The files that git knows, with their text; undefined outside of a checkout. */
function trackedFiles(): [path: string, text: string][] | undefined {
  let list: string;
  try {
    list = execFileSync("git", ["ls-files", "-z"], {
      cwd: ROOT,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    });
  } catch {
    return undefined;
  }
  const paths = list
    .split("\0")
    .filter((path) => statSync(join(ROOT, path), { throwIfNoEntry: false })?.isFile());
  const files = paths.filter((path) => path !== "");
  return files.length > 0 ? files.map((path) => [path, readFileSync(join(ROOT, path), "utf8")]) : undefined;
}

const tracked = trackedFiles();
const repository = suite("repository");

for (const [title, rule] of Object.entries(rules)) {
  if (tracked === undefined) repository.skip(title);
  else repository(title, () => assert.equal(inspect(rule, tracked), []));
}
repository.run();

// Put together here, or this file would break its own rules.
const slashed = (...names: string[]) => ["", ...names].join("/");
const HOST = "https:/".concat("/registry.example.org/x");
const lines = (count: number) => "x;\n".repeat(count);

const guards = suite("repository: what the rules see");
const rows: [rule: string, path: string, text: string, seen: RegExp | undefined][] = [
  ["top", "README.md", "", undefined],
  ["top", ".ci/run", "", undefined],
  ["top", "notes.txt", "", /^notes\.txt: "notes\.txt" does not belong/],
  ["top", "docs/a.md", "", /"docs"/],
  ["machine", "src/a.ts", `"${slashed("home", "someone", "a")}"`, /home\/someone/],
  ["machine", "src/a.ts", `"${slashed("home", "user", "a")}"`, undefined],
  ["machine", "src/a.ts", `cd ${slashed("root", "a")}`, /root\/a/],
  ["machine", "src/a.ts", `(${slashed("work", "a")})`, /work\/a/],
  ["machine", "src/a.ts", `https://example.org${slashed("work", "a")}`, undefined],
  ["machine", "src/a.ts", ["C:", "Users", "me"].join("\\"), /Users/],
  ["machine", "src/a.ts", join(ROOT, "src"), /names the machine's path/],
  ["registry", "package-lock.json", '{ "resolved": "x" }', /--omit-lockfile-registry-resolved/],
  ["registry", "package-lock.json", '{ "integrity": "x" }', undefined],
  ["registry", ".npmrc", `fund=false\n${"regis"}try=x`, /names a package registry/],
  ["registry", "README.md", HOST, /registry\.example\.org/],
  ["lines", "src/a/b.ts", lines(MAX_LINES), undefined],
  ["lines", "src/a/b.ts", lines(MAX_LINES + 1), /has 301 lines/],
  ["lines", "workers/a.ts", lines(MAX_LINES + 1), /has 301 lines/],
  ["lines", "test/a.test.ts", lines(MAX_LINES + 1), undefined],
  ["suite", "test/a.test.ts", 'const a = suite("a");\na.run();\n', undefined],
  ["suite", "test/a.test.ts", 'const a = suite("a");\n', /never calls a\.run\(\)/],
  ["suite", "test/a.test.ts", "import './b.js';\n", /never calls \.run\(\)/],
  ["suite", "test/support/a.ts", "", undefined],
];
for (const [word, path, text, seen] of rows) {
  guards(`${word}: ${path} ${JSON.stringify(text.slice(0, 40))}`, () => {
    const [, rule] = Object.entries(rules).find(([title]) => title.includes(word)) ?? [];
    assert.ok(rule);
    const found = inspect(rule, [[path, text]]).join("\n");
    if (seen === undefined) assert.is(found, "");
    else assert.match(found, seen);
  });
}
guards.run();
