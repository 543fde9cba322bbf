import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type AsyncClient,
  type ClaudeOutput,
  type ClientOptions,
  permission,
  type ToolApproval,
  type ToolPermissionRequest,
} from "../../../src/index.js";
import {
  type CliScript,
  type CliStep,
  echoStdin,
  emit,
  exit,
  flood,
  onUser,
  sleep as pause,
  requestPermission,
  turn,
} from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  inTime,
  open,
  PATIENCE_MS,
  receiveToEnd,
  until,
  user,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

/** A permission request with an id of our choice. */
const ask = (requestId: string, input: Record<string, unknown> = {}): CliStep =>
  emit({
    type: "control_request",
    request_id: requestId,
    request: { subtype: "can_use_tool", tool_name: "Bash", input },
  });

const withdraw = (requestId: string): CliStep =>
  emit({ type: "control_cancel_request", request_id: requestId });

interface Call {
  readonly request: ToolPermissionRequest;
  readonly signal: AbortSignal;
  decide(decision: ToolApproval): void;
}

/** A client whose approval handler keeps its calls for the test to decide. */
async function openAsking(script: CliScript, options: ClientOptions = {}) {
  const calls: Call[] = [];
  const client = await open(script, {
    ...options,
    onToolApproval: (request, { signal }) =>
      new Promise<ToolApproval>((decide) => {
        calls.push({ request, signal, decide });
      }),
  });
  return { client, calls };
}

/** The control responses that the child has seen, up to a frame of type `end`; other messages are left out. */
async function answersSeen(client: AsyncClient): Promise<{ request_id: string; behavior: unknown }[]> {
  const seen: { request_id: string; behavior: unknown }[] = [];
  for (;;) {
    const message: ClaudeOutput & { line?: unknown } = await client.receive(PATIENCE);
    if (String(message.type) === "end") return seen;
    if (typeof message.line !== "string") continue;
    const { response } = JSON.parse(message.line);
    if (response !== undefined)
      seen.push({ request_id: response.request_id, behavior: response.response?.behavior });
  }
}

const withdrawn = suite("a permission request that the CLI withdraws");

withdrawn("aborts the handler's signal, and its late answer is not sent", async () => {
  const script = [
    echoStdin(),
    ask("r1"),
    ask("r2"),
    pause(200),
    withdraw("r1"),
    pause(400),
    emit({ type: "end" }),
  ];
  const { client, calls } = await openAsking(script);
  await using _ = client;
  await until("both requests", () => calls.length === 2);
  const [first, second] = calls;
  await until("the abort", () => first?.signal.aborted);
  assert.not.ok(second?.signal.aborted);
  first?.decide({ behavior: "allow" });
  second?.decide({ behavior: "allow" });
  assert.equal(await answersSeen(client), [{ request_id: "r2", behavior: "allow" }]);
});

withdrawn("twice, or unknown, does no harm", async () => {
  const script = [
    ...[ask("r1"), pause(50), withdraw("r1"), withdraw("r1"), withdraw("unknown")],
    ...[ask("r2"), pause(50), emit({ type: "end" })],
  ];
  const { client, calls } = await openAsking(script);
  await using _ = client;
  await until("both requests", () => calls.length === 2);
  assert.ok(calls[0]?.signal.aborted);
  assert.not.ok(calls[1]?.signal.aborted);
});

withdrawn("by an interrupted turn ends the handler and the turn", async () => {
  const { client, calls } = await openAsking([onUser(turn(requestPermission("Bash", { command: "ls" })))]);
  await using _ = client;
  const query = client.query("x", PATIENCE);
  await until("the request", () => calls.length === 1);
  await client.interrupt(PATIENCE);
  const messages = await query;
  assert.is((messages.at(-1) as { subtype?: unknown }).subtype, "error_during_execution");
  assert.ok(calls[0]?.signal.aborted);
});

withdrawn("by the end of the session aborts every handler", async () => {
  const { client, calls } = await openAsking([ask("r1"), ask("r2")]);
  await until("both requests", () => calls.length === 2);
  await client.shutdown();
  await until("the aborts", () => calls.every(({ signal }) => signal.aborted));
  for (const { decide } of calls) decide({ behavior: "allow" });
  await sleep(50);
});

withdrawn("under an id that was used twice aborts both handlers, and sends neither answer", async () => {
  const script = [
    echoStdin(),
    ask("r1"),
    ask("r1"),
    pause(300),
    withdraw("r1"),
    pause(400),
    emit({ type: "end" }),
  ];
  const { client, calls } = await openAsking(script);
  await using _ = client;
  await until("a request", () => calls.length > 0);
  await until("the abort", () => calls.some(({ signal }) => signal.aborted));
  const stillRunning = calls.filter(({ signal }) => !signal.aborted).length;
  for (const { decide } of calls) decide({ behavior: "allow" });
  const answers = await answersSeen(client);
  assert.equal([stillRunning, answers], [0, []]);
});

withdrawn.run();

const answered = suite("the answer to a permission request");

answered("goes out while messages lie unread, and while nobody reads at all", async () => {
  const asking = turn(requestPermission("Bash", { command: "ls" }));
  const script = [onUser([flood({ count: 5_000, bytes: 1_000 }), asking, exit(0)])];
  await using client = await open(script, { onToolApproval: (request) => permission.allow(request) });
  await client.send(user("x"));
  // Without an answer the child would not come to its end.
  assert.equal(await inTime("exited", client.exited), { exitCode: 0, signal: null });
  assert.ok(client.stats().bytesUnread > 5_000_000);
  const { entries } = await receiveToEnd(client);
  const types = entries.slice(5_000).map((entry) => (typeof entry === "string" ? entry : entry.type));
  assert.equal(types, ["system", "assistant", "user", "result"]);
});

