import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  checkVersion,
  findClaude,
  TESTED_CLI_VERSION,
  type VersionReport,
  warnOnVersionDrift,
} from "../../src/launch/index.js";
import { rejects } from "../support/rejects.js";
import { withHostEnv } from "./host-env.js";
import { inTemporaryFolder, writeScript } from "./temporary.js";

const version = suite("checkVersion");

/** Checks the version of a stand-in: a shell script. */
async function checkScript(
  script: string,
  options: Parameters<typeof checkVersion>[1] = {},
): Promise<VersionReport> {
  return inTemporaryFolder(async (folder) =>
    checkVersion(await writeScript(join(folder, "claude"), `#!/bin/sh\n${script}\n`), options),
  );
}

version(
  "the real binary is the tested version, without anything of the host but the necessities",
  async () => {
    const { path } = await findClaude({ env: {} });
    assert.equal(await checkVersion(path), {
      version: TESTED_CLI_VERSION,
      tested: TESTED_CLI_VERSION,
      status: "same",
    });
  },
);

for (const [answer, expected, status] of [
  ["2.1.330 (Claude Code)", "2.1.330", "same"],
  ["2.1.331 (Claude Code)", "2.1.331", "newer"],
  ["2.1.1000", "2.1.1000", "newer"],
  ["2.2.0", "2.2.0", "newer"],
  ["10.0.0", "10.0.0", "newer"],
  ["2.1.329", "2.1.329", "older"],
  ["1.9.999", "1.9.999", "older"],
  ["2.1.330-beta.1", "2.1.330-beta.1", "older"],
  ["2.1.331-beta.1", "2.1.331-beta.1", "newer"],
  ["2.1.330+build", "2.1.330", "same"],
  ["claude v2.1.330", "2.1.330", "same"],
  ["99999999999999999999999999.0.0", "99999999999999999999999999.0.0", "newer"],
  ["2.1", undefined, "unknown"],
  ["hello", undefined, "unknown"],
  ["", undefined, "unknown"],
] as const) {
  version(`answer ${JSON.stringify(answer)}: ${status}`, async () => {
    const report = await checkScript(`printf '%s\\n' '${answer}'`);
    assert.is(report.version, expected);
    assert.is(report.status, status);
    assert.is(report.tested, TESTED_CLI_VERSION);
    assert.is(report.detail === undefined, status !== "unknown");
  });
}

for (const [title, script, detail] of [
  ["a crash, whatever it printed", "echo 1.2.3; exit 3", /exited with status 3/],
  ["a signal", "kill -9 $$", /ended by SIGKILL/],
  [
    "endless output",
    "while :; do echo aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa; done",
    /more than 65536 bytes/,
  ],
  ["bytes that are no text", "printf '\\377\\376\\000'", /without a version number/],
] as const) {
  version(`${title} is unknown`, async () => {
    const report = await checkScript(script);
    assert.is(report.status, "unknown");
    assert.match(report.detail ?? "", detail);
  });
}

version("a missing binary, a folder and a file that is no program are unknown", async () => {
  await inTemporaryFolder(async (folder) => {
    const noProgram = await writeScript(join(folder, "text"), "\0\0\0\0", 0o755);
    for (const path of [join(folder, "missing"), folder, noProgram]) {
      const report = await checkVersion(path);
      assert.is(report.status, "unknown", path);
      assert.ok(report.detail, path);
    }
  });
});

version("only the necessities of the environment reach the binary", async () => {
  await inTemporaryFolder(async (folder) => {
    const script = `#!/bin/sh\n/usr/bin/env > ${folder}/seen; echo 2.1.330\n`;
    const path = await writeScript(join(folder, "claude"), script);
    await checkVersion(path, {
      env: { PATH: "/usr/bin:/bin", HOME: "/h", ANTHROPIC_API_KEY: "hush", X: "1" },
    });
    const seen = await readFile(join(folder, "seen"), "utf8");
    assert.match(seen, /^HOME=\/h$/m);
    assert.not.match(seen, /hush|^X=/m);
    await withHostEnv({ ANTHROPIC_API_KEY: "hush" }, () => checkVersion(path));
    assert.not.match(await readFile(join(folder, "seen"), "utf8"), /hush/);
  });
});

/** Whether a process is there and no zombie. */
async function isRunning(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(await readFile(`/proc/${pid}/status`, "utf8").catch(() => ""));
  } catch {
    return false;
  }
}

async function hasEnded(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    if (!(await isRunning(pid))) return true;
    await sleep(20);
  }
  return false;
}

/** A script that writes the pids of itself and of a child to a file, and then waits. */
const hang = (folder: string) => `#!/bin/sh\nsleep 60 &\necho $$ $! > ${folder}/pids\nwait\n`;

