import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { measure } from "../../../bench/workloads/sessions.js";
import { processTree } from "../../../src/process/process-tree.js";

const sessions = suite("many sessions");

for (const peer of ["offthread", "sdk", "readline"] as const) {
  sessions(`${peer}: tells memory and threads, and ends what it has opened`, async () => {
    const { mib, mibPerSession, threads, descriptors } = await measure({ peer, sessions: 3 });
    assert.ok(mib !== undefined && mib > 10);
    assert.type(mibPerSession, "number");
    if (process.platform === "linux") assert.ok(Number(threads) > 1 && Number(descriptors) > 3);
    // A look at the process table is kept for 20 ms: it can be older than the last exit.
    await sleep(50);
    assert.is(processTree(process.pid).length, 1, "no child is left");
  });
}

sessions.run();
