import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CAN_SEE_ORPHANS, startHost } from "../support/host-program.js";
import { ALL_KINDS, idle, stubborn } from "./children.js";

const forked = suite("a host that was forked");
const each = CAN_SEE_ORPHANS ? forked : forked.skip;

for (const name of ["import-only", "pool-only", "shutdown"]) {
  each(`${name}: exits by itself, with the channel to its parent open`, async () => {
    const launches = name === "shutdown" ? [idle, stubborn] : [];
    await using host = startHost(name, { launches, fork: true });
    assert.equal(await host.ended(), { exitCode: 0, signal: null });
    assert.is(host.stderr, "");
    await host.nothingLeft();
  });
}

each("process.exit() leaves no process behind", async () => {
  const { launches, processes } = ALL_KINDS;
  await using host = startHost("exit", { launches, fork: true });
  await host.told("ready");
  const seen = await host.running(processes);
  host.go();
  assert.equal(await host.ended(), { exitCode: 7, signal: null });
  await host.nothingLeft(seen);
});

each("the channel works beside open clients, and its end can end the host", async () => {
  await using host = startHost("forked", { launches: [idle, stubborn], args: ["disconnect"], fork: true });
  await host.told("ready");
  host.disconnect();
  assert.equal(await host.ended(), { exitCode: 6, signal: null });
  await host.nothingLeft();
});

each("a message through the channel arrives while clients are open", async () => {
  await using host = startHost("forked", { launches: [idle, stubborn], fork: true });
  await host.told("ready");
  host.send("end");
  await host.told("ends");
  assert.equal(await host.ended(), { exitCode: 0, signal: null });
  await host.nothingLeft();
});

forked.run();
