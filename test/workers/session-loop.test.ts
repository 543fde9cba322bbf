import { deepStrictEqual } from "node:assert/strict";
import { once } from "node:events";
import { setImmediate as nextTurn } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type InboxEntry, openBatch, UnreadableLine } from "../../src/client/inbox-entries.js";
import { BinaryNotFoundError } from "../../src/errors.js";
import { failSession } from "../../workers/session-loop.js";
import { isLazy } from "../channel/lazy-message.js";
import { SessionRig, TaskRig, withSession } from "./session-rig.js";

const LONG = "long ".repeat(3_000);
const line = (frame: object): string => `${JSON.stringify(frame)}\n`;
const message = (n: number) => ({ type: "x", n });

async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await nextTurn();
}

/** Messages as they are, refusals by their code. */
function summary(entries: readonly InboxEntry[]): unknown[] {
  return entries.map((entry) => (entry instanceof UnreadableLine ? entry.error.code : entry));
}

const data = suite("session: data");

data("of what is picked nothing waits behind a result, the rest is dropped and counted", () =>
  withSession({ deliver: ["system/init"] }, async (rig) => {
    const init = { type: "system", subtype: "init" };
    const result = { type: "result", subtype: "success", is_error: false };
    rig.child.says(line(init));
    assert.equal(rig.read(), [], "it may wait for company");
    rig.child.says(`${line(message(1))}${line(result)}`);
    assert.equal(rig.read(), [init, result]);
    assert.equal([rig.ledger.counted("frames"), rig.ledger.counted("undelivered")], [3, 1]);
  }),
);

data("what is picked comes soon, without a result as well", () =>
  withSession({ deliver: ["system/init"] }, async (rig) => {
    rig.child.says(line({ type: "system", subtype: "init" }));
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.is(rig.read().length, 1);
  }),
);

data("control frames come whatever is picked", () =>
  withSession({ deliver: [] }, async (rig) => {
    const request = { type: "control_request", request_id: "1", request: { subtype: "elicitation" } };
    rig.child.says(line(request));
    assert.equal(rig.read(), [request]);
  }),
);

