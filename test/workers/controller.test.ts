import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type Answer, fromFault } from "../../src/channel/fault.js";
import { decodeLine } from "../../src/codec/frame-decoder.js";
import { type ClaudeError, ConnectionClosedError, WriteError } from "../../src/errors.js";
import type { ShutdownOptions } from "../../src/options.js";
import { Controller } from "../../workers/controller.js";
import { IncomingRequests } from "../../workers/incoming-requests.js";
import { LineWriter } from "../../workers/line-writer.js";

const GONE = new ConnectionClosedError("gone", { exitCode: 9, signal: null });
const LONG_MS = 60_000;

interface SetUp {
  readonly requestTimeoutMs?: number;
  readonly approvals?: boolean;
  readonly write?: (line: string) => Promise<void>;
}

/** A controller, and all that it has done to the session around it. */
class Rig {
  readonly written: Record<string, unknown>[] = [];
  readonly announced: string[] = [];
  readonly cancelled: string[] = [];
  readonly shutdowns: unknown[] = [];
  readonly controller: Controller;
  close: () => void = () => {};

  constructor({ requestTimeoutMs = LONG_MS, approvals = false, write = async () => {} }: SetUp = {}) {
    const closed = new Promise<ConnectionClosedError>((resolve) => {
      this.close = () => resolve(GONE);
    });
    const writer = new LineWriter({
      timeoutMs: requestTimeoutMs,
      write: (line) => {
        assert.ok(line.endsWith("\n") && line.indexOf("\n") === line.length - 1, "one line");
        this.written.push(JSON.parse(line) as Record<string, unknown>);
        return write(line);
      },
      closed,
    });
    this.controller = new Controller({
      pid: 17,
      writer,
      handlers: Promise.resolve({ hooks: {} }),
      incoming: new IncomingRequests({
        takes: approvals ? ["can_use_tool"] : [],
        write: (line) => writer.write(line),
        announce: (requestId) => this.announced.push(requestId),
        announceCancel: (requestId) => this.cancelled.push(requestId),
        deliver: () => assert.unreachable("delivered late"),
      }),
      readStderr: async () => "words",
      beginShutdown: (options: Required<ShutdownOptions>) => void this.shutdowns.push(options),
      closed,
    });
  }

  /** A frame of the child; true when the controller has taken it. */
  take(frame: object): boolean {
    const line = decodeLine(Buffer.from(JSON.stringify(frame)), true);
    const [decoded] = "frames" in line ? line.frames : [];
    if (decoded === undefined) throw new Error("refused");
    return this.controller.take(decoded);
  }

  request(id: string, timeoutMs = LONG_MS): Promise<Answer<unknown>> {
    return this.controller.request(id, "initialize", requestLine(id), timeoutMs);
  }
}

function requestLine(id: string): string {
  const request = { subtype: "initialize", hooks: {} };
  return `${JSON.stringify({ type: "control_request", request_id: id, request })}\n`;
}

const success = (request_id: string, response?: unknown) => ({
  type: "control_response",
  response: { subtype: "success", request_id, ...(response === undefined ? {} : { response }) },
});

function errorOf(answer: Answer<unknown>): ClaudeError {
  return "fault" in answer ? fromFault(answer.fault) : (assert.unreachable("it succeeded") ?? GONE);
}

/** What a promise has come to by now; undefined while it is open. */
async function soon<T>(promise: Promise<T>): Promise<T | undefined> {
  return Promise.race([promise, sleep(100, undefined)]);
}

const requests = suite("controller: requests");

requests("a request goes out as a line, and its answer is its value", async () => {
  const rig = new Rig();
  const answer = rig.request("r1");
  await nextTurn();
  assert.equal(rig.written, [
    { type: "control_request", request_id: "r1", request: { subtype: "initialize", hooks: {} } },
  ]);
  assert.ok(rig.take(success("r1", { commands: [] })));
  assert.equal(await answer, { value: { commands: [] } });
});

requests("answers may come in any order, and before the line has been taken", async () => {
  const rig = new Rig({ write: () => new Promise(() => {}) });
  const answers = [rig.request("r1"), rig.request("r2")];
  assert.ok(rig.take(success("r2", "two")));
  assert.ok(rig.take(success("r1", "one")));
  assert.equal(await Promise.all(answers), [{ value: "one" }, { value: "two" }]);
  rig.close();
});

