/** The ways to have many independent prompts answered by the real CLI, some of them at a time. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Stage } from "./stage.js";
import { resultOf } from "./wire-message.js";

/** One of the ways: by what, and how many prompts a process serves. */
export const BATCH_WAYS = [
  "offthread session",
  "offthread process",
  "offthread lean",
  "sdk query",
  "readline loop",
  "xargs",
] as const;

/** One of {@link BATCH_WAYS}. */
export type BatchWay = (typeof BATCH_WAYS)[number];

/** Has all prompts answered, `concurrency` at a time, and gives the answers in any order; loads what it needs alone. */
export function answerAll(
  way: BatchWay,
  prompts: readonly string[],
  concurrency: number,
  stage: Stage,
): Promise<string[]> {
  switch (way) {
    case "sdk query":
      return sdkQueries(prompts, concurrency, stage);
    case "readline loop":
      return warmLoops(prompts, concurrency, stage);
    case "xargs":
      return xargs(prompts, concurrency, stage);
    default:
      return offthread(way, prompts, concurrency, stage);
  }
}

async function offthread(
  way: BatchWay,
  prompts: readonly string[],
  concurrency: number,
  { binary, env, cwd }: Stage,
): Promise<string[]> {
  const { ClaudeCliBuilder, runBatch } = await import("claude-offthread");
  const plain = new ClaudeCliBuilder().command(binary).cleanEnv(env).workingDirectory(cwd);
  const builder = way === "offthread lean" ? plain.lean() : plain;
  const isolation = way === "offthread process" ? "process" : "session";
  const answers: string[] = [];
  for await (const { text } of runBatch(prompts, { builder, concurrency, isolation })) answers.push(text);
  return answers;
}

/** The official SDK as its documentation has it: one `query()` for each prompt. */
async function sdkQueries(
  prompts: readonly string[],
  concurrency: number,
  { binary, env, cwd }: Stage,
): Promise<string[]> {
  const { query } = await import("@anthropic-ai/claude-agent-sdk");
  // Unless told otherwise it sends an empty system prompt; this is the CLI's own, which all others send.
  const systemPrompt = { type: "preset", preset: "claude_code" } as const;
  const options = { pathToClaudeCodeExecutable: binary, env: { ...env }, cwd, systemPrompt };
  return inLoops(prompts, concurrency, async () => ({
    ask: (prompt) => resultText(query({ prompt, options })),
    close: async () => {},
  }));
}

/** What one writes by hand around warm processes: the prompt, its result, `/clear`, its result. */
async function warmLoops(prompts: readonly string[], concurrency: number, stage: Stage): Promise<string[]> {
  const { openReadline } = await import("./readline.js");
  return inLoops(prompts, concurrency, async () => {
    const conversation = await openReadline(stage, {});
    let isFirst = true;
    return {
      ask: async (prompt) => {
        if (!isFirst) await resultText(conversation.ask("/clear"));
        isFirst = false;
        return resultText(conversation.ask(prompt));
      },
      close: () => conversation.close(),
    };
  });
}

/** The shell's way: `xargs` starts a CLI for each line. */
async function xargs(
  prompts: readonly string[],
  concurrency: number,
  { binary, env, cwd }: Stage,
): Promise<string[]> {
  const args = ["-P", String(concurrency), "-I", "{}", binary, "--print", "{}"];
  const child = spawn("xargs", args, { env: { ...env }, cwd, stdio: ["pipe", "pipe", "inherit"] });
  const exited = once(child, "exit");
  child.stdin.end(prompts.map((prompt) => `${prompt}\n`).join(""));
  const answers: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) answers.push(line);
  await exited;
  return answers;
}

/** Something that answers one prompt after the other. */
interface Answerer {
  ask(prompt: string): Promise<string>;
  close(): Promise<void>;
}

async function inLoops(
  prompts: readonly string[],
  concurrency: number,
  open: () => Promise<Answerer>,
): Promise<string[]> {
  const waiting = [...prompts];
  const answers: string[] = [];
  const loop = async (): Promise<void> => {
    const answerer = await open();
    for (let prompt = waiting.shift(); prompt !== undefined; prompt = waiting.shift()) {
      answers.push(await answerer.ask(prompt));
    }
    await answerer.close();
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  return answers;
}

async function resultText(messages: AsyncIterable<unknown>): Promise<string> {
  let text: unknown;
  for await (const message of messages) text = resultOf(message)?.text ?? text;
  return String(text);
}
