/** Runs the compiled command as a child, on its own or with the real CLI and a scripted model. */

import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type ModelScript,
  type OfflineEnv,
  offlineEnv,
  type ScriptedModel,
  startScriptedModel,
} from "../../src/testing/index.js";
import { ChildRun, realCli } from "../testing/child-run.js";

export const MAIN = fileURLToPath(new URL("../../src/command/main.js", import.meta.url));

/** How the command ended, and what it wrote. */
export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the command; its stdin is a pipe that stays open until `end()`. */
export function start(args: readonly string[], { env, cwd }: Pick<OfflineEnv, "env" | "cwd">): ChildRun {
  return new ChildRun({ command: process.execPath, args: [MAIN, ...args], env, cwd });
}

/** Waits for the end of the command. */
export async function ended(run: ChildRun): Promise<Ended> {
  const end = await run.ended;
  return { ...end, stdout: run.stdout.toString("utf8"), stderr: run.stderr };
}

/** Waits until stdout contains a text; fails when the command ends without it. */
export async function stdoutWith(run: ChildRun, text: string): Promise<void> {
  let over = false;
  void run.ended.then(() => {
    over = true;
  });
  while (!run.stdout.includes(text)) {
    if (over) throw new Error(`ended without ${JSON.stringify(text)} on stdout; stderr: ${run.stderr}`);
    await sleep(20);
  }
}

/** Where a test runs: a scripted model, and an environment built from nothing that leads to it. */
export interface Stage {
  readonly model: ScriptedModel;
  readonly offline: OfflineEnv;
  /** Starts the command. */
  start(...args: readonly string[]): ChildRun;
  /** Starts `query` on the real CLI. */
  query(...args: readonly string[]): ChildRun;
}

/** Sets a stage, and makes sure that nothing runs there any more at the end. */
export async function onStage(script: ModelScript, play: (stage: Stage) => Promise<void>): Promise<void> {
  await using model = await startScriptedModel(script);
  await using offline = offlineEnv({ model });
  const begin = (...args: readonly string[]) => start(args, offline);
  await play({
    model,
    offline,
    start: begin,
    query: (...args) => begin("query", "--claude", realCli(), ...args),
  });
  const left = await leftRunning(offline.home);
  if (left.length > 0) {
    for (const { pid } of left) process.kill(pid, "SIGKILL");
    throw new Error(`still running: ${left.map(({ command }) => command).join("; ")}`);
  }
}

/** A process, and what it was started with. */
export interface SeenProcess {
  readonly pid: number;
  readonly command: string;
}

/** Processes whose environment mentions a folder of the test's own; none where the system does not tell. */
export function processesOf(folder: string): SeenProcess[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      if (!readFileSync(`/proc/${name}/environ`, "latin1").includes(folder)) return [];
      const command = readFileSync(`/proc/${name}/cmdline`, "utf8").replaceAll("\0", " ").slice(0, 200);
      return [{ pid: Number(name), command }];
    } catch {
      return [];
    }
  });
}

/** Waits until a process of the folder fits. */
export async function processThat(folder: string, fits: RegExp): Promise<SeenProcess> {
  for (const patience = performance.now() + 15_000; performance.now() < patience; await sleep(30)) {
    const found = processesOf(folder).find(({ command }) => fits.test(command));
    if (found !== undefined) return found;
  }
  throw new Error(`no process fits ${fits}: ${JSON.stringify(processesOf(folder))}`);
}

/** What still runs in the folder's environment after a moment of grace: a killed process takes one to vanish. */
async function leftRunning(folder: string): Promise<SeenProcess[]> {
  let left = processesOf(folder);
  for (const patience = performance.now() + 1_000; left.length > 0 && performance.now() < patience; ) {
    await sleep(30);
    left = processesOf(folder);
  }
  return left;
}
