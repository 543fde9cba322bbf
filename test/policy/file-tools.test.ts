import { mkdirSync, realpathSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compilePolicy, type PolicyContext, type PolicyRule } from "../../src/policy/index.js";
import { decide, temporaryProject } from "./policies.js";

const project = temporaryProject();
const { root, cwd, home } = project;

for (const file of [
  "src/a.ts",
  "src/deep/b.ts",
  "secrets/key",
  "notes.md",
  ".env",
  ".git/config",
  "src/.env",
  "build/x",
]) {
  mkdirSync(dirname(join(cwd, file)), { recursive: true });
  writeFileSync(join(cwd, file), "");
}
mkdirSync(join(root, "outside"));
writeFileSync(join(root, "outside", "file"), "");
writeFileSync(join(home, "id_rsa"), "");
const links: readonly [string, string][] = [
  ["src/out", join(root, "outside")],
  ["src/up", "../.."],
  ["src/file-out", "../../outside/file"],
  ["src/gone-out", "../../outside/not-there"],
  ["src/chain", "chain-2"],
  ["src/chain-2", "out"],
  ["src/loop", "loop"],
  ["src/within", "deep"],
  ["src/key", "../secrets/key"],
  ["src/home", home],
  ["src/proc", "/proc/self/root"],
  ["hidden", "secrets"],
];
for (const [path, target] of links) symlinkSync(target, join(cwd, path));
symlinkSync(cwd, join(root, "link-to-project"));

type Case = readonly [tool: string, input: Record<string, unknown>];
const read = (file_path: unknown): Case => ["Read", { file_path }];
const at = (path: string): string => join(cwd, path);

async function expectAll(
  rules: readonly PolicyRule[],
  cases: readonly Case[],
  behavior: "allow" | "deny" | "ask",
  context: PolicyContext = project,
): Promise<void> {
  for (const [tool, input] of cases) {
    const decision = await decide(rules, tool, input, context);
    assert.is(decision.behavior, behavior, `${tool} ${JSON.stringify(input)}: ${decision.reason}`);
  }
}

const allowing = suite("file tools: what is allowed");
const SOURCES: readonly PolicyRule[] = [{ allow: "Read(./src/**)" }, { allow: "Edit(/src/**)" }];

allowing("files below the directory, there or not", async () => {
  const paths = [
    "src/a.ts",
    "src/deep/b.ts",
    "src/new",
    "src/new/er",
    "src/within/b.ts",
    "src/./a.ts",
    "src//a.ts",
    "src/deep/../a.ts",
  ];
  const tools: Case[] = paths.flatMap((path) => [
    read(`${cwd}/${path}`),
    ["Write", { file_path: `${cwd}/${path}`, content: "" }],
    ["Edit", { file_path: `${cwd}/${path}`, old_string: "a", new_string: "b", replace_all: true }],
    ["MultiEdit", { file_path: `${cwd}/${path}`, edits: [] }],
    ["NotebookEdit", { notebook_path: `${cwd}/${path}`, new_source: "" }],
  ]);
  await expectAll(SOURCES, tools, "allow");
  await expectAll(
    SOURCES,
    [
      ["Grep", { pattern: "/etc", path: at("src"), glob: "*.ts", "-A": 3 }],
      ["Grep", { pattern: "x", path: at("src/a.ts") }],
      ["Glob", { pattern: "**/*.ts", path: at("src") }],
      ["Glob", { pattern: `${cwd}/src/**`, path: at("src") }],
      ["LS", { path: at("src/deep") }],
    ],
    "allow",
  );
});

