import { setTimeout as sleep } from "node:timers/promises";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { type AsyncClient, permission, type StallInfo } from "../../src/index.js";
import {
  assistant,
  frame,
  init,
  onPrompt,
  sleep as pause,
  requestPermission,
  result,
  turn,
} from "../../src/testing/index.js";
import { rejects } from "../support/rejects.js";
import { assertNothingRuns, open, until } from "../support/scripted.js";

const stalls = suite("stalls");

const STALL_MS = 500;
const LONG_MS = 1_300;

const CALL = assistant([{ type: "tool_use", id: "toolu_1", name: "Bash", input: {} }]);
const SCRIPT = [
  onPrompt("silent tool", [init(), CALL, pause(LONG_MS), result()]),
  onPrompt("twice", [init(), pause(LONG_MS), assistant("a word"), pause(LONG_MS), result()]),
  onPrompt("busy", [
    init(),
    ...Array.from({ length: 20 }, () => [pause(60), frame({ type: "x" })]).flat(),
    result(),
  ]),
  onPrompt("permission", [turn(requestPermission("Bash", {}))]),
  onPrompt("block", [init(), assistant("now"), pause(300), assistant("then"), result()]),
];

/** Waits until the child has started, which can take long on a loaded machine. */
async function started(client: AsyncClient, told: StallInfo[]): Promise<void> {
  await client.query("hello");
  told.length = 0;
}

stalls("are told once, with what is known of the turn", async () => {
  const told: StallInfo[] = [];
  await using client = await open(SCRIPT, { stallMs: STALL_MS, onStall: (info) => told.push(info) });
  await started(client, told);
  await client.query("silent tool");
  assert.is(told.length, 1);
  assert.equal([told[0]?.lastMessage, told[0]?.tools], ["assistant", ["Bash"]]);
  assert.ok((told[0]?.idleMs ?? 0) >= STALL_MS && (told[0]?.turnMs ?? 0) >= (told[0]?.idleMs ?? 0) - 1);
  await client.query("busy");
  assert.is(told.length, 1, "a child that writes does not stall");
  await sleep(LONG_MS);
  assert.is(told.length, 1, "no turn runs");
});

stalls("are told again after the child has gone on, also to a handler that throws", async () => {
  let told = 0;
  const warnings: string[] = [];
  const onWarning = (warning: Error) => warnings.push(warning.message);
  process.on("warning", onWarning);
  await using client = await open(SCRIPT, {
    stallMs: STALL_MS,
    onStall: () => {
      told += 1;
      throw new Error("oops");
    },
  });
  await client.query("hello");
  told = 0;
  warnings.length = 0;
  await client.query("twice");
  assert.is(told, 2);
  await until("the warnings", () => warnings.length === 2);
  process.off("warning", onWarning);
  assert.match(warnings[0] ?? "", "oops");
});

stalls("it is no stall while the host decides, by a handler or by hand", async () => {
  const told: StallInfo[] = [];
  const options = { stallMs: STALL_MS, onStall: (info: StallInfo) => void told.push(info) };
  await using handled = await open(SCRIPT, {
    ...options,
    onToolApproval: async (request) => {
      await sleep(LONG_MS);
      return permission.allow(request);
    },
  });
  await using byHand = await open(SCRIPT, options);
  const slowly = async () => {
    for await (const message of await byHand.queryStream("permission")) {
      if (message.type !== "control_request") continue;
      await sleep(LONG_MS);
      const { request_id } = message as { request_id: string };
      await byHand.sendControlResponse({
        subtype: "success",
        request_id,
        response: { behavior: "deny", message: "" },
      });
    }
  };
  await Promise.all([started(handled, told), started(byHand, told)]);
  await Promise.all([handled.query("permission"), slowly()]);
  assert.equal(told, []);
});

stalls("a blocked thread, or a reader that takes its time, is no stall", async () => {
  const told: StallInfo[] = [];
  await using client = await open(SCRIPT, { stallMs: STALL_MS, onStall: (info) => told.push(info) });
  await started(client, told);
  for await (const message of await client.queryStream("block")) {
    if (message.type !== "assistant") continue;
    const blockedUntil = performance.now() + LONG_MS;
    while (performance.now() < blockedUntil);
    await sleep(LONG_MS);
  }
  // What the child wrote during the block lies unread all the time.
  assert.equal(told, []);
});

stalls("an impossible duration is refused", async () => {
  const error = await rejects<{ code: string }>(open([], { stallMs: -1, onStall: () => {} }));
  assert.is(error.code, "INVALID_ARGUMENT");
});

stalls("leaves no process behind", assertNothingRuns);

stalls.run();
