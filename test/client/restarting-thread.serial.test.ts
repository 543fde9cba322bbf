import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type ClaudeError, RestartingClient } from "../../src/index.js";
import { promptOf } from "../../src/testing/index.js";
import { exhaust, fragilePool } from "../support/fragile-pool.js";
import { assertNothingLeft, startRealCli } from "../support/real-cli.js";
import { assertNothingRuns } from "../support/scripted.js";
import { answerOf, ECHO } from "./real-cli/turns.js";

const thread = suite("restarting client whose thread dies");

thread("goes on in another thread, with the same session", async () => {
  await using cli = await startRealCli([ECHO]);
  const { pool, bomb } = await fragilePool([], { threads: 1 });
  const causes: unknown[] = [];
  const client = await RestartingClient.fromBuilder(cli.builder, {
    pool,
    restart: { onRestart: ({ cause }) => causes.push(cause) },
  });
  await client.query("my name is Ada");
  await exhaust(bomb);
  assert.is(answerOf(await client.query("and now?")), "echo: and now?");
  assert.equal(
    causes.map((cause) => (cause as ClaudeError).code),
    ["WORKER_CRASHED"],
  );
  const request = cli.model.mainRequests.find((seen) => promptOf(seen) === "and now?");
  assert.match(JSON.stringify(request?.body.messages), "echo: my name is Ada");
  await client.shutdown();
  await pool.close();
});

thread("leaves no process behind", async () => {
  assertNothingLeft();
  await assertNothingRuns();
});

thread.run();
