import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { processTree, signalAll, stillRunning } from "../../src/process/process-tree.js";
import { exists, until } from "../process/descendants.js";
import { MOST_KEPT_BYTES, node, open, type Running } from "./running-child.js";

const LATE_MS = 300;

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

/** Keeps an heir alive when its pipe is closed, which some versions of Node tell at once and others later. */
const LIVES_ON = `process.stdout.on("error", () => {}); setTimeout(() => {}, 60_000);`;

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
  withHeir(LIVES_ON, async (running) => {
    assert.equal(await running.endWithin(5_000), { exitCode: 0, signal: null });
  }),
);

heirs("neither does one that goes on writing", () =>
  withHeir(`${LIVES_ON} setInterval(() => process.stdout.write("still here\\n"), 50)`, async (running) => {
    assert.equal(await running.endWithin(5_000), { exitCode: 0, signal: null });
  }),
);

heirs("one that floods is not read for long: what the child itself has left fits into its pipes", () =>
  withHeir(
    `${LIVES_ON} const x = "x".repeat(65536); const go = () => { while (process.stdout.write(x)); process.stdout.once("drain", go); }; go();`,
    async (running) => {
      assert.equal(await running.endWithin(5_000), { exitCode: 0, signal: null });
      assert.ok(running.bytes < MOST_KEPT_BYTES, `${running.bytes} bytes of somebody else's`);
    },
  ),
);

heirs.run();
