import { suite } from "uvu";
import * as assert from "uvu/assert";
import { CAN_SEE_ORPHANS, startHost } from "../support/host-program.js";
import { ALL_KINDS, idle, realCliWithTool, stubborn } from "./children.js";

const FATAL = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const signals = suite("a host that gets a signal with clients open");
const each = CAN_SEE_ORPHANS ? signals : signals.skip;

for (const signal of FATAL) {
  each(`${signal}: leaves no process behind, and ends by the signal as it does without us`, async () => {
    const { launches, processes } = ALL_KINDS;
    await using host = startHost("stay", { launches });
    await host.told("ready");
    const seen = await host.running(processes);
    host.signal(signal);
    const end = await host.ended();
    await host.nothingLeft(seen);
    assert.equal(end, { exitCode: null, signal });
    assert.is(host.stderr, "");
  });
}

each("the same signals end the host without any client in the same way", async () => {
  for (const signal of FATAL) {
    await using host = startHost("stay");
    await host.told("ready");
    host.signal(signal);
    assert.equal(await host.ended(), { exitCode: null, signal });
  }
});

each("SIGINT: the real CLI and the tool that it runs end too", async () => {
  await using tool = await realCliWithTool();
  await using host = startHost("stay", { launches: [tool.launch] });
  await host.told("ready");
  const seen = await tool.running(host);
  host.signal("SIGINT");
  assert.equal(await host.ended(), { exitCode: null, signal: "SIGINT" });
  await host.nothingLeft(seen);
});

/** The host's own handlers, after which it lives on: put up before or after our hooks. */
const HANDLERS = [
  ["SIGINT", "on", "before"],
  ["SIGINT", "on", "after"],
  ["SIGINT", "once", "before"],
  ["SIGINT", "once", "after"],
  ["SIGTERM", "on", "before"],
  ["SIGTERM", "once", "before"],
  ["SIGUSR2", "once", "before"],
] as const;
for (const [signal, way, when] of HANDLERS) {
  each(`process.${way}("${signal}") of the host, put up ${when} our hooks, is all that happens`, async () => {
    await using host = startHost("own-handler", { launches: [idle, stubborn], args: [when, way, signal] });
    await host.told("listening");
    host.signal(signal);
    await host.told("handled");
    host.go();
    assert.equal((await host.told("answered")).alive, [true, true]);
    host.go();
    assert.equal(await host.ended(), { exitCode: 3, signal: null });
    assert.is(host.stderr, "");
    const heard = host.heard.map(({ event }) => event);
    assert.equal(heard, ["ready", "listening", "handled", "answered"]);
    await host.nothingLeft();
  });
}

for (const when of ["before", "after"]) {
  each(`hooks of another library, put up ${when} ours, do not keep the host alive`, async () => {
    // Each must not take the other for a handler of the host, and leave the end to it.
    await using host = startHost("other-hooks", { launches: [idle, stubborn], args: [when] });
    await host.told("in position");
    const seen = await host.running(3);
    host.signal("SIGINT");
    assert.equal(await host.ended(), { exitCode: null, signal: "SIGINT" });
    await host.nothingLeft(seen);
  });
}

each("a second Ctrl+C goes to the host's own handler as well", async () => {
  await using host = startHost("own-handler", { launches: [idle], args: ["before", "on", "SIGINT"] });
  await host.told("listening");
  for (const count of [1, 2, 3]) {
    host.signal("SIGINT");
    await host.told("handled", count);
  }
  host.go();
  assert.equal((await host.told("answered")).alive, [true]);
});

each("a second Ctrl+C ends a host whose handler was for once", async () => {
  await using host = startHost("own-handler", {
    launches: [idle, stubborn],
    args: ["after", "once", "SIGINT"],
  });
  await host.told("listening");
  host.signal("SIGINT");
  await host.told("handled");
  host.signal("SIGINT");
  assert.equal(await host.ended(), { exitCode: null, signal: "SIGINT" });
  await host.nothingLeft();
});

each("a host that shuts its clients down on the signal can do so, and exits with its own code", async () => {
  await using host = startHost("graceful", { launches: [idle, stubborn] });
  await host.told("ready");
  host.signal("SIGTERM");
  const { ends } = await host.told("shut down");
  assert.equal(ends, [
    { exitCode: 0, signal: null },
    { exitCode: null, signal: "SIGKILL" },
  ]);
  assert.equal(await host.ended(), { exitCode: 5, signal: null });
  await host.nothingLeft();
});

each("Ctrl+C at a terminal reaches the host alone: children are in process groups of their own", async () => {
  await using host = startHost("stay", { launches: [idle, stubborn] });
  await host.told("ready");
  for (const { pid, group } of await host.running(2)) assert.is(group, pid);
});

signals.run();
