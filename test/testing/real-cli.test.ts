import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  apiError,
  dropConnection,
  hang,
  type ModelScript,
  offlineEnv,
  promptOf,
  reply,
  startScriptedModel,
  stepOf,
  text,
  thinking,
  toolResultsOf,
  toolUse,
} from "../../src/testing/index.js";
import { ChildRun, control, kindsOf, realCli, type SeenFrame, user } from "./child-run.js";

const FLAGS = ["--print", "--verbose", "--output-format=stream-json", "--input-format=stream-json"];

async function withCli(
  script: ModelScript,
  flags: readonly string[],
  use: (cli: ChildRun, model: Awaited<ReturnType<typeof startScriptedModel>>) => Promise<void>,
): Promise<void> {
  await using model = await startScriptedModel(script);
  await using offline = offlineEnv({ model });
  await using cli = new ChildRun({
    command: realCli(),
    args: [...FLAGS, ...flags],
    env: offline.env,
    cwd: offline.cwd,
  });
  await use(cli, model);
}

const isResult = (frame: SeenFrame) => frame.type === "result";

const cli = suite("the scripted model and the real CLI");

cli("two turns: answers and requests come in order, and nothing else is asked", async () => {
  await withCli(["first answer", "second answer"], [], async (child, model) => {
    child.send(user("a prompt"));
    const first = await child.frame(isResult);
    child.send(user("another prompt"));
    assert.equal(await child.end(), { exitCode: 0, signal: null });
    const results = child.frames.filter(isResult).map((frame) => frame.result);
    assert.equal(results, ["first answer", "second answer"]);
    assert.is(first.num_turns, 1);
    assert.equal(
      model.requests.map((request) => [request.kind, promptOf(request), stepOf(request)]),
      [
        ["main", "a prompt", 0],
        ["main", "another prompt", 0],
      ],
    );
    assert.match(JSON.stringify(model.requests[1]?.body.messages), "first answer");
    assert.not.match(JSON.stringify(model.requests), "sk-offline-dummy");
  });
});

cli("a tool is run for real, and its result comes back", async () => {
  const call = toolUse("Bash", { command: "echo real-$((40 + 2))", description: "count" });
  const script = [{ when: "run it", reply: [reply([text("Let me look."), call]), "done"] }];
  await withCli(script, ["--allowed-tools=Bash"], async (child, model) => {
    child.send(user("run it"));
    await child.end();
    assert.is(child.frames.find(isResult)?.result, "done");
    const [, second] = model.mainRequests;
    assert.equal(second && toolResultsOf(second), ["real-42"]);
    assert.is(second && promptOf(second), "run it");
  });
});

cli("thinking and stream chunks arrive as they were scripted", async () => {
  const answer = reply([thinking("let me see"), text("a long answer in pieces", { chunkSize: 4 })]);
  await withCli([answer], ["--include-partial-messages"], async (child) => {
    child.send(user("think"));
    await child.end();
    const deltas = child.frames.flatMap((frame) => {
      const event = frame.event as { delta?: { type?: string; text?: string } } | undefined;
      return event?.delta?.type === "text_delta" ? [event.delta.text] : [];
    });
    assert.equal(deltas, ["a lo", "ng a", "nswe", "r in", " pie", "ces"]);
    assert.ok(child.frames.some((frame) => JSON.stringify(frame).includes('"thinking":"let me see"')));
  });
});

// Two at a time: the CLI's own pause doubles with each retry.
const RETRIED: readonly [string, ModelScript, unknown[]][] = [
  ["429 and 529", [apiError(429, { retryAfterSeconds: 1 }), apiError(529), "finally"], [429, 529]],
  ["500 and a cut connection", [apiError(500), dropConnection({ afterEvents: 2 }), "finally"], [500, null]],
];
for (const [name, script, statuses] of RETRIED) {
  cli(`${name} are retried, each with the next reply`, async () => {
    await withCli(script, [], async (child, model) => {
      child.send(user("try hard"));
      await child.end();
      assert.is(child.frames.find(isResult)?.result, "finally");
      const retries = child.frames.filter((frame) => frame.subtype === "api_retry");
      assert.equal(
        retries.map((frame) => frame.error_status),
        statuses,
      );
      assert.is(model.mainRequests.length, 3);
    });
  });
}

