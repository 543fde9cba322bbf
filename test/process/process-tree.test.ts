import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type ProcessIdentity,
  processTree,
  signalAll,
  stillRunning,
} from "../../src/process/process-tree.js";
import { exists, Program, parentOf, until, WAITING, WAITING_STUBBORN } from "./descendants.js";

const onLinux = process.platform === "linux";

const trees = suite("process-tree: what is found");

trees("a process without children is a tree of one", async () => {
  await using program = new Program(`console.log("{}"); ${WAITING}`);
  await program.ready();
  assert.equal(pidsOf(processTree(program.pid)), [program.pid]);
});

trees("a grandchild that leads a group of its own belongs to the tree, children before parents", async () => {
  await using program = new Program(parentOf(WAITING));
  const { grandchild } = await program.ready();
  assert.equal(pidsOf(processTree(program.pid)), [grandchild, program.pid]);
});

trees("every identity is told the same each time, and differs between processes", async () => {
  await using program = new Program(parentOf(WAITING));
  await program.ready();
  const first = processTree(program.pid);
  await sleep(20);
  assert.equal(processTree(program.pid), first);
  const [own] = processTree(process.pid).filter(({ pid }) => pid === process.pid);
  assert.not.equal(own?.startedAt, "");
});

trees("this process has its children below it", async () => {
  await using program = new Program(parentOf(WAITING));
  const { grandchild } = await program.ready();
  const found = pidsOf(processTree(process.pid));
  assert.ok(found.includes(program.pid) && found.includes(grandchild ?? 0));
  assert.is(found.at(-1), process.pid);
});

trees("a process that is gone has no tree", async () => {
  await using program = new Program(`console.log("{}")`);
  await program.exited;
  assert.equal(processTree(program.pid), []);
  assert.equal(processTree(2 ** 30), []);
});

trees("what a dead parent has left is not found below it, but still runs", async () => {
  await using program = new Program(parentOf(WAITING));
  const { grandchild } = await program.ready();
  const tree = processTree(program.pid);
  program.child.kill("SIGKILL");
  await program.exited;
  // A look is shared by all who look within 20 ms.
  await sleep(50);
  assert.equal(processTree(program.pid), []);
  assert.equal(pidsOf(stillRunning(tree)), [grandchild]);
});

if (onLinux) {
  trees("a process that has ended since a look no longer runs, however short ago that was", async () => {
    await using program = new Program(`console.log("{}"); ${WAITING}`);
    await program.ready();
    const tree = processTree(program.pid);
    signalAll(tree, "SIGKILL");
    processTree(program.pid);
    await program.exited;
    assert.equal(stillRunning(tree), []);
  });

  trees("a name with spaces and parentheses in it does not hide a process", async () => {
    await using program = new Program(`process.title = "a) Z 1 (b"; console.log("{}"); ${WAITING}`);
    await program.ready();
    const [found] = processTree(program.pid);
    assert.is(found?.pid, program.pid);
    assert.match(found?.startedAt ?? "", /^\d+$/);
  });

  trees("a zombie is no living process", async () => {
    // The sleeper's parent becomes a program that never collects it.
    await using program = new Program(
      `const { spawn } = require("node:child_process");
       const shell = spawn("/bin/sh", ["-c", "sleep 0.5 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
       shell.stdout.once("data", (line) => console.log(JSON.stringify({ sleeper: Number(line), shell: shell.pid })));
       setInterval(() => {}, 1000);`,
    );
    const { sleeper = 0, shell = 0 } = await program.ready();
    const before = processTree(shell);
    assert.equal(pidsOf(before), [sleeper, shell]);
    await until("the sleeper's end", () => processTree(shell).length === 1);
    assert.ok(exists(sleeper), "it is a zombie: still there, and no more");
    assert.equal(pidsOf(stillRunning(before)), [shell]);
  });
}

trees.run();

const signals = suite("process-tree: who is signalled");

signals("all of them, however they are grouped", async () => {
  await using program = new Program(parentOf(WAITING));
  const { grandchild = 0 } = await program.ready();
  const tree = processTree(program.pid);
  assert.is(signalAll(tree, "SIGKILL"), 2);
  assert.equal(await program.exited, { exitCode: null, signal: "SIGKILL" });
  await until("the grandchild's end", () => stillRunning(tree).length === 0);
  assert.equal(stillRunning([{ pid: grandchild, startedAt: "" }]), []);
});

signals("one that ignores the signal is counted, and still runs", async () => {
  await using program = new Program(parentOf(WAITING_STUBBORN, { also: `process.on("SIGTERM", () => {});` }));
  await program.ready();
  const tree = processTree(program.pid);
  assert.is(signalAll(tree, "SIGTERM"), 2);
  await sleep(100);
  assert.equal(stillRunning(tree), tree);
});

signals("one that is gone is not", async () => {
  await using program = new Program(parentOf(WAITING));
  await program.ready();
  const tree = processTree(program.pid);
  program.child.kill("SIGKILL");
  await program.exited;
  assert.is(signalAll(tree, "SIGKILL"), 1);
  await until("the end of both", () => stillRunning(tree).length === 0);
  assert.is(signalAll(tree, "SIGKILL"), 0);
});

signals("a later process with the same id is left alone", async () => {
  await using program = new Program(`console.log("{}"); ${WAITING}`);
  await program.ready();
  const impostor: ProcessIdentity = { pid: program.pid, startedAt: "another time" };
  assert.equal(stillRunning([impostor]), []);
  assert.is(signalAll([impostor], "SIGKILL"), 0);
  await sleep(50);
  assert.is(processTree(program.pid).length, 1);
});

signals("nobody, when there is nobody", () => {
  assert.equal(stillRunning([]), []);
  assert.is(signalAll([], "SIGKILL"), 0);
});

signals.run();

function pidsOf(processes: readonly ProcessIdentity[]): number[] {
  return processes.map(({ pid }) => pid);
}
