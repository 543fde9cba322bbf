import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import type { InvalidStateError, StructuredOutputError } from "../../../src/errors.js";
import { isAssistant, type PartialMessage } from "../../../src/protocol/index.js";
import { dropConnection, promptOf, reply, text, thinking, toolUse } from "../../../src/testing/index.js";
import { assertNothingLeft, startRealCli } from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import { assertUndisturbed, bash, ECHO, endlessText } from "./turns.js";

const comforts = suite("text, snapshots, values and totals on the real CLI");

comforts("textDeltas() gives each text once, with partial messages and without", async () => {
  await using cli = await startRealCli([
    {
      when: "work",
      reply: [reply(["Let me look.", bash("true")], { chunkSize: 4 }), text("There. 🙂", { chunkSize: 4 })],
    },
    { when: "endless", reply: endlessText() },
    ECHO,
  ]);
  const whole = await cli.open({ launch: (builder) => builder.allowedTools("Bash") });
  const partial = await cli.open({
    launch: (builder) => builder.allowedTools("Bash").includePartialMessages(),
  });
  for (const [client, least] of [
    [whole, 2],
    [partial, 5],
  ] as const) {
    const pieces: string[] = [];
    for await (const piece of (await client.queryStream("work")).textDeltas()) pieces.push(piece);
    assert.is(pieces.join(""), "Let me look.\n\nThere. 🙂");
    assert.ok(pieces.length >= least, `${pieces.length} pieces`);
  }
  let context = "";
  for await (const piece of (await partial.queryStream("/context")).textDeltas()) context += piece;
  assert.match(context, "Context Usage");
  for await (const piece of (await partial.queryStream("endless")).textDeltas()) {
    if (piece !== "") break;
  }
  await assertUndisturbed(partial, "after leaving");
});

comforts("textDeltas() says an answer that is cut off and given again once", async () => {
  const answer = text("Hello world, how are you?", { chunkSize: 4, delayMs: 50 });
  let asked = 0;
  await using cli = await startRealCli(() =>
    asked++ === 0 ? dropConnection({ reply: answer, afterEvents: 6 }) : answer,
  );
  const client = await cli.open({ launch: (builder) => builder.includePartialMessages() });
  let said = "";
  for await (const piece of (await client.queryStream("hi")).textDeltas()) said += piece;
  assert.is(said, "Hello world, how are you?");
  assert.is(cli.model.mainRequests.length, 2);
});

comforts("snapshots() end as the assistant messages", async () => {
  await using cli = await startRealCli([
    {
      when: "work",
      reply: [
        reply([thinking("Hm."), "Let me look.", bash("echo 'a \"b\"'")], { chunkSize: 3 }),
        text("There.", { chunkSize: 2 }),
      ],
    },
  ]);
  for (const partial of [true, false]) {
    const client = await cli.open({
      launch: (builder) => builder.allowedTools("Bash").includePartialMessages(partial),
    });
    const stream = await client.queryStream("work");
    const frames: unknown[] = [];
    // The same messages for both: what the stream gives, seen on its way.
    const next = stream.next.bind(stream);
    stream.next = async () => {
      const step = await next();
      if (step.done !== true) frames.push(step.value);
      return step;
    };
    const last = new Map<string, PartialMessage>();
    let states = 0;
    for await (const state of stream.snapshots()) {
      states += 1;
      last.set(state.id, state);
    }
    const content = frames.filter(isAssistant).map(({ message }) => message);
    assert.is(last.size, 2);
    for (const [id, state] of last) {
      assert.equal(
        state.content,
        content.filter((message) => message.id === id).flatMap((message) => message.content as unknown[]),
      );
      assert.ok(!partial || state.finished, "finished");
    }
    assert.ok(states >= (partial ? 15 : 3), `${states} states`);
  }
});

/** JSON Schema has no words for the check, so the CLI lets it pass. */
const Name = v.pipe(
  v.string(),
  v.check((name) => name.length <= 8, "too long a name"),
);
const City = v.object({ name: Name, people: v.number() });

