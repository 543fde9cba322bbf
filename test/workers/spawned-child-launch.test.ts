import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { isClaudeError } from "../../src/errors.js";
import { until } from "../process/descendants.js";
import { rejects } from "../support/rejects.js";
import { node, open, Running } from "./running-child.js";

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
