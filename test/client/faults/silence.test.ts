import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient, ClaudeOutput, TimeoutError, WaitOptions } from "../../../src/index.js";
import {
  emit,
  ignoreEof,
  init,
  onControl,
  onPrompt,
  onUser,
  sleep as pause,
  silence,
  stopReadingStdin,
  turn,
} from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  failure,
  failureCode,
  inTime,
  open,
  PATIENCE_MS,
  user,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };
const SHORT_MS = 200;

function resultOf(messages: readonly ClaudeOutput[]): unknown {
  return (messages.at(-1) as { result?: unknown } | undefined)?.result;
}

const deadlines = suite("a child that says nothing");

type Call = (client: AsyncClient, options: WaitOptions) => Promise<unknown>;

const CALLS: Readonly<Record<string, Call>> = {
  "query()": (client, options) => client.query("x", options),
  "queryWithSession()": (client, options) => client.queryWithSession("x", "s", options),
  "queryStream()": async (client, options) => (await client.queryStream("x", options)).collect(),
  "ping()": (client, options) => client.ping(options),
  "receive()": (client, options) => client.receive(options),
  "receiveRaw()": (client, options) => client.receiveRaw(options),
  "interrupt()": (client, options) => client.interrupt(options),
  "enableToolApproval()": (client, options) => client.enableToolApproval(options),
};

deadlines("lets each wait end by its timeoutMs, and by its signal", async () => {
  const check = async ([name, call]: [string, Call]) => {
    await using client = await open([silence()], { requestTimeoutMs: SHORT_MS });
    const late = await failure<TimeoutError>(name, call(client, { timeoutMs: SHORT_MS }));
    assert.equal([name, late.code, late.timeoutMs], [name, "TIMEOUT", SHORT_MS]);
    // Sooner than requestTimeoutMs, which bounds control calls as well.
    const signal = AbortSignal.timeout(SHORT_MS / 4);
    assert.is(await failureCode(name, call(client, { signal })), "ABORTED", name);
    assert.is(await failureCode(name, call(client, { signal: AbortSignal.abort() })), "ABORTED", name);
    assert.ok(client.isAlive());
  };
  await Promise.all(Object.entries(CALLS).map(check));
});

deadlines("a wait that is over leaves no timer behind", async () => {
  await using client = await open([silence()], { requestTimeoutMs: SHORT_MS });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  await sleep(50);
  const before = timers();
  // Long enough to be seen afterwards, short enough not to keep this process for long if it is.
  const options = { signal: AbortSignal.abort(), timeoutMs: 5_000 };
  for (const [name, call] of Object.entries(CALLS)) {
    assert.is(await failureCode(name, call(client, options)), "ABORTED");
    assert.is(timers() - before, 0, `a timer of ${name} still runs`);
  }
});

deadlines("control calls end by requestTimeoutMs", async () => {
  await using client = await open([silence()], { requestTimeoutMs: SHORT_MS });
  for (const name of ["interrupt()", "enableToolApproval()"]) {
    const late = await failure<TimeoutError>(name, CALLS[name]?.(client, {}) ?? Promise.resolve());
    assert.equal([late.code, late.timeoutMs], ["TIMEOUT", SHORT_MS]);
  }
  assert.is(await inTime("isResponsive()", client.isResponsive({ timeoutMs: SHORT_MS })), false);
  assert.not.ok(client.isToolApprovalEnabled());
});

deadlines("enableToolApproval() keeps each caller's own deadline", async () => {
  await using client = await open([onControl("initialize", "ignore")]);
  const patient = client.enableToolApproval();
  patient.catch(() => {});
  const short = client.enableToolApproval({ timeoutMs: SHORT_MS });
  short.catch(() => {});
  const outcome = await Promise.race([short.catch((error) => error.code), sleep(1_500, "still waiting")]);
  assert.is(outcome, "TIMEOUT");
});

deadlines("enableToolApproval() that one caller has given up works for the next", async () => {
  await using client = await open([onControl("initialize", { commands: [] }, { delayMs: 300 })]);
  const given = client.enableToolApproval({ timeoutMs: 50 });
  const other = client.enableToolApproval(PATIENCE);
  assert.is(await failureCode("enableToolApproval()", given), "TIMEOUT");
  assert.equal(await inTime("enableToolApproval()", other), { commands: [] });
  assert.ok(client.isToolApprovalEnabled());
});

deadlines.run();

const late = suite("an answer that comes too late");

late("of a query is not taken for the next one's", async () => {
  const script = [onPrompt("slow", [init(), pause(700), turn("late")]), onPrompt("quick", turn("in time"))];
  await using client = await open(script);
  assert.is(await failureCode("query()", client.query("slow", { timeoutMs: SHORT_MS })), "TIMEOUT");
  assert.is(resultOf(await client.query("quick", PATIENCE)), "in time");
  const controller = new AbortController();
  const aborted = client.query("slow", { signal: controller.signal });
  setTimeout(() => controller.abort(), SHORT_MS);
  assert.is(await failureCode("query()", aborted), "ABORTED");
  assert.is(resultOf(await client.query("quick", PATIENCE)), "in time");
});

