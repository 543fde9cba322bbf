import { suite } from "uvu";
import * as assert from "uvu/assert";
import { measure } from "../../../bench/workloads/slow-consumer.js";
import { rejects } from "../../support/rejects.js";

const input = { payload: { kind: "message", count: 30, seed: 5 }, perMessageMs: 5 } as const;

const slow = suite("slow consumer");

for (const peer of ["offthread", "sdk", "readline"] as const) {
  slow(`${peer} gives every message, one at a time`, async () => {
    const began = performance.now();
    const { peakMiB, endMiB } = await measure({ ...input, peer });
    assert.ok(performance.now() - began >= input.payload.count * (input.perMessageMs - 1));
    assert.type(peakMiB, "number");
    assert.type(endMiB, "number");
  });
}

slow("raw bytes are no messages", async () => {
  assert.match((await rejects(measure({ ...input, peer: "drain" }))).message, "no messages");
});

slow.run();
