/** What goes wrong: what is tried again, what is waited for, what is given up. */

import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type BatchErrorKind,
  type BatchOptions,
  type BatchOutcome,
  ClaudeCliBuilder,
  runBatch,
} from "../../src/index.js";
import {
  type CliScript,
  closeStdout,
  crashMidFrame,
  exit,
  frame,
  ignoreEof,
  ignoreSigterm,
  init,
  kill,
  onControl,
  onPrompt,
  onUser,
  sleep as pause,
  result,
  silence,
} from "../../src/testing/index.js";
import { assertNothingRuns } from "../support/scripted.js";
import { endings, numbered, outcomesOf, refused, SOON, withBatch } from "./batch-rig.js";

/** A rejected limit that ends so many milliseconds from now, and the refusal that follows it. */
function limitedFor(ms: number) {
  const info = { status: "rejected", resetsAt: (Date.now() + ms) / 1_000, rateLimitType: "five_hour" };
  return [frame({ type: "rate_limit_event", rate_limit_info: info }), ...refused(429)];
}

/** The one prompt "hello", run to its outcome. */
async function one(
  scripts: readonly CliScript[],
  options: BatchOptions,
  test: (outcome: BatchOutcome, starts: number) => void,
): Promise<void> {
  await withBatch(scripts, ["hello"], { concurrency: 1, ...options }, async ({ run, cli }) => {
    const [outcome, ...others] = await outcomesOf(run);
    assert.equal(others, []);
    if (outcome !== undefined) test(outcome, cli.starts());
  });
}

const results = suite("batch: results that are failures");

const RESULTS: readonly [
  name: string,
  fields: Readonly<Record<string, unknown>>,
  kind: BatchErrorKind,
  attempts: number,
][] = [
  ["429", { is_error: true, api_error_status: 429 }, "rate_limit", 2],
  ["529", { is_error: true, api_error_status: 529 }, "overloaded", 2],
  ["500", { is_error: true, api_error_status: 500 }, "server", 2],
  ["no answer", { is_error: true, api_error_status: null, terminal_reason: "api_error" }, "network", 2],
  ["401", { is_error: true, api_error_status: 401 }, "auth", 1],
  ["400", { is_error: true, api_error_status: 400 }, "refused", 1],
  ["a decision of the CLI", { is_error: true }, "refused", 1],
  ["too many turns", { subtype: "error_max_turns", is_error: true }, "limit", 1],
  [
    "no answer in the schema",
    { subtype: "error_max_structured_output_retries", is_error: true },
    "schema",
    1,
  ],
  ["a new subtype", { subtype: "error_of_tomorrow", is_error: true }, "refused", 1],
];

for (const [name, fields, kind, attempts] of RESULTS) {
  results(`${name} is ${kind}, and tried ${attempts === 1 ? "once" : "again"}`, () =>
    one([[onUser([init(), result(fields)])]], { retry: { attempts: 2, minMs: 1, maxMs: 2 } }, (outcome) => {
      assert.is(outcome.status, "failed");
      assert.equal([outcome.error?.kind, outcome.attempts], [kind, attempts]);
      assert.is(outcome.error?.code, "RESULT_ERROR");
      assert.is(outcome.error?.retryable, attempts > 1);
      assert.is(outcome.result?.type, "result");
      assert.equal(JSON.parse(JSON.stringify(outcome)).error, outcome.error);
    }),
  );
}

results("one that is better at another time is answered in the end, by the same process", () =>
  one([[onUser(refused(500), refused(429), "now it works")]], {}, (outcome, starts) => {
    assert.equal(
      [outcome.status, outcome.text, outcome.attempts, starts],
      ["succeeded", "now it works", 3, 1],
    );
    assert.is(outcome.error, undefined);
  }),
);

results("a failure costs the other prompts nothing", () =>
  withBatch([[onPrompt("prompt 1", refused(400))]], numbered(4), {}, async ({ run }) => {
    const expected = { 0: "succeeded", 1: "refused", 2: "succeeded", 3: "succeeded" };
    assert.equal(endings(await outcomesOf(run)), expected);
  }),
);

results.run();

const limits = suite("batch: limits");

limits("a limit that tells its end holds back the whole batch until then, and costs no attempt", () =>
  withBatch(
    [[onPrompt("prompt 0", limitedFor(1_500), "late")]],
    numbered(6),
    { concurrency: 1, retry: { attempts: 1 } },
    async ({ run }) => {
      const reading = outcomesOf(run);
      const seen: (string | undefined)[] = [];
      const watch = setInterval(() => seen.push(run.stats().limited?.kind), 20);
      const outcomes = await reading;
      clearInterval(watch);
      assert.ok(seen.includes("rate_limit"), "the wait shows nowhere");
      assert.ok(outcomes.every(({ status }) => status === "succeeded"));
      assert.is(outcomes.find(({ index }) => index === 0)?.attempts, 2);
      const waited = outcomes.map(({ timings }) => timings.queuedMs + timings.runMs);
      assert.ok(Math.min(...waited.slice(0, 2)) > 300, "somebody did not wait");
    },
  ),
);

limits("while the CLI repeats a refused call, nobody else begins", () => {
  const retry = frame({
    type: "system",
    subtype: "api_retry",
    attempt: 1,
    max_retries: 10,
    retry_delay_ms: 1_000,
    error_status: 529,
    error: "overloaded",
  });
  const script = [onPrompt("prompt 0", [init(), retry, pause(700), result({ result: "in the end" })])];
  return withBatch([script], numbered(6), { concurrency: 2 }, async ({ run }) => {
    const reading = outcomesOf(run);
    let most = 0;
    const watch = setInterval(() => {
      if (run.stats().limited?.kind === "overloaded") most = Math.max(most, run.stats().running);
    }, 20);
    const outcomes = await reading;
    clearInterval(watch);
    assert.is(outcomes.length, 6);
    // The one that is refused, and one that had begun before.
    assert.ok(most >= 1 && most <= 2, `${most} ran`);
  });
});

