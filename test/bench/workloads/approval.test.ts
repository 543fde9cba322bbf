import { suite } from "uvu";
import * as assert from "uvu/assert";
import { measure } from "../../../bench/workloads/approval.js";
import { checkWork, traceOf, WORK_DONE } from "../../../bench/workloads/approval-host.js";

const WANTED = { calls: 2, heldMs: 30, everyMs: 40 };
const GOOD = {
  result: { subtype: "success", text: WORK_DONE },
  approved: ["toolu_1", "toolu_2"],
  traces: [traceOf(0), traceOf(1)],
  heldShare: 0.7,
};

const approval = suite("approval under load");

for (const talker of ["offthread", "offthread policy", "sdk", "readline"] as const) {
  approval(`${talker} is asked about every call of the real CLI while its loop is held`, async () => {
    const { turnMs, heldShare } = await measure({ talker, ...WANTED });
    assert.ok(turnMs !== undefined && turnMs > 0);
    assert.ok(heldShare !== undefined && heldShare > 0.5);
  });
}

const failures: readonly [what: string, evidence: Partial<typeof GOOD>, reason: RegExp][] = [
  ["a call that nobody was asked about", { approved: ["toolu_1"] }, /asked about 1 of 2/],
  ["a call that was asked about twice", { approved: ["toolu_1", "toolu_1"] }, /asked about 1 of 2/],
  ["a call that has not run", { traces: [traceOf(0)] }, new RegExp(traceOf(1))],
  ["another answer", { result: { subtype: "success", text: "?" } }, /ended as success with "\?"/],
  ["a failed turn", { result: { subtype: "error_during_execution", text: WORK_DONE } }, /error_during/],
  ["a loop that was free", { heldShare: 0.1 }, /held for 10 %/],
];
approval("whole work passes the check", () => checkWork(GOOD, WANTED));
for (const [what, evidence, reason] of failures) {
  approval(`the check finds ${what}`, () =>
    assert.throws(() => checkWork({ ...GOOD, ...evidence }, WANTED), reason),
  );
}

approval.run();
