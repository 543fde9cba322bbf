/**
 * Holds the documents to the code: every TypeScript example compiles, those marked `ts run` run and print what their
 * `//=>` comments say, the tables list what the sources declare, and no relative link is dead.
 */
import { execFile } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { DEFAULT_LIMITS } from "../src/options.js";
import { offlineEnv } from "../src/testing/index.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const README = read("README.md");

/** A fenced block of code. */
interface Block {
  readonly document: string;
  /** Line of its fence, from 1. */
  readonly line: number;
  /** What stands behind the backticks. */
  readonly info: string;
  readonly code: string;
}

function blocksOf(document: string): Block[] {
  const markdown = read(document);
  const fences = markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm);
  return [...fences].map(({ index, 1: info = "", 2: code = "" }) => {
    return { document, line: markdown.slice(0, index).split("\n").length, info, code };
  });
}

function isTypeScript({ info }: Block): boolean {
  return info.split(" ")[0] === "ts";
}

/** The lines that a block says it prints. */
function printedBy(code: string): string[] {
  return [...code.matchAll(/\/\/=> (.*)$/gm)].map(([, text = ""]) => text);
}

/**
 * The block as a module. Blank lines before it make the compiler's line numbers those of the document; a fragment
 * that opens no client is given one.
 */
function moduleOf({ line, code }: Block): string {
  const given = /\b(?:const|using) client\b|\bclient:/.test(code)
    ? ""
    : 'declare const client: import("claude-offthread").AsyncClient;\n';
  return `${"\n".repeat(line)}${code}\nexport {};\n${given}`;
}

const DOCUMENTS = ["README.md", "CONTRIBUTING.md"];
const EXAMPLES = DOCUMENTS.flatMap(blocksOf).filter(isTypeScript);
const RUN = EXAMPLES.filter(({ info }) => info === "ts run");
const nameOf = ({ document, line }: Block) => `${document.replace(".md", "")}-${line}`;
const CANARY = "canary";

/** Inside the package, so that "claude-offthread" means this package; in dist/, so that nobody else sees it. */
let folder = "";
let diagnostics: string[] = [];

const examples = suite("documents: examples");

examples.before(async () => {
  folder = mkdtempSync(join(ROOT, "dist/readme-"));
  for (const block of EXAMPLES) writeFileSync(join(folder, `${nameOf(block)}.ts`), moduleOf(block));
  const broken = 'import { AsyncClient } from "claude-offthread";\nawait AsyncClient.withModel(1);\n';
  writeFileSync(join(folder, `${CANARY}.ts`), broken);
  diagnostics = await compile(folder);
});
examples.after(() => rmSync(folder, { recursive: true, force: true }));

examples("the README has some of each kind", () => {
  const count = (all: readonly Block[]) => all.filter(({ document }) => document === "README.md").length;
  assert.ok(count(EXAMPLES) >= 10, `only ${count(EXAMPLES)} blocks begin with \`\`\`ts`);
  assert.ok(count(RUN) >= 4, `only ${count(RUN)} blocks begin with \`\`\`ts run`);
});

examples("none is overlooked", () => {
  const fences = DOCUMENTS.flatMap((path) => read(path).match(/^[ >]*```+ ?(?:ts|typescript)\b.*$/gm) ?? []);
  assert.equal(
    fences,
    EXAMPLES.map(({ info }) => `\`\`\`${info}`),
  );
  assert.equal(
    EXAMPLES.filter(({ info }) => !/^ts( run)?$/.test(info)),
    [],
  );
});

examples("a mistake in one would be seen", () => {
  assert.match(
    diagnostics.filter((text) => text.startsWith(CANARY)).join("\n"),
    /canary\.ts\(2,\d+\).*not assignable/,
  );
});

examples("all of them compile", () => {
  assert.equal(
    diagnostics.filter((text) => !text.startsWith(CANARY)),
    [],
  );
});

