import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CAN_SEE_ORPHANS, startHost } from "../support/host-program.js";
import { ALL_KINDS, realCliWithTool } from "./children.js";

/** Hosts that end themselves when told to go, each in its own way. */
const WAYS = ["exit", "exit-code", "throw", "reject", "throw-in-exit"];

const exits = suite("a host that ends with clients open");
const each = CAN_SEE_ORPHANS ? exits : exits.skip;

/** How the host ends without any client. */
async function alone(way: string) {
  await using host = startHost(way);
  await host.told("ready");
  host.go();
  return { ...(await host.ended()), heard: host.heard.slice(1), stderr: withoutStack(host.stderr) };
}

for (const way of WAYS) {
  each(`${way}: leaves no process behind, and ends as it does without us`, async () => {
    const { launches, processes } = ALL_KINDS;
    await using host = startHost(way, { launches });
    await host.told("ready");
    const seen = await host.running(processes);
    assert.is(seen.length, processes);
    host.go();
    const end = await host.ended();
    await host.nothingLeft(seen);
    assert.equal({ ...end, heard: host.heard.slice(1), stderr: withoutStack(host.stderr) }, await alone(way));
  });
}

each("exit: children that the host has spawned itself and handed over end too", async () => {
  const { launches, processes } = ALL_KINDS;
  await using host = startHost("exit", { launches, args: ["attach"] });
  await host.told("ready");
  const seen = await host.running(processes);
  host.go();
  assert.equal(await host.ended(), { exitCode: 7, signal: null });
  await host.nothingLeft(seen);
});

each("exit: the real CLI and the tool that it runs end too", async () => {
  await using tool = await realCliWithTool();
  await using host = startHost("exit", { launches: [tool.launch] });
  await host.told("ready");
  const seen = await tool.running(host);
  host.go();
  await host.ended();
  await host.nothingLeft(seen);
});

exits.run();

/** Our hooks stand in the stack of what an exit listener throws; the error itself must be the same. */
function withoutStack(stderr: string): string {
  return stderr.replaceAll(/^ +at .*\n/gm, "");
}
