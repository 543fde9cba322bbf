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

const posix = process.platform === "win32" ? resolve.skip : resolve;

posix("a script whose interpreter cannot run is not started", async () => {
  await inTemporaryFolder(async (folder) => {
    const plain = await writeScript(join(folder, "plain"), "", 0o644);
    for (const [line, reason] of [
      ["#!/no/such/interpreter\n", /interpreter \/no\/such\/interpreter, which does not exist/],
      ["#! \t/no/such -flag\n", /interpreter \/no\/such, which does not exist/],
      [`#!${plain}\n`, /which is not executable/],
      [`#!${folder}\n`, /which is not a file/],
    ] as const) {
      const command = await writeScript(join(folder, "script"), line);
      const error = await rejects<SpawnError>(resolveLaunch({ command, args: [] }));
      assert.equal([error.code, error.command], ["SPAWN_FAILED", command]);
      assert.match(error.message, reason);
    }
  });
});

posix("what names no interpreter that can be looked for is left to the system", async () => {
  await inTemporaryFolder(async (folder) => {
    for (const text of [
      "",
      "#!",
      "#!/bin/sh",
      "#!/bin/sh\n",
      "#!relative\n",
      `#!/${"x".repeat(300)}\n`,
      "\0\x7f",
    ]) {
      const command = await writeScript(join(folder, "script"), text);
      assert.is((await resolveLaunch({ command, args: [] })).command, command);
    }
    const unreadable = await writeScript(join(folder, "unreadable"), "#!/bin/sh\n", 0o311);
    assert.is((await resolveLaunch({ command: unreadable, args: [] })).command, unreadable);
  });
});

resolve("a relative working directory becomes absolute", async () => {
  assert.is((await resolveLaunch({ command: "sh", args: [], cwd: "." })).cwd, process.cwd());
});

resolve("a malformed spec is refused before anything is looked up", async () => {
  assert.is((await rejects(resolveLaunch({ command: "", args: [] }))).code, "INVALID_ARGUMENT");
});

resolve.run();
