import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import type {
  ConnectionClosedError,
  ControlRequestError,
  DeserializationError,
} from "../../../src/errors.js";
import {
  type CliScript,
  controlError,
  echoStdin,
  emit,
  exit,
  onControl,
  onPrompt,
  silence,
  turn,
} from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  failure,
  failureCode,
  inTime,
  nodeProgram,
  open,
  openSpec,
  PATIENCE_MS,
  until,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

/** One call of each kind. */
const CALLS: Readonly<Record<string, (client: AsyncClient, options: object) => Promise<unknown>>> = {
  "setModel()": (client, options) => client.setModel("m", options),
  "contextUsage()": (client, options) => client.contextUsage({ detail: "summary", ...options }),
  "mcp.status()": (client, options) => client.mcp.status(options),
  "mcp.call()": (client, options) => client.mcp.call("t", {}, options),
  "tasks.output()": (client, options) => client.tasks.output("t", options),
  "files.read()": (client, options) => client.files.read("f", options),
  "settings.apply()": (client, options) => client.settings.apply({}, options),
  "reload.skills()": (client, options) => client.reload.skills(options),
  "supportedModels()": (client, options) => client.supportedModels(options),
  "endSession()": (client, options) => client.endSession(options),
  "request()": (client, options) => client.request("of_tomorrow", {}, options),
};

/** Subtypes of the control frames that the child has read, as it tells them. */
async function readByChild(client: AsyncClient, count: number): Promise<string[]> {
  const seen: string[] = [];
  while (seen.length < count) {
    const { line } = (await client.receive(PATIENCE)) as { line?: string };
    const { type } = JSON.parse(line ?? "{}") as { type?: string };
    if (type === "control_cancel_request") seen.push(type);
  }
  return seen;
}

const mute = suite("control requests that are never answered");

mute("end at their deadline, and are withdrawn", async () => {
  await using client = await open([echoStdin(), silence()]);
  for (const [name, call] of Object.entries(CALLS)) {
    assert.is(await failureCode(name, call(client, { timeoutMs: 30 })), "TIMEOUT", name);
  }
  assert.is((await readByChild(client, Object.keys(CALLS).length)).length, Object.keys(CALLS).length);
});

mute("end with their signal, and are withdrawn", async () => {
  await using client = await open([echoStdin(), silence()]);
  const abort = new AbortController();
  const codes = Object.entries(CALLS).map(([name, call]) =>
    failureCode(name, call(client, { signal: abort.signal })),
  );
  await until("the requests", () => client.stats().framesReceived >= codes.length);
  abort.abort(new Error("enough"));
  assert.equal(
    await Promise.all(codes),
    codes.map(() => "ABORTED"),
  );
  await readByChild(client, codes.length);
});

mute("end by the client's own limit, where they name none", async () => {
  await using client = await open([silence()], { requestTimeoutMs: 30 });
  for (const [name, call] of Object.entries(CALLS))
    assert.is(await failureCode(name, call(client, {})), "TIMEOUT");
});

mute("end at once when the child is killed", async () => {
  await using client = await open([silence()]);
  const errors = Object.entries(CALLS)
    .filter(([name]) => name !== "endSession()")
    .map(([name, call]) => failure<ConnectionClosedError>(name, call(client, {})));
  await until("the start", () => client.isAlive());
  process.kill(client.pid() ?? 0, "SIGKILL");
  for (const error of await Promise.all(errors)) {
    assert.equal([error.code, error.signal], ["CONNECTION_CLOSED", "SIGKILL"]);
  }
});

mute("endSession() gives the exit also of a child that goes before it answers", async () => {
  await using client = await open([onControl("end_session", "ignore"), onPrompt("go", exit(3))]);
  const ended = client.endSession(PATIENCE);
  await client.send({ type: "user", message: { role: "user", content: "go" } });
  assert.equal(await inTime("endSession()", ended), { exitCode: 3, signal: null });
});

mute.run();

/** Keeps control requests until there are so many, and answers them in a shuffled order, some twice. */
const SHUFFLER = `
  const waiting = [];
  require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { request_id, request } = JSON.parse(line);
    waiting.push({ request_id, response: { text: request.question } });
    if (waiting.length < 500) return;
    const say = (response) => console.log(JSON.stringify({ type: "control_response", response }));
    say({ subtype: "success", request_id: "of nobody", response: {} });
    waiting.sort((a, b) => (a.request_id < b.request_id ? -1 : 1));
    for (const answer of waiting) {
      say({ subtype: "success", ...answer });
      say({ subtype: "success", ...answer, response: { text: "the second answer" } });
    }
  });`;

const crowd = suite("500 control requests at once");

for (const blocked of [false, true]) {
  const loop = blocked ? "while this thread is blocked" : "while it turns";
  crowd(`each get their own answer, out of order and ${loop}`, async () => {
    await using client = await openSpec(nodeProgram(SHUFFLER));
    const questions = Array.from({ length: 500 }, (_, index) => `question ${index}`);
    const order: number[] = [];
    const answers = questions.map((question, index) =>
      client.request("of_tomorrow", { question }, PATIENCE).finally(() => order.push(index)),
    );
    if (blocked) {
      await until("half of them", () => client.isAlive());
      const end = performance.now() + 1_000;
      while (performance.now() < end);
    }
    const texts = (await inTime("the answers", Promise.all(answers))).map(({ text }) => text);
    assert.equal(texts, questions);
    assert.not.equal(
      order,
      [...order].sort((a, b) => a - b),
      "they came in another order",
    );
  });
}

