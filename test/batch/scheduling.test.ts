/** How a batch takes prompts, shares processes and hands out outcomes. */

import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type BatchPrompt, runBatch } from "../../src/index.js";
import { init, onPrompt, onUser, sleep as pause, result, turn } from "../../src/testing/index.js";
import { rejects } from "../support/rejects.js";
import { assertNothingRuns, until } from "../support/scripted.js";
import { endings, numbered, outcomesOf, withBatch } from "./batch-rig.js";

const scheduling = suite("batch: scheduling");

scheduling("every prompt has its own answer, in a session of its own", () =>
  withBatch([[]], numbered(30), { concurrency: 3 }, async ({ run, cli }) => {
    const outcomes = await outcomesOf(run);
    assert.equal(
      outcomes.map(({ index }) => index).sort((a, b) => a - b),
      [...Array(30).keys()],
    );
    for (const { id, index, status, text, attempts, timings } of outcomes) {
      assert.is(id, String(index));
      assert.is(status, "succeeded");
      assert.is(text, `prompt ${index}`);
      assert.is(attempts, 1);
      assert.ok(timings.runMs > 0 && timings.queuedMs >= 0);
    }
    assert.is(new Set(outcomes.map(({ sessionId }) => sessionId)).size, 30);
    assert.is(cli.starts(), 3);
    const { taken, done, succeeded, retries, stopped, limited } = run.stats();
    assert.equal([taken, done, succeeded, retries, stopped, limited], [30, 30, 30, 0, undefined, undefined]);
  }),
);

scheduling("in the order of the input, also when later prompts are done first", () => {
  const slowFirst = [onPrompt("prompt 0", turn(pause(200), "slow"))];
  return withBatch([slowFirst], numbered(12), { concurrency: 4, order: "input" }, async ({ run }) => {
    assert.equal(
      (await outcomesOf(run)).map(({ index }) => index),
      [...Array(12).keys()],
    );
  });
});

scheduling("in the order of completion otherwise", () => {
  const slowFirst = [onPrompt("prompt 0", turn(pause(400), "slow"))];
  return withBatch([slowFirst], numbered(6), {}, async ({ run }) => {
    assert.is.not((await outcomesOf(run))[0]?.index, 0);
  });
});

scheduling("the input is read lazily, and a slow reader holds it back", async () => {
  let taken = 0;
  function* endless(): Generator<string> {
    for (;;) yield `prompt ${taken++}`;
  }
  await withBatch([[]], endless(), {}, async ({ run }) => {
    assert.is(taken, 0);
    for (let read = 1; read <= 5; read++) {
      await run.next();
      await sleep(100);
      assert.ok(taken <= read + 3 * 2 + 1, `${taken} taken with ${read} read`);
    }
    const before = taken;
    await sleep(300);
    assert.ok(taken <= before, "it goes on although nobody reads");
  });
});

scheduling("an asynchronous input that waits holds up nothing that runs", async () => {
  async function* slow(): AsyncGenerator<string> {
    yield "prompt 0";
    await sleep(300);
    yield "prompt 1";
  }
  await withBatch([[]], slow(), {}, async ({ run }) => {
    assert.is((await run.next()).value?.text, "prompt 0");
    assert.equal(endings(await outcomesOf(run)), { 1: "succeeded" });
  });
});

scheduling("an input that fails ends the batch, behind the outcomes of what it gave", async () => {
  function* broken(): Generator<string> {
    yield "prompt 0";
    throw new Error("line 2 is torn");
  }
  await withBatch([[]], broken(), {}, async ({ run }) => {
    assert.is((await run.next()).value?.text, "prompt 0");
    const error = await rejects<Error>(run.next());
    assert.is(error.message, "line 2 is torn");
    assert.is((await run.next()).done, true);
    assert.is(run.stats().stopped, "input_error");
  });
});

scheduling("prompts without an answer to expect are outcomes, and nothing is started for them", async () => {
  const prompts = [
    { id: "a", prompt: "one" },
    { id: "a", prompt: "two" },
    { prompt: "" },
    { prompt: 7 },
    { id: "", prompt: "x" },
    { id: "3", prompt: "named like a position" },
    { prompt: "x", timeoutMs: -1 },
    { prompt: "x", model: "" },
    { id: "8", prompt: "its own position" },
  ];
  await withBatch([[]], prompts as BatchPrompt[], {}, async ({ run }) => {
    const outcomes = await outcomesOf(run);
    const kinds = outcomes.sort((a, b) => a.index - b.index).map(({ error }) => error?.kind);
    const bad = "invalid";
    assert.equal(kinds, [undefined, bad, bad, bad, bad, bad, bad, bad, undefined]);
    assert.ok(outcomes.filter(({ error }) => error !== undefined).every(({ attempts }) => attempts === 0));
  });
});