for (const block of RUN) {
  examples(`${nameOf(block)} prints what it says`, async () => {
    const expected = printedBy(block.code);
    assert.ok(expected.length > 0, "it says nothing: mark what it prints by //=>");
    assert.equal((await runExample(nameOf(block))).trimEnd().split("\n"), expected);
  });
}

examples("every //=> stands in a block that is run", () => {
  const idle = EXAMPLES.filter((block) => !RUN.includes(block) && printedBy(block.code).length > 0);
  assert.equal(idle.map(nameOf), []);
});

examples.run();

/** Compiles every module of the folder, strictly, to `out` in it; gives the compiler's complaints. */
async function compile(cwd: string): Promise<string[]> {
  const compilerOptions = {
    ...{ target: "ES2023", lib: ["ES2023", "ESNext.Disposable"], module: "NodeNext", types: ["node"] },
    ...{ strict: true, noUncheckedIndexedAccess: true, exactOptionalPropertyTypes: true },
    ...{
      noImplicitReturns: true,
      verbatimModuleSyntax: true,
      skipLibCheck: true,
      rootDir: ".",
      outDir: "out",
    },
  };
  writeFileSync(join(cwd, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
  const tsc = join(ROOT, "node_modules/typescript/bin/tsc");
  const report = await run(tsc, ["-p", ".", "--pretty", "false"], cwd, process.env).catch(
    (failed: { stdout?: string }) => failed.stdout ?? String(failed),
  );
  return report.split("\n").filter((text) => text.trim() !== "");
}

/** Runs a compiled example where nothing can be reached: no network, no account, no `claude` on the PATH. */
async function runExample(name: string): Promise<string> {
  await using offline = offlineEnv({ baseUrl: "http://127.0.0.1:9" });
  const env = { ...offline.env, PATH: offline.cwd };
  return await run(join(folder, "out", `${name}.js`), [], offline.cwd, env);
}

async function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const options = { cwd, env, timeout: 60_000, killSignal: "SIGKILL" } as const;
  return (await promisify(execFile)(process.execPath, [program, ...args], options)).stdout;
}

const tables = suite("documents: tables");

/** The first two cells of each row of the table whose head begins with that word; code marks are cut away. */
function rowsOf(markdown: string, head: string): [name: string, second: string][] {
  const [, body = ""] =
    new RegExp(`^\\| ${head} \\|.*\\n\\|[-|]+\\n((?:\\|.*\\n)+)`, "m").exec(markdown) ?? [];
  return body
    .split("\n")
    .filter((row) => row !== "")
    .map((row) => {
      const [, name = "", second = ""] = row.split("|").map((cell) => cell.trim().replaceAll("`", ""));
      return [name, second];
    });
}

/** Names of the properties that an interface in the source declares itself. */
function membersOf(source: string, name: string): string[] {
  const [, body = ""] =
    new RegExp(`^export interface ${name}\\b[^{]*\\{\\n([\\s\\S]*?)^\\}`, "m").exec(source) ?? [];
  return [...body.matchAll(/^ {2}(?:readonly )?(\w+)\??:/gm)].map(([, member = ""]) => member);
}

function sorted(names: readonly string[]): string[] {
  return [...names].sort();
}

const MiB = 1024 * 1024;

/** A default as the table shows it. */
function shown(value: unknown): string {
  if (typeof value !== "number") return String(value);
  return value >= MiB ? `${value / MiB} MiB` : value.toLocaleString("en-US");
}

tables("all error codes, and no others", () => {
  const codes = [...read("src/errors.ts").matchAll(/readonly code = "(\w+)"/g)].map(([, code = ""]) => code);
  assert.ok(codes.length >= 10, "the codes were not found in src/errors.ts");
  assert.equal(sorted(rowsOf(README, "code").map(([code]) => code)), sorted(codes));
});

tables("all options, and no others", () => {
  const options = read("src/options.ts");
  const limits = membersOf(options, "LimitOptions").filter((name) => name !== "shutdown");
  const shutdown = membersOf(options, "ShutdownOptions").map((name) => `shutdown.${name}`);
  const client = [
    ...membersOf(read("src/client/client-options.ts"), "ClientOptions"),
    ...membersOf(read("src/client/host-options.ts"), "HostOptions"),
  ];
  for (const found of [limits, shutdown, client]) assert.ok(found.length >= 2, "no options in the source");
  assert.equal(
    sorted(rowsOf(README, "option").map(([name]) => name)),
    sorted([...limits, ...shutdown, ...client]),
  );
});

tables("the defaults in force", () => {
  const { shutdown, ...limits } = DEFAULT_LIMITS;
  const defaults = { ...limits, "shutdown.graceMs": shutdown.graceMs, "shutdown.termMs": shutdown.termMs };
  const table = new Map(rowsOf(README, "option"));
  for (const [name, value] of Object.entries(defaults)) assert.is(table.get(name), shown(value), name);
});

tables("every way to bound a query, and every counter", () => {
  const source = read("src/client/client-options.ts");
  for (const name of ["QueryOptions", "ClientStats"]) {
    const members = membersOf(source, name);
    assert.ok(members.length >= 2, `no members of ${name} in the source`);
    assert.equal(
      members.filter((member) => !new RegExp(`[\`\\s{]${member}[\`\\s,]`).test(README)),
      [],
    );
  }
});

tables("CONTRIBUTING has a rule for every folder", () => {
  const folders = readdirSync(join(ROOT, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}/`);
  const listed = rowsOf(read("CONTRIBUTING.md"), "folder").map(([name]) => name);
  assert.equal(
    [...folders, "workers/", "bench/", "test/"].filter((name) => !listed.includes(name)),
    [],
  );
});

tables.run();

const links = suite("documents: relative links");

/** The targets of links that lead nowhere, seen from the file `path` of a package that lies at `root`. */
function deadLinks(path: string, markdown: string, root: string): string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, "").replaceAll(/`[^`\n]*`/g, "");
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|^\[[^\]]+\]: (\S+)/gm)].map(([, a, b]) => a ?? b ?? "");
  return targets.filter((target) => {
    if (/^[a-z]+:/i.test(target)) return false;
    const [file = "", anchor] = target.split("#");
    const full = file === "" ? join(root, path) : join(root, dirname(path), file);
    if (!existsSync(full)) return true;
    return anchor !== undefined && !anchorsOf(readFileSync(full, "utf8")).includes(anchor);
  });
}