crowd.run();

const answers = suite("answers to control requests");

/** Answers that lack what the call is to give, or have it in another shape. */
const MISFITS: readonly (readonly [
  name: string,
  script: CliScript,
  call: (client: AsyncClient) => Promise<unknown>,
])[] = [
  ["nothing at all", [onControl("get_session_cost", {})], (client) => client.cost()],
  ["null", [onControl("get_session_cost", { text: null })], (client) => client.cost()],
  ["a number for a text", [onControl("get_session_cost", { text: 7 })], (client) => client.cost()],
  ["an object for a list", [onControl("mcp_status", { mcpServers: {} })], (client) => client.mcp.status()],
  ["a list of odd things", [onControl("reload_skills", { skills: [7] })], (client) => client.reload.skills()],
  ["one field of two", [onControl("read_file", { contents: "x" })], (client) => client.files.read("x")],
  ["no account", [onControl("initialize", { commands: [] })], (client) => client.accountInfo()],
  [
    "a wrong shape by request()",
    [onControl("get_plan", { exists: 1 })],
    (client) => client.request("get_plan"),
  ],
];

for (const [name, script, call] of MISFITS) {
  answers(`${name}: DESERIALIZATION, with the payload; the session goes on`, async () => {
    await using client = await open(script);
    const error = await failure<DeserializationError>(name, call(client));
    assert.is(error.code, "DESERIALIZATION", error.message);
    assert.ok(error.reason.length > 0 && typeof JSON.parse(error.rawLine) === "object");
    assert.is((await client.query("hello", PATIENCE)).length, 3);
  });
}

answers("that are no object are DESERIALIZATION too", async () => {
  const program = `require("node:readline").createInterface({ input: process.stdin }).on("line", (line) => {
    const { request_id } = JSON.parse(line);
    const response = { subtype: "success", request_id, response: [1] };
    console.log(JSON.stringify({ type: "control_response", response }));
  });`;
  await using client = await openSpec(nodeProgram(program));
  assert.is(await failureCode("request()", client.request("of_tomorrow", {}, PATIENCE)), "DESERIALIZATION");
});

answers("that refuse keep their error code; an unknown request says which version knows it", async () => {
  await using client = await open([onControl("stop_task", controlError("no such task", "not_found"))]);
  const refusal = await failure<ControlRequestError>("stop()", client.tasks.stop("t"));
  assert.equal([refusal.code, refusal.errorCode], ["CONTROL_REQUEST_FAILED", "not_found"]);
  const old = await failure<ControlRequestError>("plan()", client.plan());
  assert.is(old.errorCode, "unsupported_request");
  assert.match(old.message, /Version \d+\.\d+\.\d+ answers it: update the CLI/);
  const never = await failure<ControlRequestError>("set_color", client.request("set_color"));
  assert.match(never.message, "does not answer it either");
});

answers("fields that JSON cannot express are refused before anything is sent", async () => {
  await using client = await open([]);
  const circle: Record<string, unknown> = {};
  circle.self = circle;
  for (const value of [1n, circle]) {
    assert.is(await failureCode("request()", client.request("of_tomorrow", { value })), "INVALID_ARGUMENT");
    assert.is(await failureCode("apply()", client.settings.apply({ value })), "INVALID_ARGUMENT");
  }
  assert.is((await client.query("hello", PATIENCE)).length, 3);
});

answers("an odd part of what the CLI tells of itself costs nothing but that part", async () => {
  await using client = await open([onControl("initialize", { models: [{}], commands: [{ name: "good" }] })]);
  await client.enableToolApproval(PATIENCE);
  assert.equal(await client.supportedCommands(PATIENCE), [{ name: "good" }]);
});

answers("request() asks for the fields that a request needs", async () => {
  await using client = await open([onControl("read_file", { contents: "x" })]);
  // @ts-expect-error a path is needed
  await client.request("read_file", {}, PATIENCE);
  // @ts-expect-error a path is a string
  await client.request("read_file", { path: 1 }, PATIENCE);
  const { contents } = await client.request("read_file", { path: "a" }, PATIENCE);
  const text: string | null | undefined = contents;
  assert.is(text, "x");
});

answers("supportedCommands() follows the last commands_changed that was read", async () => {
  const changed = { type: "system", subtype: "commands_changed", commands: [{ name: "new" }] };
  await using client = await open([onPrompt("change", turn(emit(changed), "done"))]);
  const before = await client.supportedCommands(PATIENCE);
  assert.not.ok(before.some(({ name }) => name === "new"));
  await client.query("change", PATIENCE);
  assert.equal(
    (await client.supportedCommands(PATIENCE)).map(({ name }) => name),
    ["new"],
  );
});

answers.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