scheduling("what a prompt brings comes back with its outcome", () =>
  withBatch(
    [[]],
    [{ id: "x", prompt: [{ type: "text", text: "blocks" }], metadata: { row: 7 } }],
    {},
    async ({ run }) => {
      const [outcome] = await outcomesOf(run);
      assert.equal([outcome?.id, outcome?.text, outcome?.metadata], ["x", "blocks", { row: 7 }]);
      assert.is(outcome?.transcript, undefined);
    },
  ),
);

scheduling("prompts of different launches share no process, and none waits for ever", async () => {
  const prompts = Array.from({ length: 40 }, (_, index) => ({
    prompt: `prompt ${index}`,
    ...(index % 5 === 4 && { model: "other" }),
  }));
  const echoesFlags = [[onUser(turn("ok"))]];
  await withBatch(echoesFlags, prompts, { concurrency: 1 }, async ({ run, cli }) => {
    const outcomes = await outcomesOf(run);
    assert.is(outcomes.filter(({ status }) => status === "succeeded").length, 40);
    // Changing places at every turn would take 17 processes, one for each key would keep some waiting to the end.
    assert.ok(cli.starts() >= 2 && cli.starts() <= 12, `${cli.starts()} processes`);
  });
});

scheduling("a process serves no more prompts than it is allowed", () =>
  withBatch([[]], numbered(10), { concurrency: 1, recycle: { prompts: 3 } }, async ({ run, cli }) => {
    await outcomesOf(run);
    assert.is(cli.starts(), 4);
  }),
);

scheduling("nor lives on when it has grown too large", () =>
  withBatch([[]], numbered(3), { concurrency: 1, recycle: { megabytes: 1 } }, async ({ run, cli }) => {
    await outcomesOf(run);
    assert.is(cli.starts(), process.platform === "linux" ? 3 : 1);
  }),
);

scheduling("with a process per prompt none serves two, and no more run than shall", async () => {
  await withBatch([[]], numbered(7), { isolation: "process" }, async ({ run, cli }) => {
    let most = 0;
    for await (const { status } of run) {
      assert.is(status, "succeeded");
      most = Math.max(most, run.stats().running);
    }
    assert.is(cli.starts(), 7);
    assert.ok(most <= 2, `${most} at a time`);
  });
});

scheduling("messages are told when somebody listens, and kept on request", async () => {
  const told: string[] = [];
  const options = {
    transcript: true,
    onMessage: ({ type }: { type: string }, { id, attempt }: { id: string; attempt: number }) => {
      told.push(`${id}.${attempt} ${type}`);
      throw new Error("a listener that fails");
    },
  };
  await withBatch([[]], ["hello"], options, async ({ run }) => {
    const [outcome] = await outcomesOf(run);
    const types = outcome?.transcript?.map(({ type }) => type);
    assert.equal(types, ["system", "assistant", "result"]);
    assert.equal(told, ["0.1 system", "0.1 assistant", "0.1 result"]);
  });
});

scheduling("structured output and cost come from the result; costs are of the prompt alone", async () => {
  const costly = [
    onUser([init(), result({ result: "7", structured_output: { answer: 7 }, total_cost_usd: 0.5 })]),
  ];
  await withBatch([costly], numbered(3), { concurrency: 1 }, async ({ run }) => {
    for (const { structuredOutput, costUsd } of await outcomesOf(run)) {
      assert.equal(structuredOutput, { answer: 7 });
      assert.is(costUsd, 0.5);
    }
    assert.is(run.stats().costUsd, 1.5);
  });
});

scheduling("options that cannot work are refused at once", () => {
  for (const options of [
    { concurrency: 0 },
    { retry: { attempts: 0 } },
    { retry: { minMs: 5, maxMs: 1 } },
    { maxBudgetUsd: 0 },
    { maxPrompts: 1.5 },
    { stallMs: -1 },
    { order: "random" as "input" },
  ]) {
    assert.throws(
      () => runBatch([], options),
      (error: { code?: string }) => error.code === "INVALID_ARGUMENT",
    );
  }
  assert.throws(() => runBatch("text" as never));
});

scheduling("no prompts, no processes", () =>
  withBatch([[]], [], {}, async ({ run, cli }) => {
    assert.equal(await outcomesOf(run), []);
    assert.is(cli.starts(), 0);
  }),
);

scheduling("nothing is left running", async () => {
  await until("all processes to end", () => true);
  await assertNothingRuns();
});

scheduling.run();
