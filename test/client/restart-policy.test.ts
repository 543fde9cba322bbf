import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type RestartInfo, RestartPolicy } from "../../src/client/restart-policy.js";
import { RestartLimitError } from "../../src/errors.js";

const policy = suite("restart policy");

policy("the first is at once, later ones wait longer and longer, up to a limit", () => {
  const told: RestartInfo[] = [];
  const restarts = new RestartPolicy({
    maxRestarts: 5,
    backoff: { minMs: 10, maxMs: 35 },
    onRestart: (info) => told.push(info),
  });
  const cause = new Error("crash");
  const waits = Array.from({ length: 5 }, () => restarts.allow(cause, "id"));
  assert.equal(waits, [0, 10, 20, 35, 35]);
  assert.equal(
    told.map(({ restart }) => restart),
    [1, 2, 3, 4, 5],
  );
  assert.throws(
    () => restarts.allow(cause, "id"),
    (error: unknown) => {
      return error instanceof RestartLimitError && error.cause === cause && error.restarts === 5;
    },
  );
});

policy("what lies behind the window does not count", () => {
  const restarts = new RestartPolicy({ maxRestarts: 1, windowMs: 0 });
  assert.equal([restarts.allow("a", undefined), restarts.allow("b", undefined)], [0, 0]);
});

policy("a listener that throws keeps nothing down", () => {
  const restarts = new RestartPolicy({
    onRestart: () => {
      throw new Error("oops");
    },
  });
  assert.is(restarts.allow("a", undefined), 0);
});

policy.run();