data("frames, broken lines and oversized ones arrive in their order, and are counted", () =>
  withSession({ maxFrameBytes: 100 }, async (rig) => {
    const oversize = line({ type: "x", long: "x".repeat(200) });
    const text = `${line(message(1))}junk\n\n \t\r\n${oversize}${line(message(2))}null\n`;
    rig.child.says(text);
    const entries = rig.read();
    assert.equal(summary(entries), [
      message(1),
      "DESERIALIZATION",
      "FRAME_TOO_LARGE",
      message(2),
      "DESERIALIZATION",
    ]);
    const count = (name: Parameters<typeof rig.ledger.counted>[0]) => rig.ledger.counted(name);
    assert.is(count("bytes"), Buffer.byteLength(text));
    assert.is(count("malformed"), 2);
    assert.is(count("oversized"), 1);
    const [, broken, oversized] = entries;
    assert.ok(broken instanceof UnreadableLine && "rawLine" in broken.error);
    assert.is(broken.error.rawLine, "junk");
    assert.ok(oversized instanceof UnreadableLine && "frameBytes" in oversized.error);
    assert.is(oversized.error.frameBytes, oversize.length - 1);
    assert.is(oversized.error.maxFrameBytes, 100);
    assert.match(oversized.error.head, /^\{"type":"x","long":"xxx/);
  }),
);

data(
  "a count of frames is a count of frames: not of lines that hold none, and of all that share a line",
  () =>
    withSession({}, async (rig) => {
      rig.child.says(`${line(message(1)).trim()}${line(message(2))}junk\n\n`);
      assert.equal(summary(rig.read()), [message(1), message(2), "DESERIALIZATION"]);
      assert.is(rig.ledger.counted("frames"), 2);
    }),
);

for (const lazy of [true, false]) {
  data(`large parts are ${lazy ? "" : "not "}lazy when lazy is ${lazy}`, () =>
    withSession({ lazy }, async (rig) => {
      const frame = { type: "x", text: LONG, more: { deep: LONG } };
      rig.child.says(line(frame));
      const [entry] = rig.read();
      assert.ok(entry);
      assert.is(isLazy(entry, "text"), lazy);
      deepStrictEqual(entry, frame);
    }),
  );
}

data("a frame cut into single bytes arrives whole", () =>
  withSession({}, async (rig) => {
    const frame = { type: "x", text: "日本 \u{1F600}", long: LONG };
    for (const byte of Buffer.from(line(frame))) rig.child.says(Buffer.from([byte]));
    deepStrictEqual(rig.read(), [frame]);
  }),
);

data("a flood that nobody reads pauses the child; reading lets it go on, and nothing is lost", () =>
  withSession({ highWaterMark: 100_000 }, async (rig) => {
    let sent = 0;
    while (rig.child.pauses.at(-1) !== true)
      rig.child.says(line({ ...message(sent++), pad: "x".repeat(1_000) }));
    assert.ok(rig.ledger.paused);
    const bytes = sent * 1_000;
    assert.ok(bytes > 50_000 && bytes < 300_000, `paused after ${bytes} bytes`);
    const entries = rig.read();
    await settle();
    entries.push(...rig.read());
    assert.equal(rig.child.pauses, [true, false]);
    assert.equal(
      entries.map((entry) => (entry as { n?: number }).n),
      Array.from({ length: sent }, (_, n) => n),
    );
  }),
);

data.run();

const control = suite("session: control");

control("an answer goes to its call, not to the consumer, also a large one", () =>
  withSession({}, async (rig) => {
    for (const payload of [{ small: 1 }, { commands: [{ name: LONG }], text: LONG }]) {
      const request = { type: "control_request", request_id: "r1", request: { subtype: "initialize" } };
      const answer = rig.control.request("r1", "initialize", `${JSON.stringify(request)}\n`, 5_000);
      await settle();
      assert.equal(JSON.parse(rig.child.written.pop() ?? ""), request);
      rig.child.says(
        line({
          type: "control_response",
          response: { subtype: "success", request_id: "r1", response: payload },
        }),
      );
      assert.equal(await answer, { value: payload });
    }
    assert.equal(rig.read(), []);
  }),
);

const ask = (input: object) => ({
  type: "control_request",
  request_id: "p1",
  request: { subtype: "can_use_tool", tool_name: "Write", input },
});

for (const [size, input] of [
  ["small", { file_path: "a", content: "b" }],
  ["large", { file_path: "a", content: LONG }],
] as const) {
  control(`a ${size} permission request is a notice where there is a handler`, () =>
    withSession({ takes: ["can_use_tool"] }, async (rig) => {
      rig.child.says(
        `${line(message(1))}${line(ask(input))}${line({ type: "control_cancel_request", request_id: "p1" })}`,
      );
      await settle();
      const [, approval, cancelled] =
        rig.notices[0]?.kind === "data" ? rig.notices : [undefined, ...rig.notices];
      assert.ok(approval?.kind === "request");
      assert.is(approval.requestId, "p1");
      deepStrictEqual(openBatch(approval.batch), [ask(input)]);
      assert.equal(cancelled, { kind: "request-cancelled", requestId: "p1" });
      assert.equal(rig.read(), [message(1)]);
    }),
  );
  control(`a ${size} permission request is a message where there is none`, () =>
    withSession({}, async (rig) => {
      rig.child.says(line(ask(input)));
      deepStrictEqual(rig.read(), [ask(input)]);
    }),
  );
}

control("a sleeping consumer is rung for, once", () =>
  withSession({}, async (rig) => {
    rig.ledger.fallAsleep();
    rig.child.says(line(message(1)));
    rig.child.says(line(message(2)));
    await settle();
    assert.equal(rig.notices, [{ kind: "data" }]);
  }),
);

control("stderr can be read, and is counted in bytes", () =>
  withSession({}, async (rig) => {
    const reading = rig.control.readStderr();
    rig.child.complains("wörds");
    assert.equal(await reading, { value: "wörds" });
    assert.is(rig.ledger.counted("stderrBytes"), 6);
  }),
);

control.run();

const ends = suite("session: its end");

ends("a last line without its newline is told, then the end, with what stderr said", async () => {
  const rig = new SessionRig();
  rig.child.complains("read ");
  assert.equal(await rig.control.readStderr(), { value: "read " });
  rig.child.complains("unread");
  rig.child.says(JSON.stringify(message(1)));
  const closed = [once(rig.controlPort, "close"), once(rig.noticePort, "close")];
  rig.child.exits({ exitCode: 3, signal: null });
  const end = { exitCode: 3, signal: null, stderrTail: "read unread", stderrUnread: "unread" };
  assert.equal(await rig.ended, end);
  assert.equal(rig.read(), [message(1)]);
  assert.equal(rig.batches.at(-1)?.end, end);
  await Promise.all(closed);
  rig.close();
});

ends("a shutdown closes stdin, drops what comes, and lets a paused child write on", async () => {
  const rig = new SessionRig({ highWaterMark: 1_000 });
  rig.child.says(line({ ...message(1), pad: "x".repeat(2_000) }));
  assert.equal(rig.child.pauses, [true]);
  assert.equal(await rig.control.shutdown({ graceMs: 50, termMs: 0 }), { value: undefined });
  assert.ok(rig.child.stdinEnded);
  assert.equal(rig.child.pauses, [true, false]);
  rig.child.says(line(message(2)));
  assert.equal(
    await rig.control.shutdown({ graceMs: 0, termMs: 0 }),
    { value: undefined },
    "a second one is the first",
  );
  rig.child.exits();
  await rig.ended;
  assert.equal(
    rig.read().map((entry) => (entry as { n?: number }).n),
    [1],
  );
  rig.close();
});

ends("a child that could not be started: opened tells why, and the ports are closed", async () => {
  const rig = new TaskRig();
  const closed = once(rig.controlPort, "close");
  const failure = new BinaryNotFoundError("no such file", { binary: "/no", searched: ["/no"] });
  const ended = failSession(rig.task, failure);
  const reply = await rig.control.opened();
  assert.ok("fault" in reply);
  assert.is(reply.fault.code, "BINARY_NOT_FOUND");
  assert.equal(reply.fault.details, { binary: "/no", searched: ["/no"] });
  assert.equal(await ended, { exitCode: null, signal: null, stderrTail: "", stderrUnread: "" });
  await closed;
  rig.close();
});

ends.run();
