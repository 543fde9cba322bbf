import { writeFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { inspect } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { SpawnError } from "../../src/errors.js";
import { ClaudeCliBuilder, resolveLaunch, toSpawnable } from "../../src/launch/index.js";
import { rejects } from "../support/rejects.js";
import { inTemporaryFolder, writeScript } from "./temporary.js";

const resolve = suite("resolveLaunch");

resolve("makes the command absolute and keeps the rest, secrets hidden", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = await writeScript(join(folder, "claude"), "#!/bin/sh\n");
    const spec = new ClaudeCliBuilder()
      .cleanEnv({ PATH: folder })
      .apiKey("hush")
      .workingDirectory(folder)
      .build();
    const resolved = await resolveLaunch(spec);
    assert.equal(toSpawnable(resolved), { ...toSpawnable(spec), command: path });
    assert.not.match(inspect(resolved) + JSON.stringify(resolved), /hush/);
    assert.is((await resolveLaunch(resolved)).command, path, "resolving twice changes nothing");
  });
});

resolve("the default command falls back to an installed package; another name does not", async () => {
  const resolved = await resolveLaunch(new ClaudeCliBuilder().cleanEnv().build());
  assert.ok(isAbsolute(resolved.command));
  const error = await rejects(resolveLaunch(new ClaudeCliBuilder().cleanEnv().command("claude-x").build()));
  assert.is(error.code, "BINARY_NOT_FOUND");
});

resolve("without its own environment the host's PATH counts, and env stays absent", async () => {
  const resolved = await resolveLaunch({ command: "sh", args: ["-c", "true"] });
  assert.match(resolved.command, /^\/.*\/sh$/);
  assert.equal(resolved.args, ["-c", "true"]);
  assert.not.ok("env" in resolved || "cwd" in resolved || "sessionId" in resolved);
});

resolve(
  "a relative command starts at the launch's working directory, as the spawn itself would",
  async () => {
    await inTemporaryFolder(async (folder) => {
      const path = await writeScript(join(folder, "bin/tool"), "#!/bin/sh\n");
      assert.is((await resolveLaunch({ command: "bin/tool", args: [], cwd: folder })).command, path);
    });
  },
);

resolve("a working directory that cannot be used is not reported as a missing binary", async () => {
  await inTemporaryFolder(async (folder) => {
    await writeFile(join(folder, "file"), "");
    for (const [cwd, errno, reason] of [
      ["missing", "ENOENT", /working directory .*missing does not exist/],
      ["file", "ENOTDIR", /working directory .*file is not a directory/],
      ["file/deeper", "ENOTDIR", /working directory .*deeper cannot be entered/],
    ] as const) {
      const error = await rejects<SpawnError>(
        resolveLaunch({ command: "sh", args: [], cwd: join(folder, cwd) }),
      );
      assert.is(error.code, "SPAWN_FAILED");
      assert.is(error.errno, errno);
      assert.is(error.command, "sh");
      assert.match(error.message, reason);
    }
  });
});

resolve("a relative working directory becomes absolute", async () => {
  assert.is((await resolveLaunch({ command: "sh", args: [], cwd: "." })).cwd, process.cwd());
});

resolve("a malformed spec is refused before anything is looked up", async () => {
  assert.is((await rejects(resolveLaunch({ command: "", args: [] }))).code, "INVALID_ARGUMENT");
});

resolve.run();
