import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { ClaudeError, DeserializationError } from "../../../src/index.js";
import { assistant, emit, exit, init, onUser, result, turn } from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  failure,
  open,
  PATIENCE_MS,
  receive,
  receiveToEnd,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };
const A = { type: "a", text: "größe" };
const B = { type: "b", nested: { type: "inner", list: [{ type: "deeper" }] } };
const [a, b] = [JSON.stringify(A), JSON.stringify(B)];
const LARGE = {
  type: "large",
  text: "x".repeat(20_000),
  items: Array.from({ length: 2_000 }, (_, at) => at),
};
const REFUSED = "DESERIALIZATION";

interface Case {
  readonly name: string;
  readonly line: string | Buffer;
  readonly gives: readonly unknown[];
}

const lines = suite("a line with more or less than one frame in it");

const CASES: readonly Case[] = [
  // Around a frame.
  { name: "colour codes", line: `\u001b[31m${a}\u001b[0m`, gives: [A] },
  { name: "a byte order mark", line: `\ufeff${a}`, gives: [A] },
  { name: "NUL bytes around it", line: `\0\0${a}\0`, gives: [A] },
  { name: "a log prefix", line: `2026-01-31T12:00:00Z [info] (cli) ${a}`, gives: [A] },
  { name: "a prefix in braces", line: `{worker 3} ${a}`, gives: [A] },
  { name: "a prefix in brackets and quotes", line: `["x", ${a}`, gives: [A] },
  { name: "a prefix that is JSON", line: `{"level":"info"} ${a}`, gives: [A] },
  { name: "a suffix", line: `${a} (took 3 ms)`, gives: [A] },
  { name: "a semicolon", line: `${a};`, gives: [A] },
  {
    name: "junk on both sides of a large frame",
    line: `\u001b[1m> ${JSON.stringify(LARGE)} <`,
    gives: [LARGE],
  },
  {
    name: "invalid UTF-8 before it",
    line: Buffer.concat([Buffer.from([0xff, 0xc3]), Buffer.from(a)]),
    gives: [A],
  },
  // Lost newlines.
  { name: "two frames", line: a + b, gives: [A, B] },
  { name: "two frames with a space", line: `${b} ${a}`, gives: [B, A] },
  { name: "three frames with junk between them", line: `${a}\r\u001b[0m${b}, ${a}`, gives: [A, B, A] },
  { name: "a small and a large frame", line: a + JSON.stringify(LARGE), gives: [A, LARGE] },
  // JSON that is no message.
  { name: "null", line: "null", gives: [REFUSED] },
  { name: "true", line: "true", gives: [REFUSED] },
  { name: "a number", line: "-1.5e3", gives: [REFUSED] },
  { name: "a string", line: '"{\\"type\\":\\"a\\"}"', gives: [REFUSED] },
  { name: "an array", line: "[]", gives: [REFUSED] },
  { name: "an array of frames", line: `[${a},${b}]`, gives: [REFUSED] },
  { name: "an object without a type", line: '{"subtype":"a","inner":{"type":"a"}}', gives: [REFUSED] },
  { name: "a type that is no string", line: '{"type":{"type":"a"}}', gives: [REFUSED] },
  { name: "an empty type", line: '{"type":""}', gives: [REFUSED] },
  { name: "an assistant frame without a message", line: '{"type":"assistant"}', gives: [REFUSED] },
  {
    name: "a control request without an id",
    line: '{"type":"control_request","request":{}}',
    gives: [REFUSED],
  },
  { name: "a control response without a body", line: '{"type":"control_response"}', gives: [REFUSED] },
  // No JSON.
  { name: "a word", line: "hello", gives: [REFUSED] },
  { name: "braces", line: "{ } {{ }} {", gives: [REFUSED] },
  { name: "a JavaScript object", line: "{type: 'a'}", gives: [REFUSED] },
  { name: "a trailing comma", line: '{"type":"a",}', gives: [REFUSED] },
  { name: "a raw NUL in a string", line: '{"type":"a","text":"\0"}', gives: [REFUSED] },
  { name: "a raw tab in a string", line: '{"type":"a","text":"\t"}', gives: [REFUSED] },
  { name: "an unknown escape", line: '{"type":"a","text":"\\x41"}', gives: [REFUSED] },
  { name: "NaN", line: '{"type":"a","value":NaN}', gives: [REFUSED] },
  { name: "a leading zero", line: '{"type":"a","value":01}', gives: [REFUSED] },
  { name: "a NUL alone", line: "\0", gives: [REFUSED] },
  { name: "bytes that are no text", line: Buffer.from([0xff, 0xfe, 0x00, 0x80, 0xc3]), gives: [REFUSED] },
];

lines("gives what is in it, and the next line as ever", async () => {
  const script = CASES.flatMap(({ line }, index) => [
    emit(Buffer.concat([Buffer.from(line), Buffer.from("\n")])),
    emit({ type: "after", index }),
  ]);
  await using client = await open([...script, exit(0)]);
  const { entries } = await receiveToEnd(client);
  let at = 0;
  for (const [index, { name, gives }] of CASES.entries()) {
    const after = entries.findIndex((entry) => typeof entry === "object" && Number(entry.index) === index);
    assert.equal(entries.slice(at, after), gives, name);
    at = after + 1;
  }
  assert.is(client.stats().malformedFrames, CASES.filter(({ gives }) => gives[0] === REFUSED).length);
});

