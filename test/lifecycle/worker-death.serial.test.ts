import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CAN_SEE_ORPHANS, HOSTS, startHost } from "../support/host-program.js";
import {
  idle,
  ignoresEof,
  ignoresSigterm,
  midTurn,
  realCliWithTool,
  stubbornWithTool,
  unguarded,
} from "./children.js";

/** Flags that let a host end its own threads, with a heap that can be filled in a moment. */
const DOOM = ["--import", new URL("doomed-thread.js", HOSTS).href, "--max-old-space-size=64"];

const death = suite("a worker thread that dies");
const each = CAN_SEE_ORPHANS ? death : death.skip;

for (const doom of ["exit", "throw", "memory"]) {
  each(`${doom}: takes its own sessions and their children along, and nothing else`, async () => {
    // They alternate between two threads; the first one dies.
    const launches = [
      idle,
      idle,
      unguarded(ignoresEof),
      midTurn,
      stubbornWithTool,
      stubbornWithTool,
      ignoresSigterm,
      idle,
    ];
    await using host = startHost("thread-dies", { launches, args: [doom], nodeArgs: DOOM });
    const pids = (await host.told("ready")).pids as number[];
    const [dying, others] = [pids.filter((_, at) => at % 2 === 0), pids.filter((_, at) => at % 2 === 1)];
    await host.running(10);
    host.go();
    assert.equal((await host.told("crashed")).exited, { exitCode: null, signal: null });
    const { alive, calls, later } = await host.told("state");
    assert.is(later, "WORKER_CRASHED");
    assert.equal(calls, ["WORKER_CRASHED", "waits", later, "waits", later, "waits", later, "waits"]);
    assert.equal(
      (alive as boolean[]).filter((_, at) => at % 2 === 1),
      [true, true, true, true],
    );
    await host.told("goes on");
    const running = () => host.processes().map(({ pid }) => pid);
    await host.until(
      "the end of the dead thread's children",
      () => !running().some((pid) => dying.includes(pid)),
    );
    assert.equal(
      others.filter((pid) => !running().includes(pid)),
      [],
    );
    // Four that live and the tool of one of them, and a new one.
    await host.until("the end of their tools", () => running().length === 6);
    host.go();
    assert.equal(await host.ended(), { exitCode: 0, signal: null });
    assert.is(host.stderr, "");
    await host.nothingLeft();
  });
}

each("a child that the host has spawned itself and handed over ends with the thread", async () => {
  const launches = [stubbornWithTool, idle];
  await using host = startHost("thread-dies", { launches, args: ["exit", "attach"], nodeArgs: DOOM });
  await host.told("ready");
  await host.running(3);
  host.go();
  assert.equal((await host.told("state")).later, "WORKER_CRASHED");
  await host.told("goes on");
  await host.until("the end of child and tool", () => host.processes().length === 2);
  host.go();
  assert.equal(await host.ended(), { exitCode: 0, signal: null });
});

each("the real CLI ends with its thread, and so does the tool that it runs", async () => {
  await using tool = await realCliWithTool();
  await using host = startHost("thread-dies", {
    launches: [tool.launch, idle],
    args: ["exit"],
    nodeArgs: DOOM,
  });
  await host.told("ready");
  const seen = await tool.running(host);
  host.go();
  await host.told("goes on");
  const [cli] = (host.heard[0]?.pids ?? []) as number[];
  assert.ok(seen.some(({ pid }) => pid === cli));
  await host.until("the end of CLI and tool", () => host.processes().length === 2);
  host.go();
  assert.equal(await host.ended(), { exitCode: 0, signal: null });
  await host.nothingLeft();
});

death.run();
