import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { processTree, stillRunning } from "../../src/process/process-tree.js";
import { closeTree } from "../../workers/close-ladder.js";
import type { Transport } from "../../workers/transport.js";
import {
  exists,
  Program,
  parentOf,
  STUBBORN,
  until,
  WAITING,
  WAITING_STUBBORN,
} from "../process/descendants.js";

/** Never waited out by a child that behaves. */
const LONG_MS = 60_000;
const SHORT_MS = 200;
const NEVER = new Promise<never>(() => {});

/** The part of a transport that the ladder climbs on. */
function transport(pid: number | undefined, endStdin: () => void): Transport {
  return { pid, endStdin, start() {}, write: async () => {}, pause() {} };
}

function on(program: Program): Transport {
  return transport(program.pid, () => program.child.stdin?.end());
}

/** The ladder's own waits keep no thread alive: in a session its ports do. */
async function close(...given: Parameters<typeof closeTree>): Promise<void> {
  const alive = setInterval(() => {}, LONG_MS);
  try {
    await closeTree(...given);
  } finally {
    clearInterval(alive);
  }
}

const ladder = suite("close-ladder: one process");

ladder("one that ends with its stdin is not signalled", async () => {
  await using program = new Program(
    `process.stdin.on("end", () => process.exit(7)).resume(); console.log("{}")`,
  );
  await program.ready();
  await close(on(program), program.exited, { graceMs: LONG_MS, termMs: LONG_MS });
  assert.equal(await program.exited, { exitCode: 7, signal: null });
});

ladder("one that ignores the end of its stdin gets SIGTERM", async () => {
  await using program = new Program(
    `process.on("SIGTERM", () => process.exit(143)); console.log("{}"); setInterval(() => {}, 1000)`,
  );
  await program.ready();
  await close(on(program), program.exited, { graceMs: SHORT_MS, termMs: LONG_MS });
  assert.equal(await program.exited, { exitCode: 143, signal: null });
});

ladder("one that ignores that too gets SIGKILL", async () => {
  await using program = new Program(`${STUBBORN} console.log("{}")`);
  await program.ready();
  await close(on(program), program.exited, { graceMs: SHORT_MS, termMs: SHORT_MS });
  assert.equal(await program.exited, { exitCode: null, signal: "SIGKILL" });
});

ladder("without any patience it is killed all the same", async () => {
  await using program = new Program(`${STUBBORN} console.log("{}")`);
  await program.ready();
  await close(on(program), program.exited, { graceMs: 0, termMs: 0 });
  assert.equal(await program.exited, { exitCode: null, signal: "SIGKILL" });
});

ladder("one that is gone already costs no wait", async () => {
  await using program = new Program(`console.log("{}")`);
  await program.exited;
  let ended = 0;
  await close(
    transport(program.pid, () => {
      ended += 1;
    }),
    program.exited,
    { graceMs: LONG_MS, termMs: LONG_MS },
  );
  assert.is(ended, 1);
});

ladder("one whose end is not told, but seen, is not waited for any longer", async () => {
  await using program = new Program(
    `process.stdin.on("end", () => process.exit(0)).resume(); console.log("{}")`,
  );
  await program.ready();
  await close(on(program), NEVER, { graceMs: LONG_MS, termMs: LONG_MS });
  assert.equal(await program.exited, { exitCode: 0, signal: null });
});

ladder("a child whose pid is not known gets its whole grace", async () => {
  let ended = (): void => {};
  const exited = new Promise<void>((resolve) => {
    ended = resolve;
  });
  const closing = close(
    transport(undefined, () => {}),
    exited,
    { graceMs: LONG_MS, termMs: 0 },
  );
  const early = await Promise.race([closing.then(() => "closed"), sleepTurns()]);
  ended();
  await closing;
  assert.is(early, "waiting");
});

async function sleepTurns(): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, 300));
  return "waiting";
}

ladder.run();

const trees = suite("close-ladder: the tree below");

