import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  apiError,
  dropConnection,
  hang,
  type ModelScript,
  promptOf,
  reply,
  type ScriptedModel,
  startScriptedModel,
  text,
  toolUse,
} from "../../src/testing/index.js";
import { rejects } from "../support/rejects.js";

async function post(model: ScriptedModel, body: object, path = "/v1/messages?beta=true"): Promise<Response> {
  return fetch(model.url + path, {
    method: "POST",
    headers: { "x-api-key": "secret", "anthropic-version": "2023-06-01" },
    body: JSON.stringify(body),
  });
}

function asking(prompt: string, more: object = {}) {
  return { model: "m", max_tokens: 100, messages: [{ role: "user", content: prompt }], ...more };
}

async function json<T>(response: Response): Promise<T> {
  const parsed: T = JSON.parse(await response.text());
  return parsed;
}

/** Asks without streaming and tells what was answered: the text, or the error's message. */
async function ask(model: ScriptedModel, prompt: string, more: object = {}): Promise<string> {
  const response = await post(model, asking(prompt, { stream: false, ...more }));
  const answer = await json<{ content?: { text?: string }[]; error?: { message: string } }>(response);
  return answer.error?.message ?? answer.content?.map((block) => block.text).join("|") ?? "";
}

const answers = suite("answers");

answers("streams when the request says so", async () => {
  await using model = await startScriptedModel(["hello"]);
  const response = await post(model, asking("hi", { stream: true }));
  assert.match(response.headers.get("content-type") ?? "", "text/event-stream");
  const body = await response.text();
  assert.match(body, /^event: message_start\n/);
  assert.match(body, '"text":"hello"');
  assert.match(body, /event: message_stop\ndata: .*\n\n$/);
});

answers("is one JSON object otherwise", async () => {
  await using model = await startScriptedModel([reply(["a", toolUse("Bash", { command: "ls" })])]);
  const response = await post(model, asking("hi", { stream: false }));
  const message = await json<{ stop_reason: string; content: { type: string }[] }>(response);
  assert.is(message.stop_reason, "tool_use");
  assert.equal(
    message.content.map((block) => block.type),
    ["text", "tool_use"],
  );
});

answers("counts tokens, and answers {} to anything else", async () => {
  await using model = await startScriptedModel([]);
  const counted = await json<{ input_tokens: number }>(
    await post(model, asking("x".repeat(400)), "/v1/messages/count_tokens?beta=true"),
  );
  assert.ok(counted.input_tokens >= 100);
  for (const [method, path] of [
    ["GET", "/v1/models"],
    ["HEAD", "/"],
    ["POST", "/api/event_logging/batch"],
  ] as const) {
    const response = await fetch(model.url + path, { method });
    assert.is(response.status, 200);
    if (method !== "HEAD") assert.equal(await response.json(), {});
  }
  assert.equal(
    model.requests.map((request) => request.kind),
    ["count_tokens", "other", "other", "other"],
  );
});

answers("survives a body that is no JSON", async () => {
  await using model = await startScriptedModel(["fine"]);
  const response = await fetch(`${model.url}/v1/messages`, { method: "POST", body: "{nonsense" });
  assert.is(response.status, 200);
  assert.equal(model.requests[0]?.body.messages, []);
});

answers.run();

const scripts = suite("scripts");

scripts("a list is taken in order, and its end is an error that says so", async () => {
  await using model = await startScriptedModel(["one", text("two")]);
  assert.is(await ask(model, "a"), "one");
  assert.is(await ask(model, "b"), "two");
  const response = await post(model, asking("c"));
  assert.is(response.status, 400);
  const { error } = await json<{ error: { type: string; message: string } }>(response);
  assert.is(error.type, "invalid_request_error");
  assert.match(error.message, "no reply 3");
});