allowing("and nothing else", async () => {
  const outside = [
    ...[
      "notes.md",
      "secrets/key",
      "src",
      "srcs/a",
      "src-evil/a",
      "SRC/a.ts",
      "Src/a.ts",
      "src/../notes.md",
      "src/deep/../../notes.md",
    ],
    ...[
      "src/out/file",
      "src/out",
      "src/up/outside/file",
      "src/file-out",
      "src/gone-out",
      "src/chain/file",
      "src/loop",
      "src/loop/a",
    ],
    ...[
      "src/key",
      "src/home/id_rsa",
      "src/within/../../notes.md",
      "src/out/../project/notes.md",
      "src/up/project/secrets/key",
    ],
    ...["src/a.ts/x", "src/out/new", "src/chain/new/er", "src/proc/etc/passwd", "src/out/../../home/id_rsa"],
    ...[
      "src/a\0.ts",
      "src/a.ts\0",
      "src/a\u200b.ts",
      "src/\u202ea",
      "src/a.ts ",
      "src/a\n",
      "src/a\\..\\b",
      "src\\a.ts",
      "src\u2215a.ts",
    ],
  ].map((path) => `${cwd}/${path}`);
  const strange = [
    ...[
      "/etc/passwd",
      "/",
      "",
      " ",
      ".",
      "..",
      "src/a.ts",
      "./src/a.ts",
      "../project/src/a.ts",
      "~",
      "~/id_rsa",
      "~root/x",
    ],
    ...[
      "~/../project/notes.md",
      ` ${cwd}/src/a.ts`,
      `/${cwd}/src/a.ts`,
      `\\\\server${cwd}/src/a.ts`,
      `file://${cwd}/src/a.ts`,
    ],
    ...[
      "C:\\src\\a.ts",
      "//server/share/src/a.ts",
      `/proc/self/root${cwd}/src/a.ts`,
      `/proc/self/cwd/src/a.ts`,
      "$HOME/x",
    ],
    ...[
      `${cwd}/src/${"a/".repeat(300)}b`,
      `${cwd}/src/${"a".repeat(5_000)}`,
      `${cwd}/src/${"a".repeat(300)}`,
    ],
  ];
  const odd: unknown[] = [
    undefined,
    null,
    5,
    true,
    {},
    [],
    [`${cwd}/src/a.ts`],
    { toString: `${cwd}/src/a.ts` },
  ];
  await expectAll(SOURCES, [...outside, ...strange, ...odd].map(read), "deny");
});

allowing("fields that are not known, more than one path, and the CLI's own objection", async () => {
  const file_path = at("src/a.ts");
  const cases: Case[] = [
    ["Read", { file_path, path: "/etc/passwd" }],
    ["Read", { file_path, other_file: "/etc/passwd" }],
    ["Read", { file_path, files: ["/etc/passwd"] }],
    ["Write", { file_path, content: "", target: { path: "/etc/passwd" } }],
    ["NotebookEdit", { notebook_path: file_path, file_path: "/etc/passwd", new_source: "" }],
    ["Write", { content: "" }],
    ["Read", { path: file_path }],
    ["Glob", { pattern: "/etc/**", path: at("src") }],
    ["Glob", { pattern: "../**", path: at("src") }],
    ["Glob", { pattern: "**/../../*", path: at("src") }],
    ["Glob", { pattern: "{a,../b}/*", path: at("src") }],
    ["Glob", { pattern: "{/etc,a}/*", path: at("src") }],
    ["Glob", { pattern: "~/**", path: at("src") }],
    ["Glob", { pattern: "out/*", path: at("src") }],
    ["Glob", { pattern: ["**"], path: at("src") }],
    ["Glob", { pattern: "src/**" }],
    ["Glob", { pattern: "**" }],
    ["Grep", { pattern: "x" }],
    ["Grep", { pattern: "x", path: "src" }],
    ["Grep", { pattern: "x", path: "" }],
    ["Grep", { pattern: "x", path: cwd }],
    ["Grep", { pattern: "x", path: at("src"), root: "/" }],
    ["LS", { path: cwd }],
    ["LS", {}],
    ["Delete", { file_path }],
    ["toString", { file_path }],
    ["__proto__", { file_path }],
  ];
  await expectAll(SOURCES, cases, "deny");
  const policy = compilePolicy({ rules: SOURCES }, project);
  const request = { tool_name: "Read", input: { file_path } };
  assert.is((await policy.decide({ ...request, blocked_path: "/etc/passwd" })).behavior, "deny");
  assert.is((await policy.decide({ ...request, blocked_path: at("src/a.ts") })).behavior, "allow");
});

