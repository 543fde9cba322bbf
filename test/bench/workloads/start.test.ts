import { suite } from "uvu";
import * as assert from "uvu/assert";
import { measure } from "../../../bench/workloads/start.js";
import type { Moment } from "../../../bench/workloads/start-host.js";

const MOMENTS: readonly Moment[] = ["cold", "second", "ready", "interrupt", "shutdown"];

const ALL = ["offthread", "sdk", "readline"] as const;

const start = suite("start, interrupt and shutdown of the real CLI");

for (const moment of MOMENTS) {
  start(`${moment}: all do the same work, and it takes time`, async () => {
    const talkers = moment === "cold" ? (["offthread", "sdk", "readline", "print"] as const) : ALL;
    for (const talker of talkers) {
      const { ms } = await measure({ talker, moment });
      assert.ok(ms !== undefined && ms > 0, `${talker}: ${ms}`);
    }
  });
}

start.run();
