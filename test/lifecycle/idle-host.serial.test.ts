import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { LaunchSpec } from "../../src/launch/launch-spec.js";
import {
  assistant,
  exit,
  init,
  onUser,
  requestPermission,
  scriptedCli,
  stderr,
  turn,
} from "../../src/testing/index.js";
import { CAN_SEE_ORPHANS, startHost } from "../support/host-program.js";
import { asksPermission, floods, hasTools, idle, midTurn, stubborn } from "./children.js";

const OK = { exitCode: 0, signal: null };

const asks = requestPermission("Bash", {});
const much = Array.from({ length: 50 }, () => assistant("text"));

/** Hosts that have nothing more to do: name, launches, arguments. */
const DONE: readonly [name: string, launches: readonly LaunchSpec[], ...args: string[]][] = [
  ["import-only", []],
  ["pool-only", []],
  ["shutdown", [idle, midTurn, asksPermission, floods, stubborn, hasTools]],
  ["dispose", [idle]],
  ["no-child", [idle]],
  ["attached", [idle, idle], "shutdown"],
  ["attached", [scriptedCli([onUser([turn(), exit(3)])])]],
];

const idleHost = suite("a host without an open client");
const each = CAN_SEE_ORPHANS ? idleHost : idleHost.skip;

for (const [name, launches, ...args] of DONE) {
  each(`${[name, ...args].join(" ")}: exits by itself and leaves nothing behind`, async () => {
    await using host = startHost(name, { launches, args });
    assert.equal(await host.ended(), OK);
    assert.is(host.heard.at(-1)?.event, "done");
    assert.is(host.stderr, "");
    await host.nothingLeft();
  });
}

each("every way to fail at opening tells why", async () => {
  await using host = startHost("no-child", { launches: [idle] });
  const { codes } = await host.told("done");
  assert.equal(codes, ["BINARY_NOT_FOUND", "SPAWN_FAILED", "ABORTED", "ABORTED", "TIMEOUT"]);
});

each("`await using` ends the client with its block, also when an error leaves it", async () => {
  await using host = startHost("dispose", { launches: [idle] });
  await host.ended();
  assert.equal(host.heard, [
    { event: "inside", alive: true, last: "result" },
    { event: "inside", alive: true, last: "result" },
    { event: "caught", message: "leaves the block" },
    { event: "done" },
  ]);
});

idleHost.run();

const openHost = suite("a host with a client that it never closes");
const eachOpen = CAN_SEE_ORPHANS ? openHost : openHost.skip;

eachOpen("stays alive while the child lives, and exits by itself once the last child is gone", async () => {
  await using host = startHost("never-closed", { launches: [idle, stubborn] });
  await host.told("ready");
  const seen = await host.running(2);
  await sleep(300);
  for (const { pid } of seen) {
    assert.is(host.exit, undefined);
    assert.equal(host.heard.length, 1);
    process.kill(pid, "SIGKILL");
    await sleep(300);
  }
  assert.equal(await host.ended(), OK);
  assert.is(host.heard.at(-1)?.event, "out of work");
  assert.is(host.stderr, "");
});

/** Children that end in their first turn, with the host in the middle of everything. */
const ENDS: readonly [readonly [string, LaunchSpec], ...(readonly [string, LaunchSpec])[]] = [
  ["exits after its turn", scriptedCli([onUser([turn("text"), exit(0)])])],
  ["crashes in its turn", scriptedCli([onUser([init(), exit(1)])])],
  ["exits with a question open", scriptedCli([onUser([init(), asks])], { lifetimeMs: 1_500 })],
  ["exits with much unread", scriptedCli([onUser([turn(stderr("words"), ...much), exit(0)])])],
];
for (const [name, launch] of ENDS) {
  eachOpen(`exits by itself when the child ${name}`, async () => {
    await using host = startHost("unread", { launches: [launch, launch] });
    assert.equal(await host.ended(), OK);
    assert.is(host.stderr, "");
    await host.nothingLeft();
  });
}

eachOpen("is not kept alive by the deadlines of calls that its child can no longer answer", async () => {
  const [[, launch]] = ENDS;
  await using host = startHost("unread", { launches: [launch], args: ["timeouts"] });
  assert.equal(await host.ended(), OK);
});

eachOpen("sees every waiting call end with the child, also behind a turn that nobody reads", async () => {
  const [[, launch]] = ENDS;
  await using host = startHost("unread", { launches: [launch] });
  await host.ended();
  assert.equal(host.heard.map(({ call, code }) => `${call}: ${code}`).sort(), [
    "queryStream: CONNECTION_CLOSED",
    "receive: CONNECTION_CLOSED",
  ]);
});

openHost.run();
