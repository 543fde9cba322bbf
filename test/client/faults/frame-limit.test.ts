import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClaudeError, FrameTooLargeError } from "../../../src/index.js";
import {
  assistant,
  type CliStep,
  emit,
  exit,
  init,
  lineEnding,
  onUser,
  result,
  turn,
  writeInChunks,
} from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  failure,
  open,
  PATIENCE_MS,
  receive,
  receiveToEnd,
} from "../../support/scripted.js";

const LIMIT = 1_000;

/** A message of exactly so many bytes, without its newline. */
function sized(bytes: number) {
  const text = "ä".repeat(Math.floor((bytes - 40) / 2));
  const padding = ".".repeat(bytes - Buffer.byteLength(JSON.stringify({ type: "sized", text, p: "" })));
  return { type: "sized", text, p: padding };
}

const outside = suite("receive() and a line over maxFrameBytes");

const DELIVERIES: readonly (readonly [string, readonly CliStep[]])[] = [
  ["in one write", []],
  ["in writes of 1 byte", [writeInChunks(1)]],
  ["in writes of 999 bytes", [writeInChunks(999)]],
];

for (const [name, before] of DELIVERIES) {
  outside(`takes what fits and reports what does not, ${name}`, async () => {
    const lengths = [LIMIT - 1, LIMIT, LIMIT + 1, LIMIT, 3 * LIMIT, 70 * LIMIT, LIMIT];
    await using client = await open(
      [...before, ...lengths.map((bytes) => emit(sized(bytes))), emit({ type: "after" })],
      { maxFrameBytes: LIMIT },
    );
    const expected = lengths.map((bytes) => (bytes > LIMIT ? "FRAME_TOO_LARGE" : sized(bytes)));
    assert.equal(await receive(client, lengths.length + 1), [...expected, { type: "after" }]);
    const { oversizedFrames, malformedFrames } = client.stats();
    assert.equal([oversizedFrames, malformedFrames], [3, 0]);
  });
}

outside("tells what the frame was, and goes on behind it", async () => {
  const line = JSON.stringify(sized(5 * LIMIT));
  await using client = await open([emit(`${line}\n`), emit({ type: "after" })], { maxFrameBytes: LIMIT });
  const error = await failure<FrameTooLargeError>("receive()", client.receive({ timeoutMs: PATIENCE_MS }));
  assert.instance(error, FrameTooLargeError);
  assert.equal([error.code, error.frameBytes, error.maxFrameBytes], ["FRAME_TOO_LARGE", 5 * LIMIT, LIMIT]);
  assert.ok(error.head.length > 50 && line.startsWith(error.head.slice(0, 50)));
  assert.match(error.message, "maxFrameBytes");
  assert.equal(await receive(client, 1), [{ type: "after" }]);
});

outside("is reported by receiveRaw() too", async () => {
  await using client = await open([emit(sized(2 * LIMIT)), emit("7\n")], { maxFrameBytes: LIMIT });
  const timeoutMs = PATIENCE_MS;
  assert.is((await failure("receiveRaw()", client.receiveRaw({ timeoutMs }))).code, "FRAME_TOO_LARGE");
  assert.is(await client.receiveRaw({ timeoutMs }), 7);
});

outside("counts the carriage return of a CRLF line end", async () => {
  const script = [lineEnding("\r\n"), emit(sized(LIMIT - 1)), emit(sized(LIMIT)), emit({ type: "after" })];
  await using client = await open(script, { maxFrameBytes: LIMIT });
  assert.equal(await receive(client, 3), [sized(LIMIT - 1), "FRAME_TOO_LARGE", { type: "after" }]);
});

outside("reports a last line that never ended", async () => {
  const script = [emit({ type: "first" }), emit("x".repeat(3 * LIMIT)), exit(0)];
  await using client = await open(script, { maxFrameBytes: LIMIT });
  const { entries } = await receiveToEnd(client);
  assert.equal(entries, [{ type: "first" }, "FRAME_TOO_LARGE"]);
});

outside.run();

const within = suite("a turn and a line over maxFrameBytes");

within("tells onFault and goes on, and later turns are whole", async () => {
  const faults: ClaudeError[] = [];
  const limit = 10_000;
  const faulty = [init(), assistant("one"), emit(sized(3 * limit)), assistant("two"), result()];
  await using client = await open([onUser(faulty, turn("three"))], {
    maxFrameBytes: limit,
    onFault: (fault) => faults.push(fault),
  });
  const types = (await client.query("first", { timeoutMs: PATIENCE_MS })).map(({ type }) => type);
  assert.equal(types, ["system", "assistant", "assistant", "result"]);
  assert.equal(
    faults.map(({ code }) => code),
    ["FRAME_TOO_LARGE"],
  );
  assert.is((await client.query("second", { timeoutMs: PATIENCE_MS })).length, 3);
  assert.is(client.stats().oversizedFrames, 1);
});

within("goes on without an onFault as well", async () => {
  const faulty = [init(), emit(sized(30_000)), assistant("two"), result()];
  await using client = await open([onUser(faulty)], { maxFrameBytes: 10_000 });
  assert.is((await client.query("first", { timeoutMs: PATIENCE_MS })).length, 3);
  assert.is(client.stats().oversizedFrames, 1);
});

within.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