limits.run();

const processes = suite("batch: processes that fail");

for (const [name, script] of [
  ["dies", kill()],
  ["exits", exit(3)],
  ["breaks off in a frame", crashMidFrame()],
  ["closes its stdout and lives on", closeStdout()],
] as const) {
  processes(`a process that ${name} is replaced, and its prompt tried again`, () =>
    one([[onUser([init(), script])], []], {}, (outcome, starts) => {
      assert.equal([outcome.status, outcome.text, outcome.attempts, starts], ["succeeded", "hello", 2, 2]);
    }),
  );
}

processes("a prompt that kills every process is set aside, and the others are answered", () =>
  withBatch(
    [[onPrompt("prompt 2", [init(), kill()])]],
    numbered(6),
    { retry: { attempts: 3, minMs: 1, maxMs: 2 } },
    async ({ run }) => {
      const outcomes = await outcomesOf(run);
      assert.equal(
        Object.values(endings(outcomes)).join(),
        "succeeded,succeeded,poison,succeeded,succeeded,succeeded",
      );
      const poison = outcomes.find(({ index }) => index === 2);
      assert.equal([poison?.attempts, poison?.error?.retryable], [3, false]);
      assert.is(poison?.error?.code, "CONNECTION_CLOSED");
    },
  ),
);

processes("one that says nothing is stalled, is ended, and its prompt is tried again", () =>
  one([[silence(), ignoreEof()], []], { stallMs: 300 }, (outcome, starts) => {
    assert.equal([outcome.status, outcome.attempts, starts], ["succeeded", 2, 2]);
  }),
);

processes("one that stalls each time fails so", () =>
  one([[silence()]], { stallMs: 200, retry: { attempts: 2, minMs: 1, maxMs: 2 } }, ({ error, attempts }) => {
    assert.equal([error?.kind, error?.retryable, attempts], ["stalled", true, 2]);
  }),
);

processes("one that goes on saying things does not stall", () => {
  const steps = Array.from({ length: 8 }, () => [pause(100), frame({ type: "keep_alive" })]).flat();
  return one(
    [[onUser([init(), ...steps, result({ result: "long" })])]],
    { stallMs: 500 },
    ({ text, attempts }) => {
      assert.equal([text, attempts], ["long", 1]);
    },
  );
});

processes("a prompt that takes too long has its process ended, whatever that ignores", () => {
  const stubborn = [
    ignoreEof(),
    ignoreSigterm(),
    onControl("interrupt", "ignore"),
    onUser([init(), pause(60_000)]),
  ];
  return one([stubborn, []], { promptTimeoutMs: 400 }, (outcome, starts) => {
    assert.equal([outcome.status, outcome.attempts, starts], ["succeeded", 2, 2]);
  });
});

processes("its own deadline counts for a prompt that has one", () =>
  withBatch(
    [[onUser([init(), pause(60_000)])]],
    [{ prompt: "slow", timeoutMs: 300 }],
    { retry: { attempts: 1 } },
    async ({ run }) => {
      const [outcome] = await outcomesOf(run);
      assert.equal([outcome?.status, outcome?.error?.kind, outcome?.attempts], ["failed", "timeout", 1]);
    },
  ),
);

processes("a command that does not exist fails every prompt at once", async () => {
  const run = runBatch(numbered(3), { builder: new ClaudeCliBuilder().command("/nowhere/claude") });
  for (const { error, attempts } of await outcomesOf(run)) {
    assert.equal([error?.kind, error?.code, error?.retryable], ["launch", "BINARY_NOT_FOUND", false]);
    assert.is(attempts, 0);
  }
  assert.is(run.stats().done, 3);
});

processes("a process that ends before its first word is a failed launch", () =>
  one([[exit(1)]], { retry: { attempts: 2, minMs: 1, maxMs: 2 } }, ({ error }) => {
    assert.is(error?.kind, "launch");
  }),
);

for (const isolation of ["session", "process"] as const) {
  processes(`a command that ends at once is started once for each attempt (${isolation})`, async () => {
    const builder = new ClaudeCliBuilder().command("/bin/false").cleanEnv({});
    const options = { builder, isolation, concurrency: 2, retry: { ...SOON, attempts: 3 } };
    const run = runBatch(numbered(6), options);
    const outcomes = await outcomesOf(run);
    assert.equal(new Set(Object.values(endings(outcomes))), new Set(["launch"]));
    assert.equal(
      outcomes.map(({ attempts }) => attempts),
      Array(6).fill(3),
    );
    assert.is(run.stats().processes.started, 18);
  });
}

processes("one that died while it was idle costs no prompt an attempt", () => {
  const diesIdle = [onPrompt("/clear", [init(), exit(0)])];
  return withBatch([diesIdle, []], numbered(3), { concurrency: 1 }, async ({ run }) => {
    assert.ok(
      (await outcomesOf(run)).every(({ attempts, status }) => attempts === 1 && status === "succeeded"),
    );
  });
});

processes("one that does not begin a new session on /clear serves no second prompt", () => {
  const keeps = [onPrompt("/clear", [init(), result({ num_turns: 0 })])];
  return withBatch([keeps], numbered(3), { concurrency: 1 }, async ({ run, cli }) => {
    assert.is((await outcomesOf(run)).length, 3);
    assert.is(cli.starts(), 3);
  });
});

processes("nothing is left running", () => assertNothingRuns());

processes.run();