requests("an answer without a payload is one too", async () => {
  const rig = new Rig();
  const answer = rig.request("r1");
  rig.take(success("r1"));
  assert.equal(await answer, { value: undefined });
});

const refusals: readonly (readonly [response: object, reason: RegExp, code: string | undefined])[] = [
  [
    { subtype: "error", error: "no such model", error_code: "bad_model" },
    /"initialize": no such model/,
    "bad_model",
  ],
  [{ subtype: "error", error: { deep: true } }, /\{"deep":true\}/, undefined],
  [{ subtype: "error" }, /null/, undefined],
  [{ subtype: "something new", error: "odd", error_code: 7 }, /odd/, undefined],
];
for (const [response, reason, code] of refusals) {
  requests(`${JSON.stringify(response)} is a ControlRequestError`, async () => {
    const rig = new Rig();
    const answer = rig.request("r1");
    assert.ok(rig.take({ type: "control_response", response: { ...response, request_id: "r1" } }));
    const error = errorOf(await answer) as ClaudeError & Record<string, unknown>;
    assert.is(error.code, "CONTROL_REQUEST_FAILED");
    assert.match(error.message, reason);
    assert.is(error.subtype, "initialize");
    assert.is(error.errorCode, code);
  });
}

requests("an answer that nobody waits for is a message for the consumer", () => {
  assert.is(new Rig().take(success("unknown")), false);
});

requests("a second answer to the same request is not taken for one", async () => {
  const rig = new Rig();
  const answer = rig.request("r1");
  rig.take(success("r1", 1));
  assert.equal(await answer, { value: 1 });
  assert.is(rig.take(success("r1", 2)), false);
});

requests("silence ends at the deadline; the late answer is nobody's message", async () => {
  const rig = new Rig();
  const error = errorOf(await rig.request("r1", 20));
  assert.is(error.code, "TIMEOUT");
  assert.is((error as ClaudeError & { timeoutMs?: number }).timeoutMs, 20);
  assert.equal(rig.written.at(-1), { type: "control_cancel_request", request_id: "r1" });
  assert.is(rig.take(success("r1", "late")), true);
});

requests("what cannot be written fails at once", async () => {
  const rig = new Rig({ write: () => Promise.reject(new WriteError("closed")) });
  const answer = rig.request("r1");
  rig.close();
  assert.is(errorOf(await answer).code, "CONNECTION_CLOSED", "a broken pipe is told as the end that it was");
});

requests("a request that is given up is withdrawn, and its call ends", async () => {
  const rig = new Rig();
  const answer = rig.request("r1");
  assert.equal(await rig.controller.abandon("r1"), { value: undefined });
  assert.equal(rig.written.at(-1), { type: "control_cancel_request", request_id: "r1" });
  assert.ok(await soon(answer), "nobody waits for ever");
});

requests("giving up twice, or what was answered, writes nothing", async () => {
  const rig = new Rig();
  void rig.request("r1");
  rig.take(success("r1"));
  await rig.controller.abandon("r1");
  await rig.controller.abandon("never asked");
  assert.is(rig.written.length, 1);
});

requests("the child's end fails all that wait, and all that come later", async () => {
  const rig = new Rig({ write: () => new Promise(() => {}) });
  const waiting = [rig.request("r1"), rig.request("r2"), rig.controller.write("{}\n")];
  rig.close();
  for (const answer of await Promise.all(waiting)) assert.is(errorOf(answer).code, "CONNECTION_CLOSED");
  const later = [rig.request("r3"), rig.controller.write("{}\n")];
  for (const answer of await Promise.all(later)) assert.is(errorOf(answer).code, "CONNECTION_CLOSED");
  assert.is(rig.written.length, 1, "a child that is gone is not written to");
});

requests("no timer is left of requests that are over", async () => {
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  const rig = new Rig();
  const answers = [rig.request("r1"), rig.request("r2"), rig.request("r3"), rig.controller.write("{}\n")];
  await nextTurn();
  rig.take(success("r1"));
  await rig.controller.abandon("r2");
  rig.close();
  await Promise.all(answers);
  assert.is(timers(), before);
});

requests.run();

const writes = suite("controller: writes");

