import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { AsyncClient, ClaudeError, ClientOptions, ConnectionClosedError } from "../../../src/index.js";
import {
  type CliScript,
  emit,
  exit,
  flood,
  init,
  kill,
  onControl,
  onUser,
  sleep as pause,
  requestPermission,
  stderr,
  stopReadingStdin,
  turn,
} from "../../../src/testing/index.js";
import {
  assertNothingRuns,
  failure,
  inTime,
  open,
  PATIENCE_MS,
  until,
  user,
} from "../../support/scripted.js";

const PATIENCE = { timeoutMs: PATIENCE_MS };

const pending = suite("a child that is killed while something waits for it");

interface Waiting {
  readonly script: CliScript;
  readonly options?: ClientOptions;
  ask(client: AsyncClient): Promise<unknown>;
}

const WAITING: Readonly<Record<string, Waiting>> = {
  "query()": { script: [onUser(init())], ask: (client) => client.query("x") },
  "queryStream()": {
    script: [onUser(init())],
    ask: async (client) => (await client.queryStream("x")).collect(),
  },
  "a query that waits for its turn": {
    script: [onUser(init())],
    ask: async (client) => {
      client.query("first").catch(() => {});
      await client.query("second");
    },
  },
  "ping()": { script: [onUser(init())], ask: (client) => client.ping() },
  "receive()": { script: [], ask: (client) => client.receive() },
  "receiveRaw()": { script: [], ask: (client) => client.receiveRaw() },
  "enableToolApproval()": {
    script: [onControl("initialize", "ignore")],
    ask: (client) => client.enableToolApproval(),
  },
  "interrupt()": { script: [onControl("interrupt", "ignore")], ask: (client) => client.interrupt() },
  "send()": {
    script: [stopReadingStdin()],
    ask: (client) => client.send(user("x".repeat(4_000_000))),
  },
  "a query that cannot be written": {
    script: [stopReadingStdin()],
    ask: (client) => client.query("x".repeat(4_000_000)),
  },
  "sendControlResponse()": {
    script: [stopReadingStdin()],
    ask: (client) =>
      client.sendControlResponse({
        subtype: "success",
        request_id: "r",
        response: { text: "x".repeat(4_000_000) },
      }),
  },
  "a query with an approval that nobody gives": {
    script: [onUser(turn(requestPermission("Bash", {})))],
    options: { onToolApproval: () => new Promise(() => {}) },
    ask: (client) => client.query("x"),
  },
  "a query in a flood": {
    script: [onUser(turn(flood({ count: 100_000, bytes: 2_000 })))],
    ask: (client) => client.query("x"),
  },
};

for (const [name, { script, options, ask }] of Object.entries(WAITING)) {
  pending(`${name} is rejected with the signal`, async () => {
    await using client = await open([emit({ type: "ready" }), ...script], options);
    await client.receive(PATIENCE);
    let settled = false;
    const asked = ask(client).finally(() => {
      settled = true;
    });
    asked.catch(() => {});
    await sleep(150);
    assert.not.ok(settled, "it must still wait when the child is killed");
    process.kill(client.pid() ?? 0, "SIGKILL");
    const error = await failure<ConnectionClosedError>(name, asked);
    assert.equal([error.code, error.exitCode, error.signal], ["CONNECTION_CLOSED", null, "SIGKILL"]);
    assert.equal(await client.exited, { exitCode: null, signal: "SIGKILL" });
  });
}

pending("isResponsive() is false", async () => {
  await using client = await open([onControl("get_binary_version", "ignore")]);
  const asked = client.isResponsive(PATIENCE);
  await sleep(100);
  process.kill(client.pid() ?? 0, "SIGKILL");
  assert.is(await inTime("isResponsive()", asked), false);
});

pending("the reader of stderr comes to its end", async () => {
  await using client = await open([stderr("words\n"), pause(PATIENCE_MS)]);
  const stream = client.takeStderr();
  let text = "";
  const read = (async () => {
    for await (const part of stream ?? []) text += part;
  })();
  await until("stderr", () => text !== "");
  process.kill(client.pid() ?? 0, "SIGKILL");
  await inTime("stderr", read);
  assert.is(text, "words\n");
});

pending("a write to the dead child says that it is dead", async () => {
  await using client = await open([exit(9)]);
  await inTime("exited", client.exited);
  for (let round = 0; round < 3; round++) {
    const error = await failure<ConnectionClosedError>("send()", client.send(user("x".repeat(1_000_000))));
    assert.equal([error.code, error.exitCode], ["CONNECTION_CLOSED", 9]);
  }
});

pending("writes in the moment of its death end, each with one of two reasons", async () => {
  await using client = await open([onUser(kill("SIGKILL"))]);
  const writes = Array.from({ length: 200 }, (_, at) => client.send(user(`${at}`)));
  const outcomes = await inTime("send()", Promise.allSettled(writes));
  const codes = new Set(
    outcomes.flatMap((outcome) =>
      outcome.status === "rejected" ? [(outcome.reason as ClaudeError).code] : [],
    ),
  );
  codes.delete("CONNECTION_CLOSED");
  assert.equal([...codes], []);
});

pending.run();

const end = suite("afterwards");
end("nothing runs any more", assertNothingRuns);
end.run();
