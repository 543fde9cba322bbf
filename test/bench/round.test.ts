import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { Round } from "../../bench/report/report.js";
import { runRound } from "../../bench/round.js";
import { exists, PATIENCE_MS, until } from "../process/descendants.js";
import { PLAYED, type Played } from "./workloads/played.js";

function play(how: Played["how"], options: { deadlineMs?: number; signal?: AbortSignal } = {}) {
  const work = { workload: PLAYED, input: { how } };
  return runRound(work, { metrics: ["ms"], deadlineMs: PATIENCE_MS, ...options });
}

function numbersOf(round: Round | undefined) {
  assert.ok(round && "measurement" in round, JSON.stringify(round));
  return round.measurement;
}

function failureOf(round: Round | undefined): string {
  assert.ok(round && "failure" in round, JSON.stringify(round));
  return round.failure;
}

const rounds = suite("round");

rounds("gives the numbers of the last line", async () => {
  assert.is(numbersOf(await play("measure")).ms, 5);
});

rounds("hands nothing of the environment on but PATH", async () => {
  assert.is(numbersOf(await play("measure")).environment, 1);
});

const failures: readonly [how: Played["how"], reason: RegExp][] = [
  ["throw", /^it ended with exit code 1[\s\S]*the digest does not fit/],
  ["exit", /^it ended with exit code 3/],
  ["die", /^it was ended by SIGKILL/],
  ["junk", /^its last line is no measurement: "\{ no JSON"/],
  ["silence", /^its last line is no measurement: ""/],
  ["nonsense", /^its last line is no measurement: "\{\\"ms\\":null\}"/],
];
for (const [how, reason] of failures) {
  rounds(`tells why there is none: ${how}`, async () => assert.match(failureOf(await play(how)), reason));
}

rounds("misses a metric that was promised", async () => {
  const work = { workload: PLAYED, input: { how: "measure" } };
  const round = await runRound(work, { metrics: ["ms", "bytes", "frames"], deadlineMs: PATIENCE_MS });
  assert.match(failureOf(round), /^it has measured no bytes, no frames/);
});

rounds("a workload that does not exist is a failure", async () => {
  const round = await runRound({ workload: "missing", input: {} }, { metrics: [], deadlineMs: PATIENCE_MS });
  assert.match(failureOf(round), /exit code 1[\s\S]*missing\.js/);
});

rounds("kills what hangs at the deadline", async () => {
  const round = await play("hang", { deadlineMs: 700 });
  assert.match(failureOf(round), /^it was not done within 0\.7 s and was killed/);
});

rounds("is neither measured nor failed when it is stopped", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(), 300);
  assert.is(await play("hang", { signal: stop.signal }), undefined);
});

rounds("leaves no child behind", async () => {
  const { pid = 0 } = numbersOf(await play("leave child"));
  assert.ok(pid > 0);
  try {
    await until("the child's end", () => !exists(pid));
  } finally {
    if (exists(pid)) process.kill(pid, "SIGKILL");
  }
});

rounds.run();