const FORMS: readonly [string, ModelScript, string][] = [
  ["a string answers everything", "always", "always"],
  ["a block answers everything", text("always"), "always"],
  ["a function answers", (request) => `you said ${promptOf(request)}`, "you said ping"],
  ["a promise answers", async () => "later", "later"],
  ["a rule by text", [{ when: "pin", reply: "found" }], "found"],
  ["a rule by expression, also a sticky one", [{ when: /PING/gi, reply: "found" }], "found"],
  ["a rule by predicate", [{ when: (request) => request.body.model === "m", reply: "found" }], "found"],
  ["a rule that computes", [{ when: "", reply: (request) => promptOf(request).toUpperCase() }], "PING"],
  [
    "the first rule that fits",
    [
      { when: "zzz", reply: "no" },
      { when: "", reply: "yes" },
      { when: "", reply: "no" },
    ],
    "yes",
  ],
  ["no rule fits", [{ when: "zzz", reply: "no" }], 'scripted model: no rule matches the prompt "ping"'],
  [
    "a function that throws",
    () => {
      throw new Error("boom");
    },
    "scripted model: the script threw: boom",
  ],
];
for (const [name, script, expected] of FORMS) {
  scripts(name, async () => {
    await using model = await startScriptedModel(script);
    assert.is(await ask(model, "ping"), expected);
    assert.is(await ask(model, "ping"), expected);
  });
}

scripts(
  "a rule's list goes by the step within the turn, so that conversations do not disturb each other",
  async () => {
    await using model = await startScriptedModel([{ when: "job", reply: [toolUse("T", {}), "done"] }]);
    const messages = [
      { role: "user", content: "job 1" },
      { role: "assistant", content: [{ type: "tool_use", id: "t", name: "T", input: {} }] },
      { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "ok" }] },
    ];
    for (const again of [1, 2]) {
      assert.is(await ask(model, `job ${again}`), "");
      assert.is(await ask(model, "", { messages }), "done");
    }
  },
);

scripts("replies and rules do not mix", async () => {
  const mixture: ModelScript = ["a", { when: "b", reply: "c" }] as unknown as ModelScript;
  const error = await rejects(startScriptedModel(mixture));
  assert.is(error.code, "INVALID_ARGUMENT");
});

scripts("helper requests of the CLI take nothing from the script", async () => {
  await using model = await startScriptedModel(["main"], { sideReply: "side" });
  const format = { type: "json_schema", schema: { type: "object" } };
  assert.is(await ask(model, "quota", { max_tokens: 1 }), "side");
  assert.is(await ask(model, "a title", { tools: [], output_config: { format } }), "side");
  assert.is(
    await ask(model, "search", { tools: [{ type: "web_search_20250305", name: "web_search" }] }),
    "side",
  );
  assert.is(await ask(model, "[SUGGESTION MODE: Suggest what comes next.]\n"), "side");
  assert.is(
    await ask(model, "hello", { tools: [{ name: "Bash" }], output_config: { effort: "low" } }),
    "main",
  );
  assert.equal(
    model.requests.map((request) => request.kind),
    ["side", "side", "side", "side", "main"],
  );
  assert.is(model.mainRequests.length, 1);
});

scripts.run();

const faults = suite("faults");

faults("apiError has the status, the wire's type and the headers", async () => {
  await using model = await startScriptedModel([
    apiError(429, { retryAfterSeconds: 3 }),
    apiError(529),
    apiError(500, { message: "broken", headers: { "x-should-retry": "false" } }),
  ]);
  const seen: unknown[] = [];
  for (const header of ["retry-after", "retry-after", "x-should-retry"]) {
    const response = await post(model, asking("x"));
    const { error } = await json<{ error: { type: string; message: string } }>(response);
    seen.push([response.status, error.type, error.message, response.headers.get(header)]);
  }
  assert.equal(seen, [
    [429, "rate_limit_error", "scripted error 429", "3"],
    [529, "overloaded_error", "scripted error 529", null],
    [500, "api_error", "broken", "false"],
  ]);
  assert.throws(() => apiError(200), /400 to 599/);
});

