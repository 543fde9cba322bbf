import { suite } from "uvu";
import * as assert from "uvu/assert";
import { measure } from "../../../bench/workloads/blocked.js";

/** Far more than a pipe holds. */
const PAYLOAD = { kind: "text", count: 20, seed: 5 } as const;
const BLOCK_MS = 1_000;

const blocked = suite("blocked host");

blocked("who reads on the blocked thread keeps the child from its end; who does not, does not", async () => {
  const ours = await measure({ peer: "offthread", payload: PAYLOAD, blockMs: BLOCK_MS });
  assert.is(ours.writtenWhileHeld, 1);
  for (const peer of ["sdk", "readline", "drain"] as const) {
    const theirs = await measure({ peer, payload: PAYLOAD, blockMs: BLOCK_MS });
    assert.is(theirs.writtenWhileHeld, 0, peer);
    assert.ok((theirs.childMs ?? 0) > (ours.childMs ?? 0), peer);
  }
});

blocked("a mark that is lower than what is written pauses the child", async () => {
  const input = { peer: "offthread", payload: PAYLOAD, blockMs: BLOCK_MS, highWaterMark: 1_000_000 } as const;
  assert.is((await measure(input)).writtenWhileHeld, 0);
});

blocked("a loop that is free is not held", async () => {
  const free = await measure({ peer: "readline", payload: PAYLOAD, blockMs: 0 });
  assert.is(free.writtenWhileHeld, 0);
});

blocked.run();