allowing("a search needs everything below its directory", async () => {
  const search = (path?: string): Case => ["Grep", { pattern: "x", ...(path === undefined ? {} : { path }) }];
  await expectAll(
    [{ allow: "Read(./**)" }],
    [search(), search(cwd), search(at("src")), ["Glob", { pattern: "src/*" }]],
    "allow",
  );
  await expectAll([{ allow: "Read(src/*.ts)" }], [search(at("src"))], "deny");
  await expectAll([{ allow: "Read(*.ts)" }], [search(), search(at("src"))], "deny");
  await expectAll([{ allow: "Read(src/*/**)" }], [search(at("src"))], "deny");
  await expectAll([{ allow: "Read(src/*/**)" }], [search(at("src/deep"))], "allow");
  await expectAll([{ allow: "Read(./src)" }], [search(at("src")), read(at("src/a.ts"))], "allow");
});

allowing("a wildcard does not cover changes of what makes others run something", async () => {
  const write = (path: string): Case => ["Write", { file_path: at(path), content: "" }];
  const guarded = [
    ".git/hooks/pre-commit",
    ".git/config",
    "src/.git",
    ".claude/settings.json",
    ".GIT/config",
    ".husky/x",
    ".bashrc",
    ".mcp.json",
  ];
  await expectAll([{ allow: "Edit(./**)" }, { allow: "Edit(//**)" }], guarded.map(write), "deny");
  await expectAll([{ allow: "Edit(./**)" }], [write("src/x"), write(".gitignore"), write("git/x")], "allow");
  await expectAll([{ allow: "Edit(./.claude/**)" }], [write(".claude/settings.json")], "allow");
  await expectAll([{ allow: "Edit(**/.claude/agents/*)" }], [write(".claude/agents/x")], "allow");
  await expectAll([{ allow: "Read(./**)" }], [read(at(".git/config"))], "allow");
});

allowing("redirections of a shell", async () => {
  const rules: PolicyRule[] = [
    { allow: "Bash(echo *)" },
    { allow: "Edit(./build/**)" },
    { allow: "Read(./src/**)" },
  ];
  const run = (command: string): Case => ["Bash", { command }];
  const fine = [
    `echo a > ${cwd}/build/new`,
    `echo a >> '${cwd}/build/x'`,
    `echo < ${cwd}/src/a.ts 2>${cwd}/build/e`,
  ];
  await expectAll(rules, fine.map(run), "allow");
  const bad = [
    ...[
      "echo > build/x",
      "echo > ./build/x",
      `echo > ${cwd}/src/a.ts`,
      `echo < ${cwd}/build/x`,
      `echo <> ${cwd}/src/a.ts`,
    ],
    ...[
      `echo > ${cwd}/build/../notes.md`,
      `echo > ${cwd}/build/*`,
      `echo > ${cwd}/build/$A`,
      `echo < ${cwd}/src/out/file`,
    ],
    ...[
      `echo > ${cwd}/build/.git/config`,
      `cd / && echo > ${cwd}/build/x`,
      "echo > /dev/stdout",
      "echo > /dev/fd/1",
    ],
  ];
  await expectAll(rules, bad.map(run), "deny");
  await expectAll(
    [{ allow: "Bash(echo *)" }, { allow: "Edit(//**)" }],
    ["echo > /dev/tcp/127.0.0.1/80"].map(run),
    "deny",
  );
});

allowing("a working directory behind a link is the same directory", async () => {
  const context = { cwd: join(root, "link-to-project"), home };
  await expectAll(
    SOURCES,
    [read(at("src/a.ts")), read(join(root, "link-to-project/src/a.ts"))],
    "allow",
    context,
  );
  await expectAll(SOURCES, [read(join(root, "link-to-project/secrets/key"))], "deny", context);
});

allowing.run();

const forbidding = suite("file tools: what is forbidden");
const SECRETS: readonly PolicyRule[] = [
  ...["Read(./secrets/**)", "Edit(./secrets/**)", "Read(.env)", "Read(~/id_rsa)"].map((deny) => ({ deny })),
  ...["Read", "Edit", "Bash"].map((allow) => ({ allow })),
];

