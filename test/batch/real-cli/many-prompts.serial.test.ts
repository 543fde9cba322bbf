/** Some hundred prompts on the real CLI: every answer belongs to its prompt, none is missing, none comes twice. */

import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type BatchOptions, type BatchRun, runBatch, SessionPool } from "../../../src/index.js";
import {
  apiError,
  dropConnection,
  type ModelReply,
  type ModelRequest,
  promptOf,
  text,
} from "../../../src/testing/index.js";
import { endThread, fragileThreads } from "../../support/fragile-pool.js";
import { sized } from "../../support/full-size.js";
import { assertNothingLeft, startedProcesses, startRealCli } from "../../support/real-cli.js";
import { assertNothingRuns } from "../../support/scripted.js";

const many = suite("many prompts on the real CLI");

/** Its retries are tried elsewhere; without them an error of the API comes at once. */
const NO_RETRIES = { CLAUDE_CODE_MAX_RETRIES: "0" };
const SOON = { attempts: 8, minMs: 10, maxMs: 200 } as const;

/** A prompt that no other contains. */
function promptOfNumber(index: number): string {
  return `What is prompt [${index}]?`;
}

function answerTo(prompt: string): string {
  return `This answers ${prompt}`;
}

/** What a test does beside the batch. */
type Disturbance = (run: BatchRun, done: number) => void | Promise<void>;

interface Trial {
  readonly count: number;
  readonly options?: BatchOptions;
  /** The model's answer; default the right one. */
  readonly model?: (request: ModelRequest) => ModelReply;
  /** Called with each outcome. */
  readonly disturb?: Disturbance;
}

/** Runs the prompts and holds every outcome to its prompt; gives the batch. */
async function answerAll({ count, options, model, disturb }: Trial): Promise<BatchRun> {
  await using cli = await startRealCli((request) => model?.(request) ?? answerTo(promptOf(request)), {
    env: NO_RETRIES,
  });
  const prompts = Array.from({ length: count }, (_, index) => promptOfNumber(index));
  const builder = cli.builder.lean();
  const run = runBatch(prompts, { builder, concurrency: 4, retry: SOON, ...options });
  const seen = new Set<number>();
  for await (const { index, status, text: answer, error } of run) {
    assert.is(status, "succeeded", `prompt ${index}: ${JSON.stringify(error)}`);
    assert.is(answer, answerTo(promptOfNumber(index)));
    assert.not.ok(seen.has(index), `prompt ${index} has two outcomes`);
    seen.add(index);
    await disturb?.(run, seen.size);
  }
  assert.is(seen.size, count);
  // Of the other prompts nothing is in any request.
  for (const { body } of cli.model.mainRequests) {
    assert.is(new Set(JSON.stringify(body.messages).match(/\[\d+\]\?/g)).size, 1);
  }
  return run;
}

many("undisturbed: each is asked once, by four processes", async () => {
  const run = await answerAll({ count: sized(200, 1_000), options: { recycle: { prompts: 1_000 } } });
  const { retries, processes } = run.stats();
  assert.equal([retries, processes.started, processes.alive], [0, 4, 0]);
});

many("with processes killed at any moment", async () => {
  let killed = 0;
  const run = await answerAll({
    count: sized(100, 1_000),
    disturb: (_, done) => {
      if (done % 9 !== 0) return;
      const [victim] = startedProcesses().filter(({ commandLine }) => commandLine.includes("stream-json"));
      if (victim === undefined) return;
      setTimeout(() => {
        try {
          process.kill(victim.pid, "SIGKILL");
          killed += 1;
        } catch {
          // It has ended by itself.
        }
      }, 30 * Math.random());
    },
  });
  assert.ok(killed >= 5, `only ${killed} were killed`);
  assert.ok(run.stats().processes.started > 4);
});

many("with the threads of all processes dying", async () => {
  using _ = fragileThreads();
  await using pool = new SessionPool({ threads: 2 });
  const every = sized(25, 100);
  let deaths = 0;
  const run = await answerAll({
    count: sized(60, 1_000),
    options: { pool },
    disturb: async (_run, done) => {
      if (done % every !== every - 1) return;
      await endThread(pool);
      deaths += 1;
    },
  });
  assert.ok(deaths >= 2 && run.stats().processes.started > 4);
});

many("with a model that fails in every way now and then", async () => {
  const failures = [
    apiError(429),
    apiError(529),
    apiError(500),
    dropConnection(),
    dropConnection({ afterEvents: 3 }),
  ];
  let asked = 0;
  const run = await answerAll({
    count: sized(60, 300),
    model: (request) => {
      asked += 1;
      if (asked % 5 === 0) return failures[(asked / 5) % failures.length] ?? "";
      const answer = answerTo(promptOf(request));
      return asked % 7 === 0 ? text(answer, { chunkSize: 4, delayMs: 10 }) : answer;
    },
  });
  assert.ok(run.stats().retries > 5);
});

many("by a process per prompt", async () => {
  const count = sized(12, 100);
  const run = await answerAll({ count, options: { isolation: "process" } });
  assert.is(run.stats().processes.started, count);
});

many("nothing is left running", async () => {
  assertNothingLeft();
  await assertNothingRuns();
});

many.run();