faults("dropConnection destroys the connection where it is told to", async () => {
  const long = text("x".repeat(1_000), { chunkSize: 100 });
  await using model = await startScriptedModel([
    dropConnection(),
    dropConnection({ afterEvents: 0 }),
    dropConnection({ afterEvents: 3, reply: long }),
    dropConnection({ afterBytes: 700, reply: long }),
  ]);
  await rejects(post(model, asking("x", { stream: true })));
  const received: string[] = [];
  for (let reply = 0; reply < 3; reply += 1) {
    const response = await post(model, asking("x", { stream: true }));
    let body = "";
    const decoder = new TextDecoder();
    await rejects(
      (async () => {
        for await (const chunk of response.body ?? []) body += decoder.decode(chunk);
      })(),
    );
    received.push(body);
  }
  assert.is(received[0], "");
  assert.is(received[1]?.match(/^event: /gm)?.length, 3);
  assert.is(received[2]?.length, 700);
  assert.throws(() => dropConnection({ reply: hang() }), /text or message/);
});

faults("close ends what hangs, what is delayed and what streams", async () => {
  const slow = text("x".repeat(100), { chunkSize: 1, delayMs: 1_000 });
  const model = await startScriptedModel([hang(), reply(["late"], { delayMs: 60_000 }), slow]);
  const open = [1, 2, 3].map(async () => (await post(model, asking("x", { stream: true }))).text());
  const failures = open.map((request) => rejects(request));
  await model.waitForRequest(3);
  await Promise.all([model.close(), model.close()]);
  await model.close();
  await Promise.all(failures);
  await rejects(fetch(model.url));
});

faults("a client that leaves in the middle disturbs nobody", async () => {
  const endless = text("x".repeat(4_000_000), { chunkSize: 1_000 });
  await using model = await startScriptedModel([endless, "next"]);
  const leaving = new AbortController();
  const response = await fetch(`${model.url}/v1/messages`, {
    method: "POST",
    body: JSON.stringify(asking("x", { stream: true })),
    signal: leaving.signal,
  });
  assert.is(response.status, 200);
  leaving.abort();
  assert.is(await ask(model, "y"), "next");
});

faults.run();

const seen = suite("requests");

seen("are kept in order, without credentials", async () => {
  await using model = await startScriptedModel("ok");
  await ask(model, "one");
  await ask(model, "two");
  assert.equal(model.requests.map(promptOf), ["one", "two"]);
  const [first] = model.requests;
  assert.is(first?.method, "POST");
  assert.is(first?.path, "/v1/messages?beta=true");
  assert.is(first?.headers["anthropic-version"], "2023-06-01");
  assert.not.match(JSON.stringify(first), "secret");
});

seen("can be waited for by number and by predicate, before and after they come", async () => {
  await using model = await startScriptedModel("ok");
  const second = model.waitForRequest(2);
  const blue = model.waitForRequest((request) => promptOf(request).includes("blue"));
  await ask(model, "a red one");
  await ask(model, "a blue one");
  assert.is(promptOf(await second), "a blue one");
  assert.is(await blue, await second);
  assert.is(promptOf(await model.waitForRequest(1)), "a red one");
});

seen("that do not come end in a typed error", async () => {
  const model = await startScriptedModel("ok");
  const late = await rejects(model.waitForRequest(1, { timeoutMs: 20 }));
  assert.is(late.code, "TIMEOUT");
  const waiting = rejects(model.waitForRequest(1));
  await model.close();
  assert.is((await waiting).code, "INVALID_STATE");
  assert.is((await rejects(model.waitForRequest(1))).code, "INVALID_STATE");
});

seen("a predicate that throws reaches the one who waits, and the model goes on", async () => {
  await using model = await startScriptedModel("ok");
  const waiting = rejects(
    model.waitForRequest(() => {
      throw new Error("bad predicate");
    }),
  );
  assert.is(await ask(model, "x"), "ok");
  assert.match((await waiting).message, "bad predicate");
});

seen.run();
