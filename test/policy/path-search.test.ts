import { existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { suite } from "uvu";
import type { PolicyRule } from "../../src/policy/index.js";
import { MAX_TREE_ENTRIES } from "../../src/policy/limits.js";
import { type Case, hostileTree, read } from "./hostile-tree.js";

const tree = hostileTree();
const { root, cwd, at, expectAll } = tree;

const forbidding = suite("path search: what is forbidden");
const SECRETS: readonly PolicyRule[] = [
  ...["Read(./secrets/**)", "Edit(./secrets/**)", "Read(.env)", "Read(~/id_rsa)"].map((deny) => ({ deny })),
  ...["Read", "Edit", "Bash"].map((allow) => ({ allow })),
];

forbidding("by any name, from anywhere", async () => {
  const paths = [
    // biome-ignore format: a table
    ...[
      "secrets/key", "secrets", "secrets/", "secrets/new/er", "SECRETS/key", "Secrets/KEY", "ſecrets/key",
      "sec\u200drets/key", "ｓecrets/key",
    ],
    // biome-ignore format: a table
    ...[
      "src/key", "hidden/key", "hidden", "src/../secrets/key", "src/up/project/secrets/key",
      "hidden/../secrets/x", "./secrets//key",
    ],
    // biome-ignore format: a table
    ...[
      ".env", ".ENV", "src/.env", "src/deep/.env", "․env", "src/home/id_rsa",
      "src/within/../../secrets/key",
    ],
  ].map((path) => `${cwd}/${path}`);
  const strange = [
    // biome-ignore format: a table
    ...[
      "secrets/key", "./secrets/key", "src/a.ts", "~/id_rsa", "~/../project/secrets/key",
      `/proc/self/root${cwd}/secrets/key`,
    ],
    // biome-ignore format: a table
    ...[
      `/${cwd}/secrets/key`, `${cwd}/secrets/key\0`, ` ${cwd}/secrets/key`, `${cwd}/src/loop`,
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

forbidding("through a link that is different for each process", async () => {
  if (!existsSync("/proc/self/cwd")) return;
  const rules: PolicyRule[] = [{ deny: "Read(./secrets/**)" }, { allow: "Read" }];
  await expectAll(rules, ["/proc/self/cwd/secrets/key", "/proc/self/fd/0"].map(read), "deny");
  await expectAll([{ allow: "Read(//**)" }], [read("/proc/self/cwd/secrets/key")], "deny");
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
});

forbidding("wherever it is in what is searched", async () => {
  const rules: PolicyRule[] = [{ deny: "Read(.env)" }, { deny: "Read(**/*.pem)" }, { allow: "Read" }];
  const search = (path: string): Case => ["Grep", { pattern: "x", path: at(path) }];
  await expectAll(rules, [search("."), search("src"), search("src/up"), search("src/.env")], "deny");
  await expectAll(
    rules,
    [search("build"), search("src/deep"), search("src/a.ts"), search("not-there")],
    "allow",
  );
  mkdirSync(at("build/deep/er"), { recursive: true });
  writeFileSync(at("build/deep/er/KEY.PEM"), "");
  await expectAll(rules, [search("build"), search("build/deep/er/KEY.PEM")], "deny");
  rmSync(at("build/deep"), { recursive: true });
});

forbidding("also when there is too much to look through", async () => {
  mkdirSync(at("many"));
  for (let index = 0; index <= MAX_TREE_ENTRIES; index++) writeFileSync(at(`many/${index}`), "");
  const rules: PolicyRule[] = [{ deny: "Read(.env)" }, { allow: "Read" }];
  await expectAll(rules, [["Grep", { pattern: "x", path: at("many") }]], "deny");
  rmSync(at("many"), { recursive: true });
});

forbidding("reading covers edits that show the file, and redirections", async () => {
  const file_path = at(".env");
  await expectAll(SECRETS, [["Edit", { file_path, old_string: "a", new_string: "b" }]], "deny");
  await expectAll(SECRETS, [["Write", { file_path, content: "" }]], "allow");
  // biome-ignore format: a table
  const commands = [
    `cat < ${cwd}/secrets/key`, `cat > ${cwd}/secrets/key`, "cat < x", "cat > $A",
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

forbidding.after(tree.remove);
forbidding.run();
