import { spawnSync } from "node:child_process";
import { chmod, cp, mkdir, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { BinaryNotFoundError, SpawnError } from "../../src/errors.js";
import { type FindClaudeOptions, findClaude } from "../../src/launch/index.js";
import { rejects } from "../support/rejects.js";
import { inTemporaryFolder, writeScript } from "./temporary.js";

const SCRIPT = "#!/bin/sh\n";
const find = suite("findClaude");

/** A folder with what can be met on a PATH. */
async function inTree(run: (tree: string, file: (name: string) => string) => Promise<void>): Promise<void> {
  await inTemporaryFolder(async (tree) => {
    const file = (name: string) => join(tree, name);
    await writeScript(file("good/claude"), SCRIPT);
    await writeScript(file("later/claude"), SCRIPT);
    await writeScript(file("good/other"), SCRIPT);
    await writeScript(file("locked/claude"), SCRIPT, 0o644);
    await mkdir(file("folder/claude"), { recursive: true });
    await mkdir(file("dangling"));
    await symlink(file("nowhere"), file("dangling/claude"));
    await mkdir(file("linked"));
    await symlink(file("good/claude"), file("linked/claude"));
    await run(tree, file);
  });
}

const onPath = (...directories: string[]) => ({ env: { PATH: directories.join(delimiter) } });

find("on PATH: the first that can be executed, passing over what cannot", async () => {
  await inTree(async (tree, file) => {
    const rows: ReadonlyArray<readonly [FindClaudeOptions, string]> = [
      [onPath(file("good"), file("later")), "good/claude"],
      [onPath(file("later"), file("good")), "later/claude"],
      [onPath(file("missing"), "", file("folder"), file("dangling"), file("good")), "good/claude"],
      [onPath(file("linked")), "linked/claude"],
      [{ ...onPath("good"), cwd: tree }, "good/claude"],
      [{ ...onPath(file("good")), command: "claude" }, "good/claude"],
      [{ ...onPath(file("good")), command: "other" }, "good/other"],
    ];
    for (const [options, expected] of rows) {
      assert.equal(await findClaude(options), { path: file(expected), source: "path" });
    }
  });
});

find("an explicit path: absolute, or relative to cwd", async () => {
  await inTree(async (tree, file) => {
    const expected = { path: file("good/claude"), source: "explicit" };
    assert.equal(await findClaude({ command: file("good/claude"), env: {} }), expected);
    assert.equal(await findClaude({ command: "good/claude", cwd: tree }), expected);
    assert.equal(await findClaude({ command: "./claude", cwd: file("good") }), expected);
    assert.is((await findClaude({ command: file("linked/claude") })).path, file("linked/claude"));
  });
});

find("an explicit path that is not there is not found, and says so", async () => {
  await inTree(async (_tree, file) => {
    for (const [name, reason] of [
      ["missing/claude", /does not exist.*npm install/],
      ["dangling/claude", /link to a file that does not exist/],
      ["good/claude/deeper", /cannot be read \(ENOTDIR\)/],
      ["missing/program", /does not exist\. Check the path/],
    ] as const) {
      const error = await rejects<BinaryNotFoundError>(findClaude({ command: file(name) }));
      assert.is(error.code, "BINARY_NOT_FOUND", name);
      assert.match(error.message, reason);
      assert.equal(error.searched, [file(name)]);
      assert.is(error.binary, file(name));
    }
  });
});

find("an explicit path that cannot be executed is a spawn error", async () => {
  await inTree(async (_tree, file) => {
    for (const [name, reason] of [
      ["locked/claude", /is not executable/],
      ["folder/claude", /is not a file/],
    ] as const) {
      const error = await rejects<SpawnError>(findClaude({ command: file(name) }));
      assert.is(error.code, "SPAWN_FAILED", name);
      assert.is(error.errno, "EACCES");
      assert.match(error.message, reason);
    }
  });
});

find("another command that is not on PATH: every place is told, packages are not looked at", async () => {
  await inTree(async (_tree, file) => {
    await writeScript(file("locked/tool"), SCRIPT, 0o644);
    const options = { ...onPath(file("good"), file("locked")), command: "tool" };
    const error = await rejects<BinaryNotFoundError>(findClaude(options));
    assert.is(error.code, "BINARY_NOT_FOUND");
    assert.equal(error.searched, [file("good/tool"), file("locked/tool")]);
    assert.match(error.message, /PATH has 2 directories; passed over: .*locked.tool is not executable/);
    assert.match((await rejects(findClaude({ command: "tool", env: {} }))).message, /PATH is empty/);
  });
});

find("a program in the current directory is not found by name", async () => {
  await inTree(async (_tree, file) => {
    const before = process.cwd();
    process.chdir(file("good"));
    try {
      for (const env of [{}, { PATH: "" }, { PATH: delimiter }]) {
        const error = await rejects<BinaryNotFoundError>(findClaude({ command: "other", env }));
        assert.is(error.code, "BINARY_NOT_FOUND");
      }
    } finally {
      process.chdir(before);
    }
  });
});

find("without one on PATH: the package that is installed beside this one", async () => {
  const found = await findClaude({ env: {}, cwd: "/" });
  assert.is(found.source, "package");
  assert.match(found.path, /@anthropic-ai.claude-agent-sdk-[^/\\]+.claude(\.exe)?$/);
});

/** A copy of the launch layer in a place from which no CLI package is visible. */
async function loneCopy(folder: string): Promise<string> {
  const built = fileURLToPath(new URL("../../src/", import.meta.url));
  await cp(join(built, "launch"), join(folder, "src/launch"), { recursive: true });
  await cp(join(built, "errors.js"), join(folder, "src/errors.js"));
  await writeFile(join(folder, "package.json"), '{"type":"module"}');
  await mkdir(join(folder, "node_modules"));
  const which = dirname(createRequire(import.meta.url).resolve("which/package.json"));
  await symlink(which, join(folder, "node_modules/which"));
  return pathToFileURL(join(folder, "src/launch/index.js")).href;
}

find(
  "nowhere at all: the error says where it looked and how to install; importing needs no execa",
  async () => {
    await inTemporaryFolder(async (folder) => {
      const program = `
      const { findClaude } = await import(${JSON.stringify(await loneCopy(folder))});
      const error = await findClaude({ env: { PATH: "/nowhere" } }).catch((error) => error);
      console.log(JSON.stringify({ ...error, message: error.message }));`;
      const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
        cwd: folder,
        encoding: "utf8",
        env: { PATH: process.env.PATH, HOME: folder },
      });
      assert.is(run.stderr, "");
      const error = JSON.parse(run.stdout);
      assert.is(error.code, "BINARY_NOT_FOUND");
      assert.match(error.message, /npm install -g @anthropic-ai\/claude-code/);
      assert.match(error.message, /ClaudeCliBuilder\.command\(path\)/);
      assert.is(error.searched[0], "/nowhere/claude");
      assert.match(error.searched.join("\n"), /package @anthropic-ai\/claude-agent-sdk-/);
      assert.match(error.searched.join("\n"), /package @anthropic-ai\/claude-code \(from /);
    });
  },
);

find("a package that the working directory can import is found", async () => {
  await inTemporaryFolder(async (folder) => {
    const name = `@anthropic-ai/claude-agent-sdk-${process.platform}-${process.arch}`;
    const installed = join(folder, "app/node_modules", name);
    const binary = await writeScript(join(installed, "claude"), SCRIPT);
    await writeFile(join(installed, "package.json"), "{}");
    const program = `
      const { findClaude } = await import(${JSON.stringify(await loneCopy(folder))});
      console.log(JSON.stringify(await findClaude({ env: {} })));`;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      cwd: join(folder, "app"),
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: folder },
    });
    assert.equal(JSON.parse(run.stdout), { path: binary, source: "package" });
    await chmod(binary, 0o644);
  });
});

find.run();
