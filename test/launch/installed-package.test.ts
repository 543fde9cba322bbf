import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { findInPackages } from "../../src/launch/installed-package.js";
import { inTemporaryFolder, writeScript } from "./temporary.js";

const packages = suite("findInPackages");

const PLATFORM = `${process.platform}-${process.arch}`;
const SDK = "@anthropic-ai/claude-agent-sdk";
const CODE = "@anthropic-ai/claude-code";
const LONG_SCRIPT = `#!/bin/sh\n${"#".repeat(5000)}\n`;

/** Writes a package, perhaps with an executable, and returns the executable's path. */
async function install(folder: string, name: string, manifest: object, file = "claude", text = LONG_SCRIPT) {
  const root = join(folder, "node_modules", name);
  const path = await writeScript(join(root, file), text);
  await writeFile(join(root, "package.json"), JSON.stringify({ name, version: "1.0.0", ...manifest }));
  return path;
}

const search = (...folders: string[]) =>
  findInPackages(folders.map((folder) => join(folder, "package.json")));

packages("finds nothing in an empty place, and tells where it looked", async () => {
  await inTemporaryFolder(async (folder) => {
    const { path, searched } = await search(folder);
    assert.is(path, undefined);
    assert.ok(searched.includes(`package ${SDK}-${PLATFORM} (from ${folder})`));
    assert.ok(searched.includes(`package ${CODE} (from ${folder})`));
  });
});

packages("prefers the earlier place, and the SDK to the CLI's own package", async () => {
  await inTemporaryFolder(async (folder) => {
    const [here, there] = [join(folder, "a"), join(folder, "b")];
    const own = await install(here, `${CODE}-${PLATFORM}`, {});
    assert.is((await search(here)).path, own);
    const sdk = await install(here, `${SDK}-${PLATFORM}`, {});
    const other = await install(there, `${SDK}-${PLATFORM}`, {});
    assert.is((await search(here, there)).path, sdk);
    assert.is((await search(there, here)).path, other);
  });
});

packages("finds a platform package that only its carrier can see", async () => {
  await inTemporaryFolder(async (folder) => {
    const store = join(folder, "store");
    await install(store, SDK, { exports: { ".": "./sdk.mjs" } }, "sdk.mjs");
    const binary = await install(store, `${SDK}-${PLATFORM}`, {});
    await mkdir(join(folder, "app/node_modules/@anthropic-ai"), { recursive: true });
    await symlink(join(store, "node_modules", SDK), join(folder, "app/node_modules", SDK));
    assert.is((await search(join(folder, "app"))).path, binary);
  });
});

packages("takes the package's own bin, unless install scripts left only a placeholder", async () => {
  await inTemporaryFolder(async (folder) => {
    const [real, stub] = [join(folder, "real"), join(folder, "stub")];
    const manifest = { bin: { claude: "bin/claude.exe" } };
    const binary = await install(real, CODE, manifest, "bin/claude.exe");
    await install(stub, CODE, manifest, "bin/claude.exe", "echo not installed\n");
    assert.is((await search(real)).path, binary);
    assert.is((await search(stub)).path, undefined);
    await install(join(folder, "odd"), CODE, { bin: "x" });
    assert.is((await search(join(folder, "odd"))).path, undefined);
  });
});

packages("passes over a binary that cannot be executed", async () => {
  await inTemporaryFolder(async (folder) => {
    const root = join(folder, "node_modules", `${SDK}-${PLATFORM}`);
    await writeScript(join(root, "claude"), LONG_SCRIPT, 0o644);
    await writeFile(join(root, "package.json"), "{}");
    assert.is((await search(folder)).path, undefined);
  });
});

if (process.platform === "linux") {
  packages("with builds for both C libraries: the one that this Node runs on", async () => {
    await inTemporaryFolder(async (folder) => {
      const musl = await install(folder, `${SDK}-${PLATFORM}-musl`, {});
      assert.is((await search(folder)).path, musl, "the only one there is");
      const glibc = await install(folder, `${SDK}-${PLATFORM}`, {});
      const report: unknown = process.report.getReport();
      const onGlibc = JSON.stringify(report).includes('"glibcVersionRuntime"');
      assert.is((await search(folder)).path, onGlibc ? glibc : musl);
    });
  });
}

packages.run();