forbidding("by any name, from anywhere", async () => {
  const paths = [
    ...[
      "secrets/key",
      "secrets",
      "secrets/",
      "secrets/new/er",
      "SECRETS/key",
      "Secrets/KEY",
      "ſecrets/key",
      "sec\u200drets/key",
      "ｓecrets/key",
    ],
    ...[
      "src/key",
      "hidden/key",
      "hidden",
      "src/../secrets/key",
      "src/up/project/secrets/key",
      "hidden/../secrets/x",
      "./secrets//key",
    ],
    ...[
      ".env",
      ".ENV",
      "src/.env",
      "src/deep/.env",
      "․env",
      "src/home/id_rsa",
      "src/within/../../secrets/key",
    ],
  ].map((path) => `${cwd}/${path}`);
  const strange = [
    ...[
      "secrets/key",
      "./secrets/key",
      "src/a.ts",
      "~/id_rsa",
      "~/../project/secrets/key",
      `/proc/self/root${cwd}/secrets/key`,
    ],
    ...[
      `/${cwd}/secrets/key`,
      `${cwd}/secrets/key\0`,
      ` ${cwd}/secrets/key`,
      `${cwd}/src/loop`,
      `${root}/link-to-project/secrets/key`,
    ],
    ...[
      "~other/x",
      undefined,
      5,
      [`${cwd}/secrets/key`],
      `${cwd}\\secrets\\key`,
      "//secrets/key",
      `${cwd}/src/a.ts/../../secrets/key`,
    ],
  ];
  await expectAll(SECRETS, [...paths, ...strange].map(read), "deny");
  await expectAll(
    SECRETS,
    [...paths.slice(0, 16)].map((file_path): Case => ["Write", { file_path, content: "" }]),
    "deny",
  );
});

forbidding("by searches that would come upon it", async () => {
  const rules: PolicyRule[] = [{ deny: "Read(./secrets/**)" }, { allow: "Read" }];
  const cases: Case[] = [
    ["Grep", { pattern: "x" }],
    ["Grep", { pattern: "x", path: cwd }],
    ["Grep", { pattern: "x", path: root }],
    ["Grep", { pattern: "x", path: "/" }],
    ["Grep", { pattern: "x", path: at("secrets") }],
    ["Grep", { pattern: "x", path: at("secrets/key") }],
    ["Grep", { pattern: "x", path: at("src/up") }],
    ["Grep", { pattern: "x", path: at("hidden") }],
    ["Grep", { pattern: "x", path: "src" }],
    ["Glob", { pattern: "**" }],
    ["Glob", { pattern: "secrets/*" }],
    ["Glob", { pattern: `${cwd}/secrets/*`, path: at("build") }],
    ["Glob", { pattern: "../secrets/*", path: at("build") }],
    ["LS", { path: cwd }],
  ];
  await expectAll(rules, cases, "deny");
  await expectAll(
    rules,
    [
      ["Grep", { pattern: "x", path: at("build") }],
      ["LS", { path: at("src/deep") }],
    ],
    "allow",
  );
  await expectAll(
    [{ deny: "Read(.env)" }, { allow: "Read" }],
    [["Grep", { pattern: "x", path: at("build") }]],
    "deny",
  );
  await expectAll(
    [{ deny: "Read(.env)" }, { allow: "Read" }],
    [["Grep", { pattern: "x", path: at("src/a.ts") }]],
    "allow",
  );
});

forbidding("reading covers edits that show the file, and redirections", async () => {
  const file_path = at(".env");
  await expectAll(SECRETS, [["Edit", { file_path, old_string: "a", new_string: "b" }]], "deny");
  await expectAll(SECRETS, [["Write", { file_path, content: "" }]], "allow");
  const commands = [
    `cat < ${cwd}/secrets/key`,
    `cat > ${cwd}/secrets/key`,
    "cat < x",
    "cat > $A",
    `cat < ${cwd}/hidden/key`,
  ];
  await expectAll(
    SECRETS,
    commands.map((command): Case => ["Bash", { command }]),
    "deny",
  );
  await expectAll(SECRETS, [["Bash", { command: `cat < ${cwd}/notes.md > ${cwd}/build/x` }]], "allow");
});

