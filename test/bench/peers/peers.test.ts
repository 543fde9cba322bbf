import { suite } from "uvu";
import * as assert from "uvu/assert";
import { PEER_NAMES } from "../../../bench/scenario.js";
import { FloodSessions } from "../../../bench/workloads/flood-sessions.js";

const peers = suite("peers");

for (const kind of ["partial", "structured", "large"] as const) {
  const payload = { kind, count: kind === "partial" ? 500 : 7, seed: 5 };
  const totals = new Set<string>();
  for (const peer of PEER_NAMES) {
    peers(`${peer} reads what the child has written: ${kind}`, async () => {
      const input = {
        peer,
        payload,
        sessions: 2,
        touch: peer === "drain" ? "nothing" : "everything",
      } as const;
      // Digests of the first turn are compared with the child's while it opens; the second turn's by the check.
      await using sessions = await FloodSessions.open(input);
      const check = await sessions.read();
      const read = check();
      assert.is(read.frames, 2 * (payload.count + 2));
      totals.add(JSON.stringify(read));
      assert.is(totals.size, 1, "every peer has read the same");
    });
  }
}

peers("turn after turn, until the time is over", async () => {
  const payload = { kind: "partial", count: 50, seed: 5 } as const;
  await using sessions = await FloodSessions.open({ peer: "offthread", payload, sessions: 1, touch: "text" });
  const { frames } = (await sessions.read({ forMs: 200 }))();
  assert.is(frames % (payload.count + 2), 0);
  assert.ok(frames > payload.count + 2, `${frames} frames are a single turn`);
});

peers.run();
