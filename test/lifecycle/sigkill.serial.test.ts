import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LaunchSpec } from "../../src/launch/launch-spec.js";
import { CAN_SEE_ORPHANS, startHost } from "../support/host-program.js";
import {
  asksPermission,
  floods,
  HAS_GUARD,
  idle,
  ignoresEof,
  ignoresSigterm,
  midTurn,
  realCliWithTool,
} from "./children.js";

/**
 * A host that is killed runs no code. Its children see the end of stdin, and where setpriv is there they get SIGTERM.
 * A child that heeds neither stays; so does what it has started in process groups of its own, unless it ends that.
 */
const sigkill = suite("a host that is killed with clients open");
const each = CAN_SEE_ORPHANS ? sigkill : sigkill.skip;
const guarded = HAS_GUARD ? each : sigkill.skip;

each("leaves no child that heeds the end of stdin", async () => {
  await killed([idle, ignoresSigterm, idle]);
});

guarded("leaves no child that heeds SIGTERM, in the middle of whatever", async () => {
  await killed([idle, ignoresEof, midTurn, asksPermission, floods]);
});

guarded("leaves neither the real CLI nor the tool that it runs", async () => {
  await using tool = await realCliWithTool();
  await using host = startHost("stay", { launches: [tool.launch] });
  await host.told("ready");
  const seen = await tool.running(host);
  host.signal("SIGKILL");
  await host.ended();
  await host.nothingLeft(seen);
});

async function killed(launches: readonly LaunchSpec[]): Promise<void> {
  await using host = startHost("stay", { launches });
  await host.told("ready");
  const seen = await host.running(launches.length);
  host.signal("SIGKILL");
  assert.equal(await host.ended(), { exitCode: null, signal: "SIGKILL" });
  await host.nothingLeft(seen);
}

sigkill.run();