/** Anchors of the headings, as code forges make them. */
function anchorsOf(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```$/gm, "");
  return [...prose.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

for (const path of ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"]) {
  links(`${path} has no dead ones`, () => assert.equal(deadLinks(path, read(path), ROOT), []));
}

links("there are some", () => assert.match(README, /\]\(CONTRIBUTING\.md\)/));

links("a dead one would be seen", () => {
  const root = mkdtempSync(join(ROOT, "dist/readme-"));
  try {
    mkdirSync(join(root, "docs"));
    writeFileSync(join(root, "docs/there.md"), "# A heading: of `its` own\n");
    const rows: [markdown: string, dead: string[]][] = [
      ["[a](there.md) [b](there.md#a-heading-of-its-own) [c](https://example.org/x) [d](#here)\n# Here", []],
      ["[a](gone.md) and [b](there.md#gone)", ["gone.md", "there.md#gone"]],
      ["[a](#gone)", ["#gone"]],
      ["[a]: gone.md", ["gone.md"]],
      ["`[a](gone.md)`\n```ts\n[a](gone.md)\n```\n", []],
    ];
    for (const [markdown, dead] of rows) {
      writeFileSync(join(root, "docs/here.md"), markdown);
      assert.equal(deadLinks("docs/here.md", markdown, root), dead, markdown);
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});

links.run();
