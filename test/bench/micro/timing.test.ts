import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { timeTask } from "../../../bench/micro/timing.js";
import { rejects } from "../../support/rejects.js";

const SHORT = { warmupMs: 0, measureMs: 0.01 };

const timing = suite("micro timing");

timing("every call is prepared and cleaned up, and neither counts", async () => {
  const calls: string[] = [];
  let spentMs = 0;
  const spend = (name: string): void => {
    calls.push(name);
    const began = performance.now();
    while (performance.now() < began + 1);
    spentMs += performance.now() - began;
  };
  const ms = await timeTask(
    {
      prepare: () => spend("prepare"),
      run: () => calls.push("run") && 1,
      cleanUp: () => spend("clean up"),
      expected: 1,
    },
    SHORT,
  );
  const runs = calls.length / 3;
  assert.ok(runs >= 16);
  assert.equal(calls, Array.from({ length: runs }, () => ["prepare", "run", "clean up"]).flat());
  assert.ok(ms > 0 && ms * runs < spentMs / 2, `${ms} ms`);
});

timing("asynchronous work counts until it is done", async () => {
  const ms = await timeTask({ run: () => sleep(5, 1), expected: 1 }, SHORT);
  assert.ok(ms > 3, `${ms} ms`);
});

timing("a figure for wrong work is refused, however late it goes wrong", async () => {
  let calls = 0;
  const error = await rejects<Error>(timeTask({ run: () => (++calls === 20 ? 8 : 7), expected: 7 }, SHORT));
  assert.is(error.message, "expected the digest 7, got 8");
  const never = await rejects<Error>(timeTask({ run: () => Number.NaN, expected: Number.NaN }, SHORT));
  assert.match(never.message, "got NaN");
});

timing("what the work throws is thrown", async () => {
  const boom = () => {
    throw new Error("boom");
  };
  assert.is((await rejects<Error>(timeTask({ run: boom, expected: 0 }, SHORT))).message, "boom");
});

timing.run();
