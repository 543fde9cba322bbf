import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient, ClaudeError, WaitOptions } from "../../../src/index.js";
import { emit, exit, onUser, turn } from "../../../src/testing/index.js";
import { assertNothingRuns, failureCode, inTime, open, PATIENCE_MS, until } from "../../support/scripted.js";

const ROUNDS = 1_000;
const MESSAGES = 2 * ROUNDS;
const numbered = (count: number) => Array.from({ length: count }, (_, at) => ({ type: "numbered", at }));
const allAtOnce = (count: number) =>
  emit(
    numbered(count)
      .map((message) => `${JSON.stringify(message)}\n`)
      .join(""),
  );

/** Takes what is left; fails when the next message is not the one that is due. */
async function assertRest(client: AsyncClient, from: number, count: number): Promise<void> {
  for (let at = from; at < count; at++) {
    const message = await client.receive({ timeoutMs: PATIENCE_MS });
    assert.is(message.at, at, "a message is lost, doubled or out of order");
  }
}

const aborted = suite("receive() that is aborted");

/** Aborts a wait at some moment. The call is made in the same breath, so that a message can be there already. */
type Abort = (call: (signal: AbortSignal) => Promise<unknown>) => Promise<unknown>;

const MOMENTS: Readonly<Record<string, Abort>> = {
  "before the call": (call) => call(AbortSignal.abort()),
  "in the same breath": (call) => {
    const controller = new AbortController();
    const received = call(controller.signal);
    controller.abort();
    return received;
  },
  "in a microtask queued before": (call) => {
    const controller = new AbortController();
    queueMicrotask(() => controller.abort());
    return call(controller.signal);
  },
  "in the first microtask after": (call) => {
    const controller = new AbortController();
    const received = call(controller.signal);
    queueMicrotask(() => controller.abort());
    return received;
  },
  "some microtasks later": async (call) => {
    const controller = new AbortController();
    const received = call(controller.signal);
    received.catch(() => {});
    for (let tick = 0; tick < 3; tick++) await null;
    controller.abort();
    return received;
  },
  "in the next turn of the loop": (call) => {
    const controller = new AbortController();
    setImmediate(() => controller.abort());
    return call(controller.signal);
  },
};

for (const [moment, abort] of Object.entries(MOMENTS)) {
  aborted(`${moment}, ${ROUNDS} times, loses nothing`, async () => {
    await using client = await open([allAtOnce(MESSAGES)]);
    await until("the frames", () => client.stats().framesReceived === MESSAGES);
    let next = 0;
    for (let round = 0; round < ROUNDS; round++) {
      // A fresh turn of the loop each time: a message can then be handed out at once.
      await nextTurn();
      try {
        const message = await abort((signal) => client.receive({ signal }));
        assert.is((message as { at?: unknown }).at, next, "a message is lost, doubled or out of order");
        next += 1;
      } catch (error) {
        if ((error as ClaudeError).code !== "ABORTED") throw error;
      }
    }
    await assertRest(client, next, MESSAGES);
  });
}

aborted("tells the signal's reason, and leaves no listener on it", async () => {
  await using client = await open([]);
  const controller = new AbortController();
  const waits = Array.from({ length: 10 }, () => client.receive({ signal: controller.signal }));
  const reason = new Error("enough");
  controller.abort(reason);
  for (const wait of await Promise.allSettled(waits)) {
    assert.is(wait.status, "rejected");
    const error = (wait as PromiseRejectedResult).reason as ClaudeError;
    assert.equal([error.code, error.cause], ["ABORTED", reason]);
  }
});

aborted.run();

const timed = suite("receive() that times out");

timed(`${ROUNDS} times while messages trickle in loses nothing`, async () => {
  // The child writes one message per turn of its loop while this side gives up again and again.
  await using client = await open(numbered(MESSAGES).map((message) => emit(message)));
  let next = 0;
  let timeouts = 0;
  while (timeouts < ROUNDS) {
    try {
      const message = await client.receive({ timeoutMs: timeouts % 2 });
      assert.is(message.at, next, "a message is lost, doubled or out of order");
      next += 1;
    } catch (error) {
      if ((error as ClaudeError).code !== "TIMEOUT") throw error;
      timeouts += 1;
    }
  }
  await assertRest(client, next, MESSAGES);
});

