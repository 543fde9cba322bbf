import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LaunchSpec } from "../../src/launch/launch-spec.js";
import { CAN_SEE_ORPHANS, type SeenProcess, startHost } from "../support/host-program.js";
import {
  HAS_GUARD,
  hasTools,
  idle,
  ignoresEof,
  ignoresSigterm,
  midTurn,
  realCliWithTool,
  stubborn,
} from "./children.js";

const thread = suite("clients in a thread of the host's own");
const each = CAN_SEE_ORPHANS ? thread : thread.skip;
const guarded = HAS_GUARD ? each : thread.skip;

/** A thread that is terminated runs no code: its children end by the end of stdin, or by the guard's SIGTERM. */
const HEEDING = [idle, ignoresSigterm, ...(HAS_GUARD ? [midTurn, ignoresEof] : [])];
/** A thread that ends by itself runs its exit handlers. */
const ALL = [idle, ignoresSigterm, midTurn, ignoresEof, stubborn, hasTools];

/** How it is ended, with which children, and what is told of it before the host goes on. */
const THREAD_ENDS: readonly [string, readonly LaunchSpec[], string[]][] = [
  ["terminate", HEEDING, ["thread exit 1"]],
  ["thread-exit", ALL, ["thread exit 4"]],
  ["thread-throw", ALL, ["thread error the thread fails", "thread exit 1"]],
  ["close", ALL, ["thread exit 0"]],
];
for (const [way, launches, told] of THREAD_ENDS) {
  each(`${way}: no child outlives the thread, and the host goes on`, async () => {
    await using host = startHost("in-thread", { launches, args: [way] });
    await host.told("ready");
    const seen = await host.running(launches.length);
    host.go();
    await host.told("thread exit");
    await host.nothingLeft(seen);
    assert.is(host.exit, undefined);
    const heard = host.heard.slice(1).map(({ event, code, message }) => `${event} ${code ?? message}`);
    assert.equal(heard, told);
    host.go();
    assert.equal(await host.ended(), { exitCode: 0, signal: null });
    assert.is(host.stderr, "");
  });
}

const HOST_ENDS: readonly [string, { exitCode: number | null; signal: NodeJS.Signals | null }][] = [
  ["main-exit", { exitCode: 7, signal: null }],
  ["main-throw", { exitCode: 1, signal: null }],
  ["SIGTERM", { exitCode: null, signal: "SIGTERM" }],
  ["SIGKILL", { exitCode: null, signal: "SIGKILL" }],
];
for (const [way, end] of HOST_ENDS) {
  each(`${way} of the host: no child outlives it`, async () => {
    await using host = startHost("in-thread", { launches: HEEDING, args: [way] });
    await host.told("ready");
    const seen: SeenProcess[] = await host.running(HEEDING.length);
    if (end.signal === null) host.go();
    else host.signal(end.signal);
    assert.equal(await host.ended(), end);
    await host.nothingLeft(seen);
  });
}

guarded("terminate: the real CLI and the tool that it runs end too", async () => {
  await using tool = await realCliWithTool();
  await using host = startHost("in-thread", { launches: [tool.launch], args: ["terminate"] });
  await host.told("ready");
  const seen = await tool.running(host);
  host.go();
  await host.nothingLeft(seen);
});

thread.run();