lines("that is refused is kept as it was written", async () => {
  const refused = [
    '{"type":"a","text":"\0 größe"}',
    "\u001b[31mjunk\u001b[0m",
    `[${a}]`,
    "x".repeat(100_000),
  ];
  await using client = await open(refused.map((line) => emit(`${line}\n`)));
  for (const line of refused) {
    const error = await failure<DeserializationError>("receive()", client.receive(PATIENCE));
    assert.is(error.code, REFUSED);
    assert.ok(error.rawLine === line, `the raw line of ${line.slice(0, 20)}`);
    assert.ok(error.reason.length > 0);
    // A line may hold anything, so it must not get into logs by way of the message.
    assert.not.ok(error.message.includes("größe"));
  }
});

lines.run();

const truncated = suite("a frame that lacks a part");

/** Objects with a `type` at every depth: each would pass for a message, cut out of its frame. */
const FRAME = JSON.stringify({
  type: "assistant",
  note: { type: "bogus" },
  message: { type: "bogus", content: [{ type: "bogus", text: 'a { "quoted\\" }' }, { type: "bogus" }] },
  last: [{ type: "bogus", input: { type: "bogus" } }],
});

/** Sends each line and then a whole frame; nothing else may come out as a message. */
async function assertNoMessages(given: readonly string[]): Promise<void> {
  await using client = await open([...given.map((line) => emit(`${line}\n`)), emit(A), exit(0)]);
  const { entries } = await receiveToEnd(client);
  const messages = entries.filter((entry) => entry !== REFUSED);
  assert.equal(messages, [A]);
  assert.is(entries.length, given.length + 1);
}

const EVERY_CUT = Array.from({ length: FRAME.length - 1 }, (_, at) => at + 1);

truncated("at its end is no message, wherever it was cut", () =>
  assertNoMessages(EVERY_CUT.map((at) => FRAME.slice(0, at))),
);

truncated("at its beginning is no message, wherever it was cut", () =>
  assertNoMessages(EVERY_CUT.map((at) => FRAME.slice(at))),
);

truncated("at its end is no message behind a prefix in braces", () =>
  assertNoMessages(EVERY_CUT.map((at) => `{log} ${FRAME.slice(0, at)}`)),
);

truncated("at its end and broken before is no message", () =>
  assertNoMessages([
    '{"type":"assistant","note":"\u0001","message":{"type":"bogus"}',
    '{"type":"assistant","note": \u001b[0m "x","message":{"type":"bogus"}, "more',
    '{"type":"assistant","note":NaN,"message":{"content":[{"type":"bogus"}',
  ]),
);

truncated("at its end, with a whole frame behind it, gives that frame or nothing", async () => {
  const given = EVERY_CUT.map((at) => `${FRAME.slice(0, at)}${b}`);
  await using client = await open([...given.map((line) => emit(`${line}\n`)), emit(A), exit(0)]);
  const { entries } = await receiveToEnd(client);
  for (const entry of entries) {
    const kind = typeof entry === "string" ? entry : entry.type;
    assert.ok([REFUSED, "a", "b"].includes(kind), `got a message of type ${kind}`);
  }
});

truncated("when it is large is no message either", async () => {
  const line = JSON.stringify({ type: "assistant", message: { inner: { type: "bogus" }, ...LARGE } });
  const cuts = [9_000, 20_100, 25_000, line.length - 2, line.length - 1];
  await assertNoMessages([...cuts.map((at) => line.slice(0, at)), ...cuts.map((at) => line.slice(at))]);
});

truncated.run();

const raw = suite("receiveRaw()");

raw("gives any JSON value, and refuses what is none", async () => {
  const values = [null, true, 0, -1.5e3, "text", [], [1, A], {}, { no: "type" }, A];
  await using client = await open([
    ...values.map((value) => emit(`${JSON.stringify(value)}\n`)),
    emit("junk\n"),
  ]);
  for (const value of values) assert.equal(await client.receiveRaw(PATIENCE), value);
  const error = await failure<DeserializationError>("receiveRaw()", client.receiveRaw(PATIENCE));
  assert.equal([error.code, error.rawLine], [REFUSED, "junk"]);
});

raw.run();

const turns = suite("a turn with junk in it");

turns("tells onFault of each line and goes on; receive() sees none of them", async () => {
  const faults: ClaudeError[] = [];
  const junk = ["Warning: update available", "null", '{"no":"type"}', "{"];
  const script = [init(), ...junk.map((line) => emit(`${line}\n`)), assistant("answer"), result()];
  await using client = await open([onUser(script)], { onFault: (fault) => faults.push(fault) });
  const types = (await client.query("x", PATIENCE)).map(({ type }) => type);
  assert.equal(types, ["system", "assistant", "result"]);
  assert.equal(
    faults.map((fault) => [fault.code, (fault as DeserializationError).rawLine]),
    junk.map((line) => [REFUSED, line]),
  );
  assert.is(client.stats().malformedFrames, junk.length);
  assert.is((await failure("receive()", client.receive({ timeoutMs: 100 }))).code, "TIMEOUT");
});

turns("whose onFault throws does not keep later turns from running", async () => {
  const script = [init(), emit("junk\n"), assistant("one"), result()];
  await using client = await open([onUser(script, turn("two"))], {
    onFault: () => {
      throw new Error("a fault of the host's own");
    },
  });
  await client.query("first").catch(() => {});
  const messages = await client.query("second", { timeoutMs: 5_000 });
  assert.is((messages.at(-1) as { result?: unknown }).result, "two");
});

turns("thousands of junk lines hide no message", async () => {
  const noise = Array.from({ length: 5_000 }, (_, at) =>
    at % 10 === 0 ? `{"type":"n","at":${at}}` : `junk ${at}`,
  );
  await using client = await open([emit(`${noise.join("\n")}\n`)]);
  const entries = await receive(client, noise.length);
  const expected = noise.map((_, at) => (at % 10 === 0 ? { type: "n", at } : REFUSED));
  assert.equal(entries, expected);
});

turns.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