writes("a write is answered when the pipe has taken the line", async () => {
  let taken = (): void => {};
  const rig = new Rig({
    write: () =>
      new Promise((resolve) => {
        taken = resolve;
      }),
  });
  const answer = rig.controller.write('{"type":"user"}\n');
  assert.is(await soon(answer), undefined);
  taken();
  assert.equal(await answer, { value: undefined });
});

writes("a child that does not read ends the wait, not the session", async () => {
  const rig = new Rig({ requestTimeoutMs: 20, write: () => new Promise(() => {}) });
  assert.is(errorOf(await rig.controller.write("{}\n")).code, "TIMEOUT");
});

writes("a broken pipe without an exit is a WriteError", async () => {
  const rig = new Rig({ write: () => Promise.reject(new WriteError("closed")) });
  assert.is(errorOf(await rig.controller.write("{}\n")).code, "WRITE_FAILED");
});

writes("whatever else goes wrong is told as unexpected", async () => {
  const rig = new Rig({ write: () => Promise.reject(new RangeError("odd")) });
  const error = errorOf(await rig.controller.write("{}\n"));
  assert.is(error.code, "WORKER_CRASHED");
  assert.match(error.message, "RangeError: odd");
});

writes("the other calls go to the session", async () => {
  const rig = new Rig();
  assert.equal(await rig.controller.opened(), { value: { pid: 17 } });
  assert.equal(await rig.controller.readStderr(), { value: "words" });
  assert.equal(await rig.controller.shutdown({ graceMs: 1, termMs: 2 }), { value: undefined });
  assert.equal(rig.shutdowns, [{ graceMs: 1, termMs: 2 }]);
});

writes.run();

const routes = suite("controller: what it takes of the child's frames");

const ask = (request_id: string, subtype = "can_use_tool") => ({
  type: "control_request",
  request_id,
  request: { subtype, tool_name: "Bash", input: {} },
});
const cancel = (request_id: string) => ({ type: "control_cancel_request", request_id });

routes("messages are the consumer's", () => {
  const rig = new Rig({ approvals: true });
  assert.is(rig.take({ type: "assistant", message: {} }), false);
  assert.is(rig.take({ type: "something new" }), false);
});

routes("without a handler permission requests are messages, and so are their cancellations", () => {
  const rig = new Rig();
  assert.is(rig.take(ask("p1")), false);
  assert.is(rig.take(cancel("p1")), false);
  assert.equal([rig.announced, rig.cancelled], [[], []]);
});

routes("with one they are announced, and their cancellations too, once", () => {
  const rig = new Rig({ approvals: true });
  assert.is(rig.take(ask("p1")), true);
  assert.is(rig.take(cancel("p1")), true);
  assert.is(rig.take(cancel("p1")), false);
  assert.is(rig.take(cancel("never asked")), false);
  assert.equal([rig.announced, rig.cancelled], [["p1"], ["p1"]]);
});

routes("a request that was answered is kept no longer than its withdrawal may be late", async () => {
  const rig = new Rig({ approvals: true });
  assert.ok(rig.take(ask("unanswered")));
  const ids = Array.from({ length: 1_500 }, (_, at) => `p${at}`);
  for (const id of ids) {
    assert.ok(rig.take(ask(id)));
    await rig.controller.write("{}\n", id);
  }
  const latest = ids.at(-1) ?? "";
  assert.is(rig.take(cancel(latest)), true, "a withdrawal that has crossed the answer is nobody's message");
  assert.is(rig.take(cancel(latest)), false);
  assert.is(rig.take(cancel("p0")), false, "answered long ago");
  assert.is(rig.take(cancel("unanswered")), true);
});

routes("an answer that could not be written leaves the request open", async () => {
  const rig = new Rig({ approvals: true, requestTimeoutMs: 20, write: () => new Promise(() => {}) });
  rig.take(ask("p1"));
  assert.is(errorOf(await rig.controller.write("{}\n", "p1")).code, "TIMEOUT");
  assert.is(rig.take(cancel("p1")), true);
});

routes("requests of other kinds stay messages", () => {
  const rig = new Rig({ approvals: true });
  assert.is(rig.take(ask("h1", "hook_callback")), false);
  assert.equal(rig.announced, []);
});

routes.run();
