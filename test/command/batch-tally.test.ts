import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { BatchErrorKind, BatchOutcome } from "../../src/batch/batch-outcome.js";
import { BatchTally } from "../../src/command/batch-tally.js";

const tally = suite("tally of a batch");

/** An outcome: of a prompt that succeeded without a kind, else of one that failed so. */
function ended(kind?: BatchErrorKind): BatchOutcome {
  const rest = { id: "x", index: 0, text: "", costUsd: 0, attempts: 1, timings: { queuedMs: 0, runMs: 0 } };
  if (kind === undefined) return { ...rest, status: "succeeded" };
  return { ...rest, status: "failed", error: { kind, code: "X", message: kind, retryable: false } };
}

const times = (count: number, kind?: BatchErrorKind) => Array.from({ length: count }, () => ended(kind));

const HOPES: [title: string, outcomes: BatchOutcome[], hopeless: BatchErrorKind | undefined][] = [
  ["nothing yet", [], undefined],
  ["nobody is logged in", times(5, "auth"), "auth"],
  ["too few to tell", times(4, "auth"), undefined],
  ["no process starts", times(5, "launch"), "launch"],
  ["other failures", times(100, "refused"), undefined],
  ["some rows may not be asked", [ended(), ...times(24, "auth"), ended(), ...times(24, "auth")], undefined],
  ["the login has run out", [...times(500), ...times(25, "auth")], "auth"],
];
for (const [title, outcomes, hopeless] of HOPES) {
  tally(`is it hopeless: ${title}`, () => {
    const all = new BatchTally();
    for (const outcome of outcomes) all.add(outcome, outcome.id);
    assert.is(all.hopeless?.kind, hopeless);
    assert.is(all.recorded, outcomes.length);
  });
}

tally("failures by kind, most of them first; what was aborted counts nowhere", () => {
  const all = new BatchTally();
  for (const outcome of [...times(1, "timeout"), ...times(2, "refused"), ...times(3)]) all.add(outcome, "p");
  all.add({ ...ended("aborted"), status: "aborted" }, "p");
  assert.equal([all.succeeded, all.failed], [3, 3]);
  assert.equal(
    all.failures.map(({ kind, count }) => `${count} ${kind}`),
    ["2 refused", "1 timeout"],
  );
});

tally.run();
