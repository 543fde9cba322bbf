/** Clients of the scripted CLI for the fault and load tests, and the proof that nothing of them stays. */

import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import {
  AsyncClient,
  type ClaudeError,
  type ClaudeOutput,
  type ClientOptions,
  type LaunchSpec,
} from "../../src/index.js";
import { type CliScript, type ScriptedCliOptions, scriptedCli } from "../../src/testing/index.js";
import { rejects } from "./rejects.js";

/** How long anything is waited for that must come; a test that has waited this long has failed. */
export const PATIENCE_MS = 20_000;

/** Everything that a file starts carries this variable, and hands it down to what it starts itself. */
const MARK_NAME = "SCRIPTED_TEST_RUN";
const MARK = randomUUID();

const started = new Set<number>();

/** A launch spec whose process tree {@link assertNothingRuns} can find. */
export function marked(spec: LaunchSpec): LaunchSpec {
  return { ...spec, env: { ...spec.env, [MARK_NAME]: MARK } };
}

/** Starts a stand-in. Its client can be left to `await using`, which then loses no time on a stubborn child. */
export async function open(
  script: CliScript = [],
  options: ClientOptions = {},
  cli: ScriptedCliOptions = {},
): Promise<AsyncClient> {
  return openSpec(scriptedCli(script, cli), options);
}

/** Starts any program that is no stand-in. */
export async function openSpec(spec: LaunchSpec, options: ClientOptions = {}): Promise<AsyncClient> {
  const client = await AsyncClient.spawn(marked(spec), {
    shutdown: { graceMs: 2_000, termMs: 1_000 },
    ...options,
  });
  const pid = client.pid();
  if (pid !== undefined) started.add(pid);
  return client;
}

/** A program without the stand-in: Node running some lines of CommonJS. */
export function nodeProgram(code: string): LaunchSpec {
  const { PATH } = process.env;
  return { command: process.execPath, args: ["-e", code], env: PATH === undefined ? {} : { PATH } };
}

/** The promise's outcome; fails the test when there is none in time. */
export async function inTime<T>(what: string, promise: Promise<T>, timeoutMs = PATIENCE_MS): Promise<T> {
  const abort = new AbortController();
  const late = sleep(timeoutMs, undefined, { signal: abort.signal }).then(() =>
    assert.unreachable(`${what} did not settle within ${timeoutMs} ms`),
  );
  late.catch(() => {});
  try {
    return await Promise.race([promise, late as Promise<never>]);
  } finally {
    abort.abort();
  }
}

/** What the promise is rejected with; fails the test when it is not, or not in time. */
export function failure<E = ClaudeError>(what: string, promise: Promise<unknown>): Promise<E> {
  return rejects<E>(inTime(what, promise));
}

/** The `code` that the promise is rejected with. */
export async function failureCode(what: string, promise: Promise<unknown>): Promise<string> {
  return (await failure(what, promise)).code;
}

/** Looks until there is something to see. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const seen = look();
    if (seen !== undefined && seen !== false) return seen;
    assert.ok(performance.now() < deadline, `${what} has not come within ${PATIENCE_MS} ms`);
    await sleep(20);
  }
}

/** What `receive()` gives: a message, or the code of the error for a line that is none. */
export type Received = ClaudeOutput | string;

/** Receives so many entries, messages and refused lines alike. */
export async function receive(client: AsyncClient, count: number): Promise<Received[]> {
  const entries: Received[] = [];
  while (entries.length < count) {
    try {
      entries.push(await client.receive({ timeoutMs: PATIENCE_MS }));
    } catch (error) {
      entries.push(codeOfLine(error));
    }
  }
  return entries;
}

/** Receives until the child's end, which is given with it. */
export async function receiveToEnd(
  client: AsyncClient,
): Promise<{ readonly entries: Received[]; readonly end: ClaudeError }> {
  const entries: Received[] = [];
  for (;;) {
    try {
      entries.push(await client.receive({ timeoutMs: PATIENCE_MS }));
    } catch (error) {
      const { code } = error as ClaudeError;
      if (code === "CONNECTION_CLOSED") return { entries, end: error as ClaudeError };
      entries.push(codeOfLine(error));
    }
  }
}

function codeOfLine(error: unknown): string {
  const { code } = error as ClaudeError;
  if (code === "DESERIALIZATION" || code === "FRAME_TOO_LARGE") return code;
  throw error;
}

/** A user message for `send`. */
export function user(content: string) {
  return { type: "user", message: { role: "user", content } } as const;
}

/** True while a process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  if (process.platform === "linux") return stateOf(pid) !== undefined;
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** Fails the test unless the process ends in time. */
export async function assertEnds(what: string, pid: number): Promise<void> {
  await until(`the end of ${what}`, () => !isRunning(pid));
}

/** The last test of a file: no process that it has started runs any more, nor what they have started. */
export async function assertNothingRuns(): Promise<void> {
  const patience = performance.now() + 2_000;
  let left = leftBehind();
  while (left.length > 0 && performance.now() < patience) {
    await sleep(50);
    left = leftBehind();
  }
  for (const pid of left) process.kill(pid, "SIGKILL");
  assert.equal(left, [], "processes left running");
}

function leftBehind(): number[] {
  const left = [...started].filter(isRunning);
  if (process.platform !== "linux") return left;
  const pids = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return pids.filter((pid) => pid !== process.pid && (left.includes(pid) || isMarked(pid)));
}

function isMarked(pid: number): boolean {
  return (readProc(pid, "environ") ?? "").includes(`${MARK_NAME}=${MARK}`);
}

function stateOf(pid: number): string | undefined {
  const stat = readProc(pid, "stat");
  const state = stat?.slice(stat.lastIndexOf(")") + 2, stat.lastIndexOf(")") + 3);
  return state === "Z" || state === "X" ? undefined : state;
}

function readProc(pid: number, file: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return undefined;
  }
}

/** Reads past everything up to a message of this type. */
export async function readPast(client: AsyncClient, type: string): Promise<void> {
  for (;;) {
    const message = await client.receive({ timeoutMs: PATIENCE_MS });
    if (String(message.type) === type) return;
  }
}