answered("goes out while a query runs whose stream is not read", async () => {
  const { client, calls } = await openAsking([onUser(turn(requestPermission("Bash", {}), "after"))]);
  await using _ = client;
  const stream = await client.queryStream("x", PATIENCE);
  await until("the request", () => calls.length === 1);
  const [call] = calls;
  if (call !== undefined) call.decide(permission.deny(call.request, "not now"));
  await until("the rest of the turn", () => client.stats().framesReceived >= 6);
  assert.match(JSON.stringify(await stream.collect()), "not now");
});

answered("under an id that was used twice does not end the handlers' bookkeeping", async () => {
  const script = [
    echoStdin(),
    ask("r1"),
    ask("r1"),
    pause(300),
    ask("r2"),
    pause(300),
    emit({ type: "end" }),
  ];
  const { client, calls } = await openAsking(script);
  await using _ = client;
  await until("the last request", () => calls.some(({ request }) => request.request_id === "r2"));
  for (const { decide } of calls) decide({ behavior: "allow" });
  const answers = await answersSeen(client);
  assert.ok(answers.some(({ request_id }) => request_id === "r1"));
  assert.ok(answers.some(({ request_id }) => request_id === "r2"));
});

/** Whatever goes wrong in the handler, the CLI must not wait for ever. */
const HANDLERS: Readonly<Record<string, () => unknown>> = {
  "throws at once": () => {
    throw new Error("handler fault");
  },
  "rejects later": async () => {
    await sleep(20);
    throw new Error("handler fault");
  },
  "throws what is no error": () => Promise.reject("handler fault"),
  "decides nothing": () => undefined,
  "gives null": () => null,
  "gives a word": () => "allow",
  "gives an object that is no decision": () => ({ allow: true }),
  "gives an unknown behavior": () => ({ behavior: "maybe" }),
  "gives what JSON cannot hold": () => ({ behavior: "allow", updatedInput: { size: 1n } }),
  "gives a circle": () => {
    const circle: Record<string, unknown> = { behavior: "allow" };
    circle.updatedInput = circle;
    return circle;
  },
};

for (const [name, handler] of Object.entries(HANDLERS)) {
  answered(`of a handler that ${name} is a denial, and the turn goes on`, async () => {
    await using client = await open([onUser(turn(requestPermission("Bash", {}), "after"))], {
      onToolApproval: () => handler() as ToolApproval,
    });
    const messages = await client.query("x", { timeoutMs: 3_000 });
    const result = messages.at(-1) as { permission_denials?: unknown[]; result?: unknown };
    assert.is(result.result, "after");
    assert.is(result.permission_denials?.length, 1);
  });
}

answered("of a handler that takes its time holds up nothing else", async () => {
  const { client, calls } = await openAsking([ask("slow"), onUser(turn("meanwhile"))]);
  await using _ = client;
  await until("the request", () => calls.length === 1);
  assert.is((await client.query("x", PATIENCE)).length, 3);
  assert.ok((await client.interrupt(PATIENCE)) !== undefined);
  assert.not.ok(calls[0]?.signal.aborted);
});

const LARGE_INPUTS: Readonly<Record<string, Record<string, unknown>>> = {
  "with long values": {
    text: "größe 🚀".repeat(100_000),
    list: Array.from({ length: 20_000 }, (_, at) => at),
  },
  "of many values": Object.fromEntries(Array.from({ length: 5_000 }, (_, at) => [`key ${at}`, at])),
};

for (const [name, input] of Object.entries(LARGE_INPUTS)) {
  answered(`to one with a large input ${name}: the handler has it whole, once it looks`, async () => {
    const { client, calls } = await openAsking([onUser(turn(requestPermission("Write", input)))]);
    await using _ = client;
    const query = client.query("x", PATIENCE);
    await until("the request", () => calls.length === 1);
    const [call] = calls;
    if (call === undefined) return;
    const unread = Object.getOwnPropertyDescriptor(call.request, "input");
    if (name === "of many values") assert.type(unread?.get, "function", "not parsed before it is looked at");
    assert.ok(JSON.stringify(call.request.input) === JSON.stringify(input));
    call.decide(permission.allow(call.request));
    assert.ok(JSON.stringify(await query).includes(JSON.stringify(JSON.stringify(input)).slice(1, 1_000)));
  });
}

answered.run();

const unhandled = suite("permission requests without a handler");

unhandled("are messages, and a plain query() denies them", async () => {
  await using client = await open([
    ask("r1"),
    echoStdin(),
    onUser(turn(requestPermission("Bash", {}), "after")),
  ]);
  const message = await client.receive(PATIENCE);
  assert.equal([message.type, message.request_id], ["control_request", "r1"]);
  await client.sendControlResponse({ subtype: "success", request_id: "r1", response: { behavior: "allow" } });
  const echoed = await client.receive(PATIENCE);
  assert.match(String(echoed.line), '"request_id":"r1"');
  const messages = await client.query("x", PATIENCE);
  assert.is((messages.at(-1) as { permission_denials?: unknown[] }).permission_denials?.length, 1);
});

unhandled("that are withdrawn are told by a message too", async () => {
  await using client = await open([ask("r1"), withdraw("r1")]);
  assert.is((await client.receive(PATIENCE)).type, "control_request");
  assert.equal(await client.receive(PATIENCE), { type: "control_cancel_request", request_id: "r1" });
});

unhandled.run();

const afterwards = suite("afterwards");
afterwards("nothing runs any more", assertNothingRuns);
afterwards.run();