forbidding("a link that is put in its place later", async () => {
  const rules: PolicyRule[] = [{ deny: "Read(./vault/**)" }, { allow: "Read" }];
  mkdirSync(join(root, "elsewhere"));
  symlinkSync(join(root, "elsewhere"), at("vault"));
  await expectAll(rules, [read(join(root, "elsewhere/x")), read(at("vault/x"))], "deny");
  rmSync(at("vault"));
});

forbidding("an absolute path may be meant by one slash", async () => {
  await expectAll(
    [{ deny: "Read(/etc/**)" }, { allow: "Read" }],
    [read("/etc/passwd"), read(at("etc/x"))],
    "deny",
  );
  await expectAll([{ allow: "Read(/etc/**)" }], [read("/etc/passwd")], "deny");
  await expectAll([{ allow: "Read(//etc/**)" }], [read("/etc/hostname")], "allow");
  await expectAll([{ ask: "Read(/etc/**)" }, { allow: "Read" }], [read("/etc/passwd")], "ask");
});

forbidding.run();

const anyTree = suite("file tools: any tree");

anyTree("a path rule allows nothing whose real place is elsewhere", async () => {
  const names = ["a", "b", "..", ".", "link", "up", "abs", "new"];
  const pool = fc.constantFrom(...names);
  const target = fc.oneof(
    fc
      .array(fc.constantFrom("a", "b", "..", "link", "up"), { minLength: 1, maxLength: 4 })
      .map((path) => path.join("/")),
    fc.constantFrom("/", root, join(root, "outside"), join(cwd, "tree"), join(cwd, "tree/a")),
  );
  const place = fc.constantFrom("", "a/", "b/", "a/a/", "a/b/");
  const linksOf = fc.array(fc.tuple(place, fc.constantFrom("link", "up", "abs"), target), { maxLength: 6 });
  const base = at("tree");
  const policy = compilePolicy({ rules: [{ allow: "Edit(./tree/**)" }] }, project);
  let allowed = 0;
  await fc.assert(
    fc.asyncProperty(linksOf, fc.array(pool, { minLength: 1, maxLength: 6 }), async (made, path) => {
      rmSync(base, { recursive: true, force: true });
      for (const folder of ["a/a", "a/b", "b"]) mkdirSync(join(base, folder), { recursive: true });
      for (const [folder, name, to] of made) {
        rmSync(join(base, folder, name), { force: true });
        symlinkSync(to, join(base, folder, name));
      }
      const file_path = `${base}/${path.join("/")}`;
      const { behavior } = await policy.decide({ tool_name: "Write", input: { file_path, content: "" } });
      if (behavior !== "allow") return;
      allowed += 1;
      for (const spelling of [file_path, join(file_path)]) {
        const real = realPlace(spelling);
        assert.not.match(
          relative(base, real),
          /^\.\.|^$/,
          `${file_path} is ${real}; ${JSON.stringify(made)}`,
        );
      }
    }),
    { numRuns: 400, seed: 7 },
  );
  assert.ok(allowed > 40, `only ${allowed} were allowed`);
});

/** Where the kernel would make the file: the parent resolved by the system, one level after the other. */
function realPlace(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPlace(parent), path.slice(parent.length));
  }
}

anyTree("a directory that becomes a link between two decisions is looked at again", async () => {
  rmSync(at("tree"), { recursive: true, force: true });
  mkdirSync(at("tree/a"), { recursive: true });
  const policy = compilePolicy({ rules: [{ allow: "Edit(./tree/**)" }] }, project);
  const request = { tool_name: "Write", input: { file_path: at("tree/a/x"), content: "" } };
  assert.is((await policy.decide(request)).behavior, "allow");
  renameSync(at("tree/a"), at("tree/b"));
  symlinkSync(join(root, "outside"), at("tree/a"));
  assert.is((await policy.decide(request)).behavior, "deny");
});

anyTree.after(project.remove);
anyTree.run();
