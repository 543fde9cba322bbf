import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient } from "../../../src/client/async-client.js";
import type { ClaudeOutput } from "../../../src/protocol/index.js";
import { promptOf } from "../../../src/testing/index.js";
import {
  assertNothingLeft,
  isAlive,
  processRunning,
  type RealCli,
  startRealCli,
  until,
} from "../../support/real-cli.js";
import { rejects } from "../../support/rejects.js";
import {
  assertUndisturbed,
  bash,
  ECHO,
  ENDLESS_COMMAND,
  endlessText,
  FRAMES_PER_TURN,
  receiveRest,
} from "./turns.js";

const leaving = suite("leaving a turn early on the real CLI");

const SCRIPT = [
  { when: "talk for ever", reply: endlessText() },
  { when: "work for ever", reply: [bash(ENDLESS_COMMAND), "never said"] },
  ECHO,
];

async function open(cli: RealCli): Promise<AsyncClient> {
  return cli.open({ launch: (builder) => builder.allowedTools("Bash").includePartialMessages() });
}

/** The next queries must be clean, and nothing of the turn that was left may turn up elsewhere. */
async function assertForgotten(client: AsyncClient): Promise<void> {
  await assertUndisturbed(client, "the next one");
  await assertUndisturbed(client, "and one more");
  assert.equal(await receiveRest(client), []);
}

/** The ways out, each taken at the first piece of the answer; they tell how the stream ended. */
const WAYS: Readonly<Record<string, (client: AsyncClient) => Promise<string | undefined>>> = {
  async break(client) {
    for await (const message of await client.queryStream("talk for ever")) if (isPiece(message)) break;
    return undefined;
  },
  async "a throw in the loop"(client) {
    const thrown = await rejects(
      (async () => {
        for await (const message of await client.queryStream("talk for ever"))
          if (isPiece(message)) throw new Error("enough");
      })(),
    );
    return thrown.message;
  },
  async "return()"(client) {
    const stream = await client.queryStream("talk for ever");
    await readToPiece(stream);
    assert.equal(await stream.return(), { done: true, value: undefined });
    assert.equal(await stream.next(), { done: true, value: undefined });
    return (await rejects(stream.result())).code;
  },
  async "await using"(client) {
    await using stream = await client.queryStream("talk for ever");
    await readToPiece(stream);
    return undefined;
  },
  async AbortSignal(client) {
    const abort = new AbortController();
    const stream = await client.queryStream("talk for ever", { signal: abort.signal });
    await readToPiece(stream);
    abort.abort();
    return (await rejects(stream.collect())).code;
  },
  async timeoutMs(client) {
    const stream = await client.queryStream("talk for ever", { timeoutMs: 700 });
    return (await rejects(stream.collect())).code;
  },
  async "query() with an AbortSignal"(client) {
    const abort = new AbortController();
    const asked = client.query("talk for ever", { signal: abort.signal });
    const before = client.stats().framesReceived;
    await until("pieces", () => client.stats().framesReceived > before + 5);
    abort.abort();
    return (await rejects(asked)).code;
  },
  async "query() with timeoutMs"(client) {
    return (await rejects(client.query("talk for ever", { timeoutMs: 700 }))).code;
  },
};

const OUTCOMES: Readonly<Record<string, string | undefined>> = {
  "a throw in the loop": "enough",
  "return()": "INVALID_STATE",
  AbortSignal: "ABORTED",
  timeoutMs: "TIMEOUT",
  "query() with an AbortSignal": "ABORTED",
  "query() with timeoutMs": "TIMEOUT",
};

for (const [name, leave] of Object.entries(WAYS)) {
  leaving(`by ${name}: the next queries get their own messages only`, async () => {
    await using cli = await startRealCli(SCRIPT);
    const client = await open(cli);
    assert.is(await leave(client), OUTCOMES[name]);
    await assertForgotten(client);
  });
}

leaving("while a tool runs: the tool is ended too", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await open(cli);
  const stream = await client.queryStream("work for ever");
  const tool = await processRunning(ENDLESS_COMMAND);
  await stream.return();
  await assertForgotten(client);
  assert.not(isAlive(tool.pid));
});

leaving("before anything was read, again and again", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await cli.open();
  for (let round = 0; round < 10; round++) {
    const stream = await client.queryStream(`left ${round}`);
    // In some rounds the model has been asked by then, in others not.
    if (round % 2 === 1) await cli.model.waitForRequest((request) => promptOf(request) === `left ${round}`);
    await stream.return();
    await assertUndisturbed(client, `own ${round}`);
  }
  assert.equal(await receiveRest(client), []);
});

leaving("the moment it was asked: the turn does not run on unseen", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await cli.open();
  await assertUndisturbed(client, "the CLI is up");
  for (let round = 0; round < 6; round++) {
    const stream = await client.queryStream("talk for ever");
    // The CLI may or may not have taken the prompt up by now.
    for (let turns = 0; turns < round; turns++) await new Promise(setImmediate);
    await stream.return();
    await assertUndisturbed(client, `own ${round}`);
  }
  assert.equal(await receiveRest(client), []);
});

leaving("after its result has come, unread, interrupts nobody else", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await cli.open();
  for (let round = 0; round < 10; round++) {
    const stream = await client.queryStream(`left ${round}`);
    const frames = FRAMES_PER_TURN * (round * 2 + 1);
    await until("the whole turn", () => client.stats().framesReceived >= frames);
    await stream.return();
    await assertUndisturbed(client, `own ${round}`);
  }
});

leaving("several that wait in line behind each other", async () => {
  await using cli = await startRealCli(SCRIPT);
  const client = await cli.open();
  const abort = new AbortController();
  const { signal } = abort;
  const left = ["talk for ever", "left 2", "left 3"].map((prompt) => client.query(prompt, { signal }));
  const own = ["own 1", "own 2"].map((prompt) => assertUndisturbed(client, prompt));
  await cli.model.waitForRequest(1);
  abort.abort();
  for (const query of left) assert.is((await rejects(query)).code, "ABORTED");
  await Promise.all(own);
  assert.equal(cli.model.mainRequests.map(promptOf), ["talk for ever", "own 1", "own 2"]);
});

leaving("leaves no process behind", assertNothingLeft);

leaving.run();

function isPiece(message: ClaudeOutput): boolean {
  return message.type === "stream_event" && JSON.stringify(message).includes("text_delta");
}

async function readToPiece(stream: AsyncIterator<ClaudeOutput>): Promise<void> {
  for (;;) {
    const { done, value } = await stream.next();
    if (done === true || isPiece(value)) return;
  }
}
