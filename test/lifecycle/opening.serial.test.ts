import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CAN_SEE_ORPHANS, startHost } from "../support/host-program.js";
import { idle, ignoresSigterm, stubborn, unguarded } from "./children.js";

const opening = suite("a host that ends while a client is being opened");
const each = CAN_SEE_ORPHANS ? opening : opening.skip;

/** From before the thread is there until after the child is; where in between is a matter of luck. */
const MOMENTS = ["0", "40", "80", "120", "200", "300"];

each("process.exit() at any moment leaves no process behind", async () => {
  for (const moment of MOMENTS) {
    await using host = startHost("opening", { launches: [idle, stubborn], args: [moment] });
    assert.equal(await host.ended(), { exitCode: 7, signal: null });
    await host.nothingLeft();
  }
});

each("process.exit() the moment the child is spawned, before the opening is through", async () => {
  for (let round = 0; round < 5; round += 1) {
    await using host = startHost("just-spawned", { launches: [unguarded(stubborn)] });
    assert.equal(await host.ended(), { exitCode: 7, signal: null });
    await host.nothingLeft();
  }
});

for (const [signal, launches] of [
  ["SIGTERM", [unguarded(stubborn)]],
  ["SIGKILL", [idle, ignoresSigterm]],
] as const) {
  each(`${signal} the moment the child is spawned`, async () => {
    for (let round = 0; round < 3; round += 1) {
      await using host = startHost("just-spawned", { launches, args: [signal] });
      assert.equal(await host.ended(), { exitCode: null, signal });
      await host.nothingLeft();
    }
  });
}

opening.run();