comforts("query() with a schema gives its value, or says what is wrong", async () => {
  await using cli = await startRealCli((request) => {
    const tool = request.body.tools?.find(({ name }) => name === "StructuredOutput");
    const asked = promptOf(request);
    if (tool === undefined) return `no schema: ${asked}`;
    if (asked.includes("long name")) return toolUse("StructuredOutput", { name: "Llanfairpwll", people: 1 });
    if (asked.includes("nonsense")) return toolUse("StructuredOutput", { nonsense: true });
    return toolUse("StructuredOutput", { name: "Rome", people: 2_800_000 });
  });
  const client = await cli.open();
  const asked = await Promise.all([
    client.query("a city", { schema: City }),
    client.query("another city", { schema: { schema: City, jsonSchema: jsonSchemaOfCity } }),
  ]);
  assert.equal(
    asked.map(({ value }) => value),
    [
      { name: "Rome", people: 2_800_000 },
      { name: "Rome", people: 2_800_000 },
    ],
  );
  assert.is(asked[0]?.result, asked[0]?.messages.at(-1));
  const refused = await rejects<StructuredOutputError>(client.query("a long name", { schema: City }));
  assert.is(refused.code, "STRUCTURED_OUTPUT");
  assert.equal(
    refused.issues.map(({ message }) => message),
    ["too long a name"],
  );
  assert.is(refused.result.subtype, "success");
  const none = await rejects<StructuredOutputError>(client.query("nonsense", { schema: City }));
  assert.is(none.code, "STRUCTURED_OUTPUT");
  assert.is(none.result.subtype, "error_max_structured_output_retries");
  assert.match(none.message, "required property");
  const other = await rejects<InvalidStateError>(
    client.query("another schema", { schema: v.object({ other: v.string() }) }),
  );
  assert.is(other.code, "INVALID_STATE");
  assert.equal((await client.query("still there", { schema: City })).value.name, "Rome");
});

const jsonSchemaOfCity = {
  required: ["name", "people"],
  properties: { people: { type: "number" }, name: { type: "string" } },
  type: "object",
} as const;

comforts("a schema comes too late after the first prompt, unless the launch has it", async () => {
  await using cli = await startRealCli((request) =>
    request.body.tools?.some(({ name }) => name === "StructuredOutput")
      ? toolUse("StructuredOutput", { name: "Rome", people: 1 })
      : "plain",
  );
  const late = await cli.open();
  await late.query("plain");
  assert.is((await rejects<InvalidStateError>(late.query("a city", { schema: City }))).code, "INVALID_STATE");
  const launched = await cli.open({ launch: (builder) => builder.jsonSchema(jsonSchemaOfCity) });
  await launched.query("first");
  assert.equal((await launched.query("a city", { schema: City })).value, { name: "Rome", people: 1 });
});

comforts("totals() add up over /clear, an interrupt and a resumed session", async () => {
  const usage = { input_tokens: 100, output_tokens: 10 };
  await using cli = await startRealCli((request) =>
    promptOf(request) === "endless" ? endlessText() : reply(["Yes."], { usage }),
  );
  const client = await cli.open();
  assert.equal(client.totals(), {
    costUsd: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadInputTokens: 0,
    cacheCreationInputTokens: 0,
    turns: 0,
    durationMs: 0,
    models: {},
  });
  await client.query("one");
  await client.query("two");
  const two = client.totals();
  assert.is(two.outputTokens, 20);
  await client.query("/clear");
  await client.query("three");
  const three = client.totals();
  assert.is(three.outputTokens, 30);
  assert.is(three.turns, 4);
  near(three.costUsd, (two.costUsd / 2) * 3);
  const [model] = Object.values(three.models);
  assert.is(model?.outputTokens, 30);
  near(model?.costUsd ?? 0, three.costUsd);
  // Left early: nobody reads its result, and still it counts.
  for await (const _ of await client.queryStream("endless")) break;
  await client.query("four");
  assert.is(client.totals().turns, 6);
  assert.ok(client.totals().outputTokens >= 40);
  const id = client.sessionUuid();
  await client.shutdown();

  const resumed = await cli.open({ launch: (builder) => builder.resume(id) });
  await resumed.query("five");
  assert.is(resumed.totals().outputTokens, 10);
  near(resumed.totals().costUsd, two.costUsd / 2);
});

function near(actual: number, expected: number): void {
  assert.ok(Math.abs(actual - expected) < 1e-6, `${actual} is not about ${expected}`);
}

comforts("leaves no process behind", assertNothingLeft);

comforts.run();
