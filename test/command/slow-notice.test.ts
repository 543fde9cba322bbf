import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { noticeIfSlow } from "../../src/command/slow-notice.js";

const notice = suite("command: slow-notice");

for (const [what, workMs, afterMs, times] of [
  ["long work is told of, once", 100, 10, 1],
  ["short work is not", 1, 60_000, 0],
] as const) {
  notice(what, async () => {
    let said = 0;
    const count = (): void => {
      said += 1;
    };
    assert.is(await noticeIfSlow(sleep(workMs, "done"), afterMs, count), "done");
    assert.is(said, times);
  });
}

notice("a failure is the work's own, and ends the waiting", async () => {
  const failure = new Error("no");
  const refuse = (): void => assert.unreachable();
  try {
    await noticeIfSlow(Promise.reject(failure), 20, refuse);
    assert.unreachable();
  } catch (error) {
    assert.is(error, failure);
  }
  await sleep(50);
});

notice.run();