late("of a query that could not be interrupted is not taken for the next one's", async () => {
  const script = [
    onControl("interrupt", "ignore"),
    onPrompt("slow", [init(), pause(900), turn("late")]),
    onPrompt("quick", turn("in time")),
  ];
  // The child finishes the slow turn long after this side has given up on it.
  await using client = await open(script, { requestTimeoutMs: SHORT_MS });
  assert.is(await failureCode("query()", client.query("slow", { timeoutMs: SHORT_MS })), "TIMEOUT");
  assert.is(resultOf(await client.query("quick", PATIENCE)), "in time");
});

late("to a control call is nobody's message, and no later call's answer", async () => {
  await using client = await open([onControl("interrupt", { receipt: 1 }, { delayMs: 600 })]);
  assert.is(await failureCode("interrupt()", client.interrupt({ timeoutMs: SHORT_MS })), "TIMEOUT");
  assert.equal(await client.interrupt(PATIENCE), { receipt: 1 });
  assert.is(await failureCode("receive()", client.receive({ timeoutMs: SHORT_MS })), "TIMEOUT");
});

late("by a query that waits for its turn does not disturb the one before", async () => {
  await using client = await open([onUser([init(), pause(500), turn("first")], turn("second"))]);
  const first = client.query("1", PATIENCE);
  assert.is(await failureCode("query()", client.query("2", { timeoutMs: 100 })), "TIMEOUT");
  assert.is(resultOf(await first), "first");
  assert.is(resultOf(await client.query("3", PATIENCE)), "second");
});

late.run();

const stuck = suite("a child that has stopped reading its stdin");

const TOO_MUCH = "x".repeat(4_000_000);
/** Such a child does not see its stdin close either. */
const STUCK = { requestTimeoutMs: SHORT_MS, shutdown: { graceMs: 50, termMs: PATIENCE_MS } };

stuck("makes writes end by requestTimeoutMs", async () => {
  await using client = await open([stopReadingStdin(), emit({ type: "ready" })], STUCK);
  await client.receive(PATIENCE);
  for (let round = 0; round < 3; round++) {
    const error = await failure<TimeoutError>("send()", client.send(user(TOO_MUCH)));
    assert.equal([error.code, error.timeoutMs], ["TIMEOUT", SHORT_MS]);
  }
  assert.is(await failureCode("query()", client.query("x")), "TIMEOUT");
  assert.is(await failureCode("interrupt()", client.interrupt()), "TIMEOUT");
  const answer = client.sendControlResponse({ subtype: "success", request_id: "r", response: {} });
  assert.is(await failureCode("sendControlResponse()", answer), "TIMEOUT");
  assert.ok(client.isAlive());
  await using other = await open([]);
  assert.is((await other.query("not disturbed", PATIENCE)).length, 3);
});

stuck("lets a query go by its own timeoutMs and signal", async () => {
  await using client = await open([stopReadingStdin(), emit({ type: "ready" })], STUCK);
  await client.receive(PATIENCE);
  const options = { timeoutMs: 50 };
  assert.is(await failureCode("query()", client.query(TOO_MUCH, options)), "TIMEOUT");
  assert.is(await failureCode("query()", client.query("x", { signal: AbortSignal.timeout(50) })), "ABORTED");
});

stuck("is ended by the close ladder like any other", async () => {
  const client = await open([stopReadingStdin(), ignoreEof(), emit({ type: "ready" })], {
    requestTimeoutMs: SHORT_MS,
  });
  await client.receive(PATIENCE);
  const send = client.send(user(TOO_MUCH));
  send.catch(() => {});
  const ended = await inTime("shutdown()", client.shutdown({ graceMs: 100, termMs: PATIENCE_MS }));
  assert.equal(ended, { exitCode: 143, signal: null });
  assert.ok(["TIMEOUT", "CONNECTION_CLOSED"].includes(await failureCode("send()", send)));
});

const posix = process.platform === "win32" ? stuck.skip : stuck;

posix("and reads on later answers each query with its own answer", async () => {
  await using client = await open([], { requestTimeoutMs: SHORT_MS });
  await client.query("warm", PATIENCE);
  const pid = client.pid() ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    assert.is(await failureCode("query()", client.query(TOO_MUCH)), "TIMEOUT");
  } finally {
    process.kill(pid, "SIGCONT");
  }
  const messages = await client.query("second", PATIENCE);
  assert.is(String(resultOf(messages)).slice(0, 20), "second");
  assert.is(messages.length, 3);
});

stuck.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
