import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ExitStatus, isClaudeError } from "../../src/errors.js";
import { processTree, signalAll, stillRunning } from "../../src/process/process-tree.js";
import { type SpawnedChild, spawnChild } from "../../workers/spawned-child.js";
import { exists, until } from "../process/descendants.js";
import { rejects } from "../support/rejects.js";

const LATE_MS = 300;

/** A child that runs a Node program, and what it has told. */
class Running implements AsyncDisposable {
  readonly child: SpawnedChild;
  stdout = "";
  stderr = "";
  chunks = 0;
  readonly ended: Promise<ExitStatus>;
  #end: (status: ExitStatus) => void = () => {};
  /** Called with each chunk. */
  onChunk: () => void = () => {};

  constructor(child: SpawnedChild) {
    this.child = child;
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  start(): void {
    this.child.start({
      stdout: (chunk) => {
        this.stdout += chunk.toString("latin1");
        this.chunks += 1;
        this.onChunk();
      },
      stderr: (text) => {
        this.stderr += text;
      },
      ended: (status) => this.#end(status),
    });
  }

  /** The end, if it is told within the time. */
  endWithin(ms: number): Promise<ExitStatus | undefined> {
    return Promise.race([this.ended, sleep(ms, undefined)]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { pid } = this.child;
    if (pid !== undefined) signalAll(processTree(pid), "SIGKILL");
    await this.endWithin(5_000);
  }
}

async function open(command: string, args: readonly string[], extra: object = {}): Promise<Running> {
  return new Running(await spawnChild({ command, args, env: { PATH: process.env.PATH ?? "" }, ...extra }));
}

const node = (source: string, extra: object = {}) => open(process.execPath, ["-e", source], extra);

const output = suite("spawned-child: output");

output("what it writes before anybody reads is kept", async () => {
  await using running = await node(
    `process.stdout.write("early "); process.stderr.write("words"); setTimeout(() => process.stdout.write("late"), 600)`,
  );
  await sleep(LATE_MS);
  running.start();
  assert.equal(await running.ended, { exitCode: 0, signal: null });
  assert.equal([running.stdout, running.stderr], ["early late", "words"]);
});

output("a child that is gone before anybody reads is told of with all it wrote", async () => {
  await using running = await node(
    `process.stdout.write("all"); process.stderr.write("words"); process.exitCode = 5`,
  );
  await until("its end", () => running.child.pid !== undefined && !exists(running.child.pid));
  await sleep(50);
  running.start();
  assert.equal(await running.ended, { exitCode: 5, signal: null });
  assert.equal([running.stdout, running.stderr], ["all", "words"]);
});

output("a signal is told by its name", async () => {
  await using running = await node(`process.kill(process.pid, "SIGKILL")`);
  running.start();
  assert.equal(await running.ended, { exitCode: null, signal: "SIGKILL" });
});

output("characters of stderr that are cut in two arrive whole", async () => {
  await using running = await node(
    `process.stderr.write(Buffer.from([0xc3])); setTimeout(() => process.stderr.write(Buffer.from([0xa9, 0x0a])), 200)`,
  );
  running.start();
  await running.ended;
  assert.is(running.stderr, "é\n");
});

output("a large amount arrives whole, and all of it before the end", async () => {
  await using running = await open("head", ["-c", "5000000", "/dev/zero"]);
  running.start();
  await running.ended;
  assert.is(running.stdout.length, 5_000_000);
});

output("a pause holds the output back, until it is over", async () => {
  await using running = await node(`setInterval(() => process.stdout.write("x"), 5)`);
  running.onChunk = () => running.child.pause(true);
  running.start();
  await until("output", () => running.chunks > 0);
  await sleep(50);
  const seen = running.stdout.length;
  await sleep(100);
  assert.is(running.stdout.length, seen);
  running.onChunk = () => {};
  running.child.pause(false);
  await until("more output", () => running.stdout.length > seen + 5);
});

output("nothing is lost when the child ends while it is paused, however long that lasts", async () => {
  // Several reads, of which the pipe holds some when the child ends.
  const size = 300_000;
  await using running = await open("head", ["-c", String(size), "/dev/zero"]);
  running.onChunk = () => {
    running.child.pause(true);
    // Longer than the quiet after which output counts as over.
    setTimeout(() => running.child.pause(false), 1_200);
  };
  running.start();
  await running.ended;
  assert.is(running.stdout.length, size);
});

output.run();

const heirs = suite("spawned-child: what it leaves behind");

/** Starts a process that inherits the pipes, and exits. */
const leaving = (heir: string) =>
  `const { spawn } = require("node:child_process");
   const heir = spawn(process.execPath, ["-e", ${JSON.stringify(heir)}], { stdio: "inherit", detached: true });
   process.stdout.write("heir " + heir.pid + "\\n", () => process.exit(0));`;

async function withHeir(source: string, run: (running: Running) => Promise<void>): Promise<void> {
  await using running = await node(leaving(source));
  running.start();
  const pid = await until("the heir", () => /heir (\d+)\n/.exec(running.stdout)?.[1]);
  const heir = processTree(Number(pid));
  assert.is(heir.length, 1);
  try {
    await run(running);
    assert.is(stillRunning(heir).length, heir.length, "the end did not wait for the heir");
  } finally {
    signalAll(heir, "SIGKILL");
  }
}

heirs("a silent process that holds the pipes open does not hold up the end", () =>
  withHeir("setTimeout(() => {}, 60_000)", async (running) => {
    assert.equal(await running.endWithin(5_000), { exitCode: 0, signal: null });
  }),
);

heirs("neither does one that goes on writing", () =>
  withHeir(`setInterval(() => process.stdout.write("still here\\n"), 50)`, async (running) => {
    assert.equal(await running.endWithin(5_000), { exitCode: 0, signal: null });
  }),
);

heirs.run();

const input = suite("spawned-child: input");

const ECHO = `process.stdin.pipe(process.stdout)`;

input("lines arrive in order, and the end of stdin too", async () => {
  await using running = await node(ECHO);
  running.start();
  await Promise.all([running.child.write("one\n"), running.child.write("two\n")]);
  running.child.endStdin();
  assert.equal(await running.ended, { exitCode: 0, signal: null });
  assert.is(running.stdout, "one\ntwo\n");
});

input("a write waits until the child reads", async () => {
  await using running = await node(`setTimeout(() => process.stdin.resume(), 500)`);
  running.start();
  const line = `${"x".repeat(2_000_000)}\n`;
  let taken = false;
  const write = running.child.write(line).then(() => {
    taken = true;
  });
  await sleep(100);
  assert.not(taken);
  await write;
});

input("a write to a child that is gone is a WriteError, and ends nothing else", async () => {
  await using running = await node("");
  running.start();
  await running.ended;
  for (let i = 0; i < 3; i++) assert.is((await rejects(running.child.write("late\n"))).code, "WRITE_FAILED");
});

input("so is one that the child's end overtakes, and one after the end of stdin", async () => {
  await using running = await node(`setTimeout(() => process.exit(0), 200)`);
  running.start();
  assert.is((await rejects(running.child.write(`${"x".repeat(2_000_000)}\n`))).code, "WRITE_FAILED");
  await using other = await node(ECHO);
  other.start();
  other.child.endStdin();
  assert.is((await rejects(other.child.write("late\n"))).code, "WRITE_FAILED");
});

input("ending stdin twice, or after the end, does nothing", async () => {
  await using running = await node(ECHO);
  running.start();
  running.child.endStdin();
  running.child.endStdin();
  await running.ended;
  running.child.endStdin();
  running.child.pause(true);
  running.child.pause(false);
});

input.run();

const launch = suite("spawned-child: launch");

launch("its environment is what was given, and nothing more", async () => {
  process.env.OFFTHREAD_TEST_SECRET = "inherited";
  await using running = await node(`process.stdout.write(JSON.stringify(process.env))`, {
    env: { PATH: process.env.PATH ?? "", GIVEN: "yes" },
  });
  running.start();
  await running.ended;
  assert.equal(JSON.parse(running.stdout), { PATH: process.env.PATH, GIVEN: "yes" });
});

launch("it runs where it was told to, in a process group of its own", async () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "offthread-test-")));
  try {
    await using running = await open("/bin/sh", ["-c", "pwd; ps -o pgid= -p $$; exec cat"], { cwd: folder });
    running.start();
    await until("its answer", () => running.stdout.split("\n").length > 2);
    const [cwd, group] = running.stdout.split("\n").map((line) => line.trim());
    assert.is(cwd, folder);
    assert.is(Number(group), running.child.pid);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

launch("its arguments arrive as they are, also those that look like options", async () => {
  const args = ["--help", "-n", "--", "", "a b", "--pdeathsig", "'\"$HOME"];
  await using running = await open(process.execPath, [
    "-p",
    "JSON.stringify(process.argv.slice(1))",
    "--",
    ...args,
  ]);
  running.start();
  await running.ended;
  assert.equal(JSON.parse(running.stdout), args);
});

launch("a command that cannot run is an error, or a child that ends by saying so", async () => {
  const folder = mkdtempSync(join(tmpdir(), "offthread-test-"));
  const script = join(folder, "script");
  writeFileSync(script, "#!/no/such/interpreter\n");
  chmodSync(script, 0o755);
  try {
    const outcome = await open(script, []).catch((error: unknown) => error);
    if (outcome instanceof Running) {
      await using running = outcome;
      running.start();
      // Where setpriv starts the command, it is the child until it fails to become the command.
      assert.ok([126, 127].includes((await running.ended)?.exitCode ?? 0));
      assert.match(running.stderr, script);
      return;
    }
    assert.ok(isClaudeError(outcome));
    assert.match(outcome.code, /^(?:BINARY_NOT_FOUND|SPAWN_FAILED)$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

launch.run();
