import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  type ClientEvent,
  type ControlEvent,
  type FrameEvent,
  isResult,
  type PauseEvent,
  type ProcessEvent,
  type TurnEvent,
} from "../../src/index.js";
import { flood, onPrompt, onUser, silence, turn } from "../../src/testing/index.js";
import { open, PATIENCE_MS, until } from "../support/scripted.js";

const channels = suite("diagnostics channels");

/** Notes what is told on a channel for as long as it is in scope. */
function listen<Event extends ClientEvent>(name: string): Event[] & Disposable {
  const events: Event[] = [];
  const note = (event: unknown): void => void events.push(event as Event);
  subscribe(`claude-offthread:${name}`, note);
  return Object.assign(events, {
    [Symbol.dispose]: () => void unsubscribe(`claude-offthread:${name}`, note),
  });
}

channels("tell of process, turns and frames, all of the same process", async () => {
  using processes = listen<ProcessEvent>("process");
  using turns = listen<TurnEvent>("turn");
  using frames = listen<FrameEvent>("frame");
  const client = await open([]);
  const pid = client.pid();
  const messages = await client.query("hello");
  await client.shutdown();
  await until("the end", () => processes.length === 2);
  assert.equal(
    processes.map(({ kind }) => kind),
    ["started", "ended"],
  );
  const last = processes.at(-1);
  assert.is(last?.kind === "ended" && last.exitCode, 0);
  assert.equal(
    turns.map(({ kind }) => kind),
    ["began", "ended"],
  );
  const [began, ended] = turns;
  assert.is(began?.id, ended?.id);
  assert.ok(ended?.kind === "ended" && isResult(ended.result) && ended.durationMs > 0);
  for (const message of messages) {
    assert.ok(
      frames.some((event) => event.message === message),
      "the very message that the user got",
    );
  }
  for (const event of [...processes, ...turns, ...frames]) assert.is(event.pid, pid);
});

channels("tell of a turn that was left that it has no result", async () => {
  using turns = listen<TurnEvent>("turn");
  await using client = await open([onPrompt("wait", turn(silence()))]);
  await client.query("wait", { timeoutMs: 200 }).catch(() => {});
  await until("the end", () => turns.length === 2);
  const ended = turns.at(-1);
  assert.ok(ended?.kind === "ended" && ended.result === undefined);
});

channels("tell of control calls, answered and refused", async () => {
  using calls = listen<ControlEvent>("control");
  await using client = await open([]);
  await client.enableToolApproval();
  await client.isResponsive();
  const ended = calls.filter(({ kind }) => kind === "ended");
  assert.equal(
    ended.map(({ subtype }) => subtype),
    ["initialize", "get_binary_version"],
  );
  for (const event of ended) assert.ok(calls.some(({ kind, id }) => kind === "sent" && id === event.id));
  assert.not.ok("error" in (ended[0] ?? {}));
});

channels("tell of pauses", async () => {
  using pauses = listen<PauseEvent>("pause");
  await using client = await open([onUser(turn(flood({ count: 200, bytes: 4_000 })))], {
    highWaterMark: 64 * 1024,
  });
  const stream = await client.queryStream("flood", { timeoutMs: PATIENCE_MS });
  await until("a pause", () => pauses.some(({ paused }) => paused));
  await stream.collect();
  assert.ok(pauses.some(({ paused }) => !paused));
});

channels("a listener that throws breaks nothing", async () => {
  const hostile = (): void => {
    throw new Error("the listener has failed");
  };
  const failures: unknown[] = [];
  process.on("uncaughtException", (error) => failures.push(error));
  subscribe("claude-offthread:frame", hostile);
  try {
    await using client = await open([]);
    const messages = await client.query("hello");
    assert.ok(isResult(messages.at(-1)));
  } finally {
    unsubscribe("claude-offthread:frame", hostile);
  }
  await until("Node's report of it", () => failures.length > 0);
  process.removeAllListeners("uncaughtException");
});

channels.run();