cli("a script that has run out ends the turn with an error instead of hanging", async () => {
  await withCli([], [], async (child) => {
    child.send(user("anybody there?"));
    const { exitCode } = await child.end();
    assert.is(exitCode, 1);
    const result = child.frames.find(isResult);
    assert.is(result?.is_error, true);
    assert.match(String(result?.result), "the script has no reply 1");
  });
});

cli("a request that hangs can be interrupted", async () => {
  await withCli([hang(), "after"], [], async (child, model) => {
    child.send(user("hang"));
    await model.waitForRequest(1);
    child.send(control("interrupt"));
    const broken = await child.frame(isResult);
    assert.is(broken.subtype, "error_during_execution");
    child.send(user("again"));
    const next = await model.waitForRequest(2);
    assert.is(promptOf(next), "again");
    await child.end();
  });
});

cli("compaction takes a reply, token counts do not; after /clear the prompt is found", async () => {
  const script = ["one", "<summary>short</summary>", "after"];
  await withCli(script, [], async (child, model) => {
    for (const prompt of ["remember", "/compact", "/context", "/clear", "the last"]) {
      const results = child.frames.filter(isResult).length;
      child.send(user(prompt));
      await child.frame((frame) => child.frames.filter(isResult).length > results && isResult(frame));
    }
    await child.end();
    assert.is(child.frames.findLast(isResult)?.result, "after");
    assert.is(model.mainRequests.length, 3);
    assert.equal(model.mainRequests.slice(2).map(promptOf), ["the last"]);
    assert.ok(model.requests.some((request) => request.kind === "count_tokens"));
  });
});

cli("a web search and a session title are helper requests", async () => {
  const script = [toolUse("WebSearch", { query: "abc" }), "found"];
  await withCli(script, ["--allowed-tools=WebSearch"], async (child, model) => {
    child.send(user("search"));
    await child.end();
    assert.is(child.frames.find(isResult)?.result, "found");
    assert.equal(
      model.requests.map((request) => request.kind),
      ["main", "side", "main"],
    );
  });
});

cli("a subagent's requests can be told apart", async () => {
  const call = toolUse("Agent", {
    description: "d",
    prompt: "the sub task",
    subagent_type: "general-purpose",
  });
  const script: ModelScript = [
    { when: (request) => request.agentId !== undefined, reply: "sub answer" },
    { when: "", reply: (request) => (stepOf(request) === 0 ? call : "main answer") },
  ];
  await withCli(script, [], async (child, model) => {
    child.send(user("delegate"));
    await child.end();
    const sub = model.mainRequests.filter((request) => request.agentId !== undefined);
    assert.equal(sub.map(promptOf), ["the sub task"]);
    assert.match(JSON.stringify(model.requests), "sub answer");
  });
});

cli("nothing is left behind", async () => {
  const before = new Set(readdirSync(tmpdir()));
  let home = "";
  await using model = await startScriptedModel("ok");
  {
    await using offline = offlineEnv({ model });
    home = offline.home;
    await using child = new ChildRun({ command: realCli(), args: FLAGS, env: offline.env, cwd: offline.cwd });
    child.send(user("hello"));
    await child.end();
    assert.equal(kindsOf(child.frames), ["system/init", "assistant", "result/success"]);
    assert.ok(readdirSync(home, { recursive: true }).some((name) => String(name).endsWith(".jsonl")));
  }
  assert.not(existsSync(home));
  const ours = readdirSync(tmpdir()).filter((name) => !before.has(name) && /^(claude|cc-)/.test(name));
  assert.equal(ours, []);
});

cli.run();
