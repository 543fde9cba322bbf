import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { compilePolicy, type PolicyRule } from "../../src/policy/index.js";
import { type Case, hostileTree, read } from "./hostile-tree.js";

const tree = hostileTree();
const { root, cwd, home, at, expectAll } = tree;

const allowing = suite("file tools: what is allowed");
const SOURCES: readonly PolicyRule[] = [{ allow: "Read(./src/**)" }, { allow: "Edit(/src/**)" }];

allowing("files below the directory, there or not", async () => {
  // biome-ignore format: a table
  const paths = [
    "src/a.ts", "src/deep/b.ts", "src/new", "src/new/er", "src/within/b.ts", "src/./a.ts", "src//a.ts",
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
    // biome-ignore format: a table
    ...[
      "notes.md", "secrets/key", "src", "srcs/a", "src-evil/a", "SRC/a.ts", "Src/a.ts", "src/../notes.md",
      "src/deep/../../notes.md",
    ],
    // biome-ignore format: a table
    ...[
      "src/out/file", "src/out", "src/up/outside/file", "src/file-out", "src/gone-out", "src/chain/file",
      "src/loop", "src/loop/a",
    ],
    // biome-ignore format: a table
    ...[
      "src/key", "src/home/id_rsa", "src/within/../../notes.md", "src/out/../project/notes.md",
      "src/up/project/secrets/key",
    ],
    ...["src/a.ts/x", "src/out/new", "src/chain/new/er", "src/proc/etc/passwd", "src/out/../../home/id_rsa"],
    // biome-ignore format: a table
    ...[
      "src/a\0.ts", "src/a.ts\0", "src/a\u200b.ts", "src/\u202ea", "src/a.ts ", "src/a\n", "src/a\\..\\b",
      "src\\a.ts", "src\u2215a.ts",
    ],
  ].map((path) => `${cwd}/${path}`);
  const strange = [
    // biome-ignore format: a table
    ...[
      "/etc/passwd", "/", "", " ", ".", "..", "src/a.ts", "./src/a.ts", "../project/src/a.ts", "~",
      "~/id_rsa", "~root/x",
    ],
    // biome-ignore format: a table
    ...[
      "~/../project/notes.md", ` ${cwd}/src/a.ts`, `/${cwd}/src/a.ts`, `\\\\server${cwd}/src/a.ts`,
      `file://${cwd}/src/a.ts`,
    ],
    // biome-ignore format: a table
    ...[
      "C:\\src\\a.ts", "//server/share/src/a.ts", `/proc/self/root${cwd}/src/a.ts`,
      `/proc/self/cwd/src/a.ts`, "$HOME/x",
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
  const policy = compilePolicy({ rules: SOURCES }, tree);
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
  // biome-ignore format: a table
  const guarded = [
    ".git/hooks/pre-commit", ".git/config", "src/.git", ".claude/settings.json", ".GIT/config", ".husky/x",
    ".bashrc", ".mcp.json",
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
    // biome-ignore format: a table
    ...[
      "echo > build/x", "echo > ./build/x", `echo > ${cwd}/src/a.ts`, `echo < ${cwd}/build/x`,
      `echo <> ${cwd}/src/a.ts`,
    ],
    // biome-ignore format: a table
    ...[
      `echo > ${cwd}/build/../notes.md`, `echo > ${cwd}/build/*`, `echo > ${cwd}/build/$A`,
      `echo < ${cwd}/src/out/file`,
    ],
    // biome-ignore format: a table
    ...[
      `echo > ${cwd}/build/.git/config`, `cd / && echo > ${cwd}/build/x`, "echo > /dev/stdout",
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

allowing.after(tree.remove);
allowing.run();
