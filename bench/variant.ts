/** One measurement in a process of its own: `node variant.js <peer> <scenario as JSON>` prints one JSON line. */

import { spawn } from "node:child_process";
import { performance } from "node:perf_hooks";
import type { SDKUserMessage } from "@anthropic-ai/claude-agent-sdk";
import type { LaunchSpec } from "../src/launch/index.js";
import type { FloodOptions } from "../src/testing/index.js";
import { measureMainThread } from "./main-thread.js";

/** What is measured, and on what. */
export type Scenario =
  | { readonly kind: "flood"; readonly flood: FloodOptions; readonly touch: boolean }
  | { readonly kind: "blocked"; readonly flood: FloodOptions; readonly blockMs: number }
  | { readonly kind: "start"; readonly binary: string };

/** Whose library does it. */
export type Peer = "offthread" | "sdk";

/** What a variant tells; times are milliseconds. */
export interface Measurement {
  readonly frames?: number;
  readonly wallMs?: number;
  readonly mainCpuMs?: number | undefined;
  readonly mainBusyMs?: number;
  readonly childWriteMs?: number;
  readonly firstAssistantMs?: number;
}

async function run(peer: Peer, scenario: Scenario): Promise<Measurement> {
  switch (scenario.kind) {
    case "flood":
      return peer === "sdk" ? sdkFlood(scenario) : offthreadFlood(scenario);
    case "blocked":
      return blocked(scenario);
    case "start":
      return peer === "sdk" ? sdkStart(scenario.binary) : offthreadStart(scenario.binary);
  }
}

async function floodSpec(flood: FloodOptions): Promise<LaunchSpec> {
  const testing = await import("../src/testing/index.js");
  return testing.scriptedCli([testing.onUser(testing.turn(testing.flood(flood)))]);
}

async function offthreadFlood({ flood, touch }: Scenario & { kind: "flood" }): Promise<Measurement> {
  const spec = await floodSpec(flood);
  const { AsyncClient, textOf } = await import("../src/index.js");
  const client = await AsyncClient.spawn(spec);
  const stream = await client.queryStream("go");
  const began = performance.now();
  const cost = measureMainThread();
  let frames = 0;
  let characters = 0;
  for await (const message of stream) {
    frames += 1;
    if (touch) characters += textOf(message)?.length ?? JSON.stringify(message).length;
  }
  check(frames, flood, touch ? characters : undefined);
  return report(frames, began, cost());
}

async function sdkFlood({ flood, touch }: Scenario & { kind: "flood" }): Promise<Measurement> {
  const spec = await floodSpec(flood);
  const { query } = await import("@anthropic-ai/claude-agent-sdk");
  const messages = query({
    prompt: endlessPrompt(),
    options: {
      pathToClaudeCodeExecutable: spec.command,
      spawnClaudeCodeProcess: () =>
        spawn(spec.command, spec.args, { env: { ...spec.env }, stdio: ["pipe", "pipe", "ignore"] }),
      env: { ...spec.env },
    },
  });
  // Its own handshake is over when it asks for messages; the clock starts with the first one.
  await messages.initializationResult();
  const began = performance.now();
  const cost = measureMainThread();
  let frames = 0;
  let characters = 0;
  for await (const message of messages) {
    frames += 1;
    if (touch) characters += JSON.stringify(message).length;
    if (message.type === "result") break;
  }
  check(frames, flood, touch ? characters : undefined);
  return report(frames, began, cost());
}

/** A prompt that keeps the SDK's stdin open, as a conversation does. */
async function* endlessPrompt(): AsyncGenerator<SDKUserMessage> {
  yield { type: "user", message: { role: "user", content: "go" }, parent_tool_use_id: null, session_id: "" };
  await new Promise((resolve) => setTimeout(resolve, 600_000).unref());
}

/** How long the child needs for its writes while this thread's loop is blocked. */
async function blocked({ flood, blockMs }: Scenario & { kind: "blocked" }): Promise<Measurement> {
  const spec = await floodSpec(flood);
  const { AsyncClient } = await import("../src/index.js");
  const client = await AsyncClient.spawn(spec, { highWaterMark: 2 * flood.count * flood.bytes });
  const stream = await client.queryStream("go");
  if (blockMs > 0) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, blockMs);
  let frames = 0;
  for await (const _ of stream) frames += 1;
  check(frames, flood);
  await client.shutdown();
  let said = "";
  for await (const text of client.takeStderr() ?? []) said += text;
  const childWriteMs = Number(/flood-done ([\d.]+)/.exec(said)?.[1]);
  return { frames, childWriteMs };
}

async function offthreadStart(binary: string): Promise<Measurement> {
  const { env, cwd, close } = await offline();
  const began = performance.now();
  const { AsyncClient, ClaudeCliBuilder } = await import("../src/index.js");
  const builder = new ClaudeCliBuilder().command(binary).cleanEnv(env).workingDirectory(cwd);
  const client = await AsyncClient.fromBuilder(builder);
  for await (const message of await client.queryStream("hello")) if (message.type === "assistant") break;
  const firstAssistantMs = performance.now() - began;
  await client.shutdown();
  await close();
  return { firstAssistantMs };
}

async function sdkStart(binary: string): Promise<Measurement> {
  const { env, cwd, close } = await offline();
  const began = performance.now();
  const { query } = await import("@anthropic-ai/claude-agent-sdk");
  let firstAssistantMs = 0;
  const options = { pathToClaudeCodeExecutable: binary, env, cwd, systemPrompt: CODE_PROMPT };
  for await (const message of query({ prompt: "hello", options })) {
    if (message.type === "assistant") firstAssistantMs ||= performance.now() - began;
  }
  await close();
  return { firstAssistantMs };
}

/** The SDK sends an empty system prompt unless told otherwise; this one is the CLI's own, as in our launch. */
const CODE_PROMPT = { type: "preset", preset: "claude_code" } as const;

async function offline(): Promise<{ env: Record<string, string>; cwd: string; close(): Promise<void> }> {
  const { offlineEnv, startScriptedModel } = await import("../src/testing/index.js");
  const model = await startScriptedModel("hello there");
  const { env, cwd, dispose } = offlineEnv({ model });
  return {
    env: { ...env },
    cwd,
    close: async () => {
      await model.close();
      await dispose();
    },
  };
}

/** A figure counts only when everything has arrived: all frames of the flood, and the turn's own around them. */
function check(frames: number, flood: FloodOptions, characters?: number): void {
  if (frames < flood.count || frames > flood.count + 8)
    throw new Error(`expected ${flood.count} frames, got ${frames}`);
  if (characters !== undefined && characters < flood.count * flood.bytes * 0.5)
    throw new Error("text is missing");
}

function report(
  frames: number,
  began: number,
  cost: { cpuMs: number | undefined; busyMs: number },
): Measurement {
  return { frames, wallMs: performance.now() - began, mainCpuMs: cost.cpuMs, mainBusyMs: cost.busyMs };
}

const [peer, scenario] = process.argv.slice(2) as [Peer, string];
process.stdout.write(`${JSON.stringify(await run(peer, JSON.parse(scenario) as Scenario))}\n`);
process.exit(0);
