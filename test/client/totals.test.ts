import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Totals } from "../../src/client/totals.js";
import type { ResultMessage } from "../../src/protocol/index.js";

const totals = suite("totals");

function result(cost: number, models: Record<string, number>): ResultMessage {
  const modelUsage = Object.fromEntries(
    Object.entries(models).map(([name, tokens]) => [name, { inputTokens: tokens, costUSD: cost }]),
  );
  return {
    type: "result",
    subtype: "success",
    is_error: false,
    duration_ms: 5,
    total_cost_usd: cost,
    modelUsage,
  };
}

totals("what runs on within a session counts once", () => {
  const sum = new Totals();
  for (const cost of [1, 3, 3]) sum.add(result(cost, { a: 10 * cost }));
  assert.is(sum.sum.costUsd, 3);
  assert.is(sum.sum.inputTokens, 30);
  assert.is(sum.sum.turns, 3);
  assert.is(sum.sum.durationMs, 15);
});

totals("they begin anew with a session, whose first total may be higher in one thing", () => {
  const sum = new Totals();
  sum.add(result(2, { a: 10 }));
  sum.add(result(0, {}));
  sum.add(result(5, { b: 7 }));
  // A session that began without a result of its own shows by what has fallen.
  sum.add(result(6, { a: 1 }));
  assert.is(sum.sum.costUsd, 13);
  assert.equal(
    Object.entries(sum.sum.models).map(([name, { inputTokens }]) => [name, inputTokens]),
    [
      ["a", 11],
      ["b", 7],
    ],
  );
});

totals("what was carried in is left out, however late it is known", () => {
  const sum = new Totals();
  sum.add(result(5, { a: 50 }));
  sum.carriedIn({ total_cost_usd: 3, models: { a: { inputTokens: 30, costUSD: 3 } } });
  assert.is(sum.sum.costUsd, 2);
  assert.is(sum.sum.models.a?.inputTokens, 20);
});

totals("a result that tells nothing changes nothing", () => {
  const sum = new Totals();
  sum.add(result(5, { a: 50 }));
  sum.add({ type: "result", subtype: "error_during_execution", is_error: true } as ResultMessage);
  sum.add(result(6, { a: 60 }));
  assert.is(sum.sum.costUsd, 6);
});

totals.run();
