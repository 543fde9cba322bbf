/** The real CLI, offline, under a client: what the tests in test/client/real-cli/ run on. */

import { randomUUID } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import * as assert from "uvu/assert";
import { AsyncClient } from "../../src/client/async-client.js";
import type { ClientOptions } from "../../src/client/client-options.js";
import { ClaudeCliBuilder, findClaude } from "../../src/launch/index.js";
import { processTree } from "../../src/process/process-tree.js";
import {
  type ModelScript,
  type OfflineEnv,
  offlineEnv,
  type ScriptedModel,
  startScriptedModel,
} from "../../src/testing/index.js";

/** In the environment of all that this program starts, and so of tools whose parent is gone as well. */
const MARK = "OFFTHREAD_TEST_RUN";
const RUN = randomUUID();

/** No wait of a test is longer; a test that gets here has failed. */
export const PATIENCE_MS = 15_000;

/** How a client is opened; the rest are the client's own options. */
export interface OpenOptions extends ClientOptions {
  /** Adds flags to the prepared builder. */
  readonly launch?: (builder: ClaudeCliBuilder) => ClaudeCliBuilder;
}

/** Options of {@link startRealCli}. */
export interface RealCliOptions {
  /** Variables for the child, beside those that keep it offline. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A scripted model, an environment that reaches nothing else, and the clients opened in it. */
export class RealCli<Model extends AsyncDisposable = ScriptedModel> implements AsyncDisposable {
  readonly model: Model;
  readonly offline: OfflineEnv;
  /** Starts the installed binary in that environment and in its empty working folder. */
  readonly builder: ClaudeCliBuilder;
  readonly #clients: AsyncClient[] = [];

  /** @internal Use {@link startRealCli}. */
  constructor(model: Model, offline: OfflineEnv, binary: string) {
    this.model = model;
    this.offline = offline;
    this.builder = new ClaudeCliBuilder().command(binary).cleanEnv(offline.env).workingDirectory(offline.cwd);
  }

  /** A client on a new child; it is shut down together with this. */
  async open({ launch, ...options }: OpenOptions = {}): Promise<AsyncClient> {
    return this.adopt(await AsyncClient.fromBuilder(launch?.(this.builder) ?? this.builder, options));
  }

  /** Takes over a client that a test has opened in another way. */
  adopt(client: AsyncClient): AsyncClient {
    this.#clients.push(client);
    return client;
  }

  /** Ends clients and model and removes the folders. */
  async dispose(): Promise<void> {
    // A turn that was left hanging goes on after the end of stdin, so there is no point in much patience.
    await Promise.all(this.#clients.map((client) => client.shutdown({ graceMs: 500, termMs: 1_000 })));
    await this.model[Symbol.asyncDispose]();
    await this.offline.dispose();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.dispose();
  }
}

/** Starts a scripted model and prepares a launch of the real CLI against it. */
export async function startRealCli(script: ModelScript, options: RealCliOptions = {}): Promise<RealCli> {
  return realCliOn(await startScriptedModel(script), options);
}

/** Prepares a launch of the real CLI against a model that runs already; it is closed together with this. */
export async function realCliOn<Model extends AsyncDisposable & { readonly url: string }>(
  model: Model,
  options: RealCliOptions = {},
): Promise<RealCli<Model>> {
  // Through the package alone: a `claude` on the PATH is somebody's own.
  const { path } = await findClaude({ env: {} });
  const offline = offlineEnv({ model, extra: { ...options.env, [MARK]: RUN } });
  return new RealCli(model, offline, path);
}

/** Polls until the check gives something other than undefined or false. */
export async function until<T>(what: string, check: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const found = check();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await sleep(20);
  }
}

/** A process as /proc shows it. */
export interface SeenProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/** All living processes that this program has started, directly or not, also those whose parent is gone. */
export function startedProcesses(): SeenProcess[] {
  if (process.platform !== "linux") {
    return processTree(process.pid)
      .filter(({ pid }) => pid !== process.pid)
      .map(({ pid }) => ({ pid, commandLine: "" }));
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && readProc(name, "environ").includes(`${MARK}=${RUN}`))
    .map((name) => ({ pid: Number(name), commandLine: readProc(name, "cmdline").replaceAll("\0", " ") }));
}

/** The process, started by this program, whose command line contains a text; waits until there is one. */
export function processRunning(part: string): Promise<SeenProcess> {
  return until(`a process with ${part}`, () =>
    startedProcesses().find(({ commandLine }) => commandLine.includes(part)),
  );
}

/** True while the process exists and is no zombie. */
export function isAlive(pid: number): boolean {
  if (process.platform !== "linux") return processTree(pid).length > 0;
  const stat = readProc(String(pid), "stat");
  return stat !== "" && !/^\) [ZX]/.test(stat.slice(stat.lastIndexOf(")")));
}

/** For the last test of a file. */
export function assertNothingLeft(): void {
  assert.equal(startedProcesses(), []);
}

/** Empty when the process is gone, or somebody else's. */
function readProc(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1");
  } catch {
    return "";
  }
}
