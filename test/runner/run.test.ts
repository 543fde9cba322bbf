import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { processTree } from "./process-tree.js";
import { FOREVER, HEAD, makePackage, PASS, run, start, write } from "./sandbox.js";

const ONLY = "only";

const runner = suite("run");

runner("passes when all tests pass, and shows no output of theirs", async () => {
  const chatty = [HEAD, 'a("talks", () => console.log("noise"));', "a.run();"];
  const { output, exitCode, lastLine } = await run({ "one/a": chatty, two: [HEAD, PASS, "a.run();"] });
  assert.is(lastLine, "3 passed, 0 failed");
  assert.is(exitCode, 0);
  assert.match(output, /^ok .* one\/a {2}\(1 passed\)$/m);
  assert.not.match(output, /noise/);
});

runner("shows the whole output of a failing file, stderr in its place", async () => {
  const program = [
    HEAD,
    'a("x", () => { console.log("one"); console.error("two"); console.log("three"); assert.ok(0); });',
  ];
  const { output } = await run({ x: [...program, "a.run();"] });
  assert.match(output, /one\ntwo\nthree\n/);
});

runner("shows skipped tests after the counts", async () => {
  const { exitCode, lastLine } = await run({ x: [HEAD, PASS, 'a.skip("later");', "a.run();"] }, [], {
    CI: "true",
  });
  assert.is(lastLine, "2 passed, 0 failed, 1 skipped");
  assert.is(exitCode, 0);
});

for (const [ci, last, code] of [
  ["true", "1 passed, 1 failed, 2 skipped", 1],
  ["", "1 passed, 0 failed, 2 skipped", 0],
] as const) {
  runner(`a forgotten only with CI=${JSON.stringify(ci)}`, async () => {
    const program = [HEAD, PASS, `a.${ONLY}("this", () => {});`, "a.run();"];
    const { exitCode, lastLine } = await run({ x: program }, [], { CI: ci });
    assert.is(lastLine, last);
    assert.is(exitCode, code);
  });
}

runner("fails when there is no test file", async () => {
  const { output, exitCode, lastLine } = await run({});
  assert.match(output, /no test file found/);
  assert.is(lastLine, "0 passed, 1 failed");
  assert.is(exitCode, 1);
});

runner("fails when no test file matches, and runs only what matches", async () => {
  const programs = { x: [HEAD, PASS, "a.run();"], y: [HEAD, "a.run();"] };
  const nothing = await run(programs, ["z"]);
  assert.match(nothing.output, /no test file matches z/);
  assert.is(nothing.exitCode, 1);
  assert.is((await run(programs, ["x.test"])).lastLine, "2 passed, 0 failed");
});

runner("ignores a compiled file without a source, and misses one that was not compiled", async () => {
  const root = makePackage({ x: [HEAD, PASS, "a.run();"] });
  write(join(root, "dist/test/stale.test.js"), "throw new Error('stale');");
  write(join(root, "test/fresh.test.ts"), "");
  const { output, lastLine } = await start(root, []).ended;
  rmSync(root, { recursive: true });
  assert.match(output, /without a source: dist\/test\/stale\.test\.js/);
  assert.match(output, /test\/fresh\.test\.ts has no compiled file .*npm run build/);
  assert.is(lastLine, "2 passed, 1 failed");
});

runner("runs serial files after the others, one at a time", async () => {
  const program = [
    'import { appendFileSync } from "node:fs"; import { basename } from "node:path";',
    HEAD,
    "const note = (what) => appendFileSync('order.txt', what + ' ' + basename(process.argv[1], '.test.js') + '\\n');",
    'a("x", async () => { note("in"); await new Promise((go) => setTimeout(go, 300)); note("out"); });',
    "a.run();",
  ];
  const root = makePackage({ "a.serial": program, "b.serial": program, c: program, d: program });
  const { lastLine } = await start(root, ["--concurrency", "4"]).ended;
  const order = readFileSync(join(root, "order.txt"), "utf8").trim().split("\n");
  rmSync(root, { recursive: true });
  assert.is(lastLine, "4 passed, 0 failed");
  assert.equal(order.slice(4), ["in a.serial", "out a.serial", "in b.serial", "out b.serial"]);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  runner(`${signal} ends the test processes and their children`, async () => {
    const program = [
      'import { spawn } from "node:child_process"; import { writeFileSync } from "node:fs";',
      HEAD,
      `const child = spawn(process.execPath, ["-e", ${JSON.stringify(FOREVER)}], { detached: true });`,
      'writeFileSync("pids.txt", process.pid + " " + child.pid);',
      'a("waits", () => new Promise(() => {}));',
      "a.run();",
    ];
    const root = makePackage({ x: program });
    const { child, ended } = start(root, []);
    const pids = await readPids(join(root, "pids.txt"));
    assert.is(pids.length, 2);
    child.kill(signal);
    const { exitCode, output } = await ended;
    assert.is(exitCode, signal === "SIGINT" ? 130 : 143, output);
    assert.not.match(output, /\d+ passed/);
    await untilGone(pids);
    rmSync(root, { recursive: true });
  });
}

for (const [title, args] of [
  ["an unknown option", ["--frobnicate"]],
  ["a timeout that is no number", ["--timeout", "soon"]],
  ["no concurrency", ["--concurrency", "0"]],
] as const) {
  runner(`refuses ${title}`, async () => {
    const { exitCode, output } = await run({}, [...args]);
    assert.is(exitCode, 2);
    assert.match(output, args[0]);
  });
}

runner.run();

async function readPids(path: string): Promise<number[]> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      const pids = readFileSync(path, "utf8").split(" ").map(Number);
      if (pids.length === 2) return pids;
    } catch {
      // Not written yet.
    }
    await sleep(50);
  }
  return [];
}

async function untilGone(pids: readonly number[]): Promise<void> {
  let left: number[] = [];
  for (let tries = 0; tries < 100; tries += 1) {
    left = pids.flatMap((pid) => processTree(pid));
    if (left.length === 0) return;
    await sleep(50);
  }
  assert.unreachable(`still running: ${left.join(" ")}`);
}