const ENDS_WITH_STDIN = `process.stdin.on("end", () => process.exit(0)).resume();`;

trees("a detached grandchild does not outlive a child that ends with its stdin", async () => {
  await using program = new Program(parentOf(WAITING, { also: ENDS_WITH_STDIN }));
  await program.ready();
  const tree = processTree(program.pid);
  await close(on(program), program.exited, { graceMs: LONG_MS, termMs: LONG_MS });
  assert.equal(await program.exited, { exitCode: 0, signal: null }, "the child itself was not signalled");
  assert.equal(stillRunning(tree), []);
});

trees("nor does one that ignores SIGTERM", async () => {
  await using program = new Program(parentOf(WAITING_STUBBORN, { also: ENDS_WITH_STDIN }));
  await program.ready();
  const tree = processTree(program.pid);
  await close(on(program), program.exited, { graceMs: LONG_MS, termMs: SHORT_MS });
  await until("the grandchild's end", () => stillRunning(tree).length === 0);
  assert.equal(await program.exited, { exitCode: 0, signal: null });
});

trees("nor one below a child that is killed", async () => {
  await using program = new Program(parentOf(WAITING_STUBBORN, { also: `process.on("SIGTERM", () => {});` }));
  await program.ready();
  const tree = processTree(program.pid);
  await close(on(program), program.exited, { graceMs: SHORT_MS, termMs: SHORT_MS });
  await until("the end of both", () => stillRunning(tree).length === 0);
});

trees("one that was started during the grace is found too", async () => {
  const late = `process.stdin.on("end", () => {
    const { spawn } = require("node:child_process");
    const late = spawn(process.execPath, ["-e", ${JSON.stringify(WAITING)}], { detached: true, stdio: "ignore" });
    require("node:fs").writeSync(1, JSON.stringify({ late: late.pid }) + "\\n");
    setTimeout(() => process.exit(0), 500);
  }).resume();`;
  await using program = new Program(late);
  await close(on(program), program.exited, { graceMs: LONG_MS, termMs: LONG_MS });
  const { late: pid = 0 } = await program.ready();
  await until("the late one's end", () => !exists(pid) || processTree(pid).length === 0);
});

trees("a process that is given the child's id afterwards is left alone", async () => {
  await using program = new Program(`${ENDS_WITH_STDIN} console.log("{}")`);
  await using stranger = new Program(`console.log("{}"); ${WAITING}`);
  await Promise.all([program.ready(), stranger.ready()]);
  let gone = false;
  void program.exited.then(() => {
    gone = true;
  });
  const reused: Transport = {
    ...on(program),
    // What the id of an ended process comes to mean sooner or later: another process.
    get pid() {
      return gone ? stranger.pid : program.pid;
    },
  };
  await close(reused, program.exited, { graceMs: LONG_MS, termMs: SHORT_MS });
  assert.is(processTree(stranger.pid).length, 1, "the stranger was ended");
});

/** How often the machine's processes are listed meanwhile. */
async function countScans(run: () => Promise<unknown>): Promise<number> {
  const { readdirSync } = fs;
  let scans = 0;
  fs.readdirSync = ((...given: Parameters<typeof readdirSync>) => {
    if (given[0] === "/proc") scans += 1;
    return readdirSync(...given);
  }) as typeof readdirSync;
  syncBuiltinESMExports();
  try {
    await run();
  } finally {
    fs.readdirSync = readdirSync;
    syncBuiltinESMExports();
  }
  return scans;
}

if (process.platform === "linux") {
  trees("many ladders at once look at the machine's processes together", async () => {
    const climb = async () => {
      await using program = new Program(`${STUBBORN} console.log("{}")`);
      await program.ready();
      await close(on(program), program.exited, { graceMs: 500, termMs: 300 });
    };
    const alone = await countScans(climb);
    const together = await countScans(() => Promise.all([climb(), climb(), climb(), climb(), climb()]));
    assert.ok(together <= 3.5 * alone, `${alone} scans for one ladder, ${together} for five`);
  });
}

trees.run();