async function pidsIn(folder: string): Promise<number[]> {
  return (await readFile(join(folder, "pids"), "utf8")).trim().split(" ").map(Number);
}

version("a binary that stays silent is ended at the deadline, with what it has started", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = await writeScript(join(folder, "claude"), hang(folder));
    const report = await checkVersion(path, { timeoutMs: 500 });
    assert.equal(
      { ...report },
      {
        version: undefined,
        tested: TESTED_CLI_VERSION,
        status: "unknown",
        detail: "it gave no answer within 500 ms",
      },
    );
    const pids = await pidsIn(folder);
    assert.is(pids.length, 2);
    for (const pid of pids) assert.ok(await hasEnded(pid), `process ${pid} is still there`);
  });
});

if (process.platform === "linux") {
  version("the deadline also holds when something out of reach keeps the pipe open", async () => {
    await inTemporaryFolder(async (folder) => {
      // A session of its own escapes the kill of the group.
      const script = `#!/bin/sh\nsetsid sleep 60 &\necho $! > ${folder}/pids\necho 2.1.330\n`;
      const path = await writeScript(join(folder, "claude"), script);
      const report = await checkVersion(path, { timeoutMs: 700 });
      assert.is(report.status, "unknown");
      for (const pid of await pidsIn(folder)) process.kill(pid, "SIGKILL");
    });
  });
}

version("an abort ends the check and the binary", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = await writeScript(join(folder, "claude"), hang(folder));
    const controller = new AbortController();
    const check = rejects(checkVersion(path, { signal: controller.signal, timeoutMs: 600_000 }));
    while ((await pidsIn(folder).catch(() => [])).length < 2) await sleep(20);
    controller.abort(new Error("enough"));
    const error = await check;
    assert.is(error.code, "ABORTED");
    assert.match(String(error.cause), /enough/);
    for (const pid of await pidsIn(folder)) assert.ok(await hasEnded(pid), `process ${pid} is still there`);
    const again = await rejects(checkVersion(path, { signal: controller.signal }));
    assert.is(again.code, "ABORTED");
  });
});

version("leaves no listener behind", async () => {
  const controller = new AbortController();
  const before = process.listenerCount("exit");
  for (let round = 0; round < 3; round += 1) await checkScript("echo 2.1.330", { signal: controller.signal });
  assert.is(process.listenerCount("exit"), before);
});

version("an impossible deadline is refused", async () => {
  for (const timeoutMs of [0, -1, Number.NaN, 2 ** 31, Number.POSITIVE_INFINITY]) {
    assert.is((await rejects(checkVersion("x", { timeoutMs }))).code, "INVALID_ARGUMENT");
  }
});

version.run();

const drift = suite("warnOnVersionDrift");

async function warningsOf(run: () => Promise<unknown>): Promise<Error[]> {
  const seen: Error[] = [];
  const note = (warning: Error) => seen.push(warning);
  process.on("warning", note);
  try {
    await run();
    await sleep(10);
  } finally {
    process.off("warning", note);
  }
  return seen.filter(({ name }) => name === "ClaudeOffthreadWarning");
}

drift("warns once per binary, and runs it once", async () => {
  await inTemporaryFolder(async (folder) => {
    const script = (answer: string) => `#!/bin/sh\necho run >> "$0.runs"\necho ${answer}\n`;
    const newer = await writeScript(join(folder, "newer"), script("3.0.0"));
    const older = await writeScript(join(folder, "older"), script("1.0.0"));
    const same = await writeScript(join(folder, "same"), script(TESTED_CLI_VERSION));
    const warnings = await warningsOf(async () => {
      await Promise.all([newer, newer, older, same].map((path) => warnOnVersionDrift(path)));
      assert.is((await warnOnVersionDrift(newer)).status, "newer");
    });
    assert.equal(
      warnings.map(({ message }) => /Claude Code (\S+) .* is (\w+)/.exec(message)?.slice(1)).sort(),
      [
        ["1.0.0", "older"],
        ["3.0.0", "newer"],
      ],
    );
    assert.is(await readFile(`${newer}.runs`, "utf8"), "run\n");
  });
});

drift("an unknown version passes in silence and is asked for again", async () => {
  await inTemporaryFolder(async (folder) => {
    const path = join(folder, "late");
    const warnings = await warningsOf(async () => {
      assert.is((await warnOnVersionDrift(path)).status, "unknown");
      await writeScript(path, `#!/bin/sh\necho ${TESTED_CLI_VERSION}\n`);
      assert.is((await warnOnVersionDrift(path)).status, "same");
    });
    assert.is(warnings.length, 0);
  });
});

drift.run();