timed("says how long it has waited, and works afterwards", async () => {
  await using client = await open([onUser(emit({ type: "late" }))]);
  const error = await client.receive({ timeoutMs: 30 }).catch((cause: unknown) => cause as ClaudeError);
  assert.equal([(error as ClaudeError).code, Reflect.get(error, "timeoutMs")], ["TIMEOUT", 30]);
  await client.send({ type: "user", message: { role: "user", content: "now" } });
  assert.equal(await client.receive({ timeoutMs: PATIENCE_MS }), { type: "late" });
});

timed("for any impossible time is refused at once", async () => {
  await using client = await open([]);
  for (const timeoutMs of [-1, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 31]) {
    assert.is(await failureCode("receive()", client.receive({ timeoutMs })), "INVALID_ARGUMENT");
    assert.is(await failureCode("query()", client.query("x", { timeoutMs })), "INVALID_ARGUMENT");
    assert.is(await failureCode("interrupt()", client.interrupt({ timeoutMs })), "INVALID_ARGUMENT");
  }
  assert.is((await client.query("still fine", { timeoutMs: PATIENCE_MS })).length, 3);
});

timed.run();

const several = suite("several calls of receive() at once");

several("are served in the order in which they were made", async () => {
  const count = 5_000;
  await using client = await open([onUser(allAtOnce(count))]);
  const waits = Array.from({ length: count }, () => client.receive({ timeoutMs: PATIENCE_MS }));
  await client.send({ type: "user", message: { role: "user", content: "now" } });
  const received = await inTime("receive()", Promise.all(waits));
  const misplaced = received.findIndex((message, at) => message.at !== at);
  assert.is(misplaced, -1, `call ${misplaced} was given message ${received[misplaced]?.at}`);
});

several("of which some give up take no message with them", async () => {
  const count = 100;
  await using client = await open([onUser(allAtOnce(count))]);
  const options = (at: number): WaitOptions => {
    if (at % 3 === 0) return { signal: AbortSignal.timeout(20) };
    return { timeoutMs: at % 3 === 1 ? 40 : PATIENCE_MS };
  };
  const outcomes = Promise.allSettled(
    Array.from({ length: 3 * count }, (_, at) => client.receive(options(at))),
  );
  await sleep(100);
  await client.send({ type: "user", message: { role: "user", content: "now" } });
  const received = (await inTime("receive()", outcomes)).flatMap((outcome) =>
    outcome.status === "fulfilled" ? [Number(outcome.value.at)] : [],
  );
  assert.equal(
    received.sort((one, other) => one - other),
    numbered(count).map(({ at }) => at),
  );
});

several("all end with the child", async () => {
  await using client = await open([onUser([emit({ type: "last" }), exit(3)])]);
  const waits = Promise.allSettled(Array.from({ length: 50 }, () => client.receive()));
  await client.send({ type: "user", message: { role: "user", content: "now" } });
  const outcomes = await inTime("receive()", waits);
  const codes = outcomes.map((outcome) =>
    outcome.status === "fulfilled" ? outcome.value.type : (outcome.reason as ClaudeError).code,
  );
  assert.equal(codes, ["last", ...Array<string>(49).fill("CONNECTION_CLOSED")]);
});

several.run();

const beside = suite("receive() beside a turn");

beside("waits for the turn's end, and gets what belongs to no turn", async () => {
  await using client = await open([onUser([turn("answer"), emit({ type: "outside" })])]);
  const outside = client.receive({ timeoutMs: PATIENCE_MS });
  const messages = await client.query("x", { timeoutMs: PATIENCE_MS });
  assert.equal(
    messages.map(({ type }) => type),
    ["system", "assistant", "result"],
  );
  assert.equal(await outside, { type: "outside" });
});

beside("that gives up does not disturb the turn", async () => {
  await using client = await open([onUser(turn("answer"))]);
  const query = client.query("x", { timeoutMs: PATIENCE_MS });
  assert.is(await failureCode("receive()", client.receive({ signal: AbortSignal.abort() })), "ABORTED");
  assert.is(await failureCode("receive()", client.receive({ timeoutMs: 0 })), "TIMEOUT");
  assert.is((await query).length, 3);
});

beside.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
