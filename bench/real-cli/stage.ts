/** Where a host process finds the real CLI, offline: a scripted model in this process, and nothing else in reach. */

import { findClaude } from "claude-offthread";
import {
  type ModelScript,
  offlineEnv,
  type ScriptedModel,
  startScriptedModel,
} from "../../src/testing/index.js";
import { runRound } from "../round.js";
import type { Measurement } from "../scenario.js";

/** All that a host needs to start the CLI; plain data, for its command line. */
export interface Stage {
  readonly binary: string;
  /** The CLI's whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty folder to run it in. */
  readonly cwd: string;
}

/** What a host measures on the stage. */
export interface HostWork {
  /** A module of `bench/workloads/` that takes `{ stage, ...input }`. */
  readonly workload: string;
  readonly input: object;
}

/** Beyond what any host takes, and within what the suite's runner gives this process. */
const DEADLINE_MS = 60_000;

/**
 * Starts a model that answers from `script` and runs the host in a process of its own, so that its clock starts
 * with nothing loaded, and the model answers while the host's loop is held.
 * @throws Error when the host fails
 */
export async function measureOnStage(
  script: ModelScript,
  { workload, input }: HostWork,
): Promise<{ readonly measurement: Measurement; readonly model: ScriptedModel }> {
  await using model = await startScriptedModel(script);
  await using offline = offlineEnv({ model });
  // Through the package alone: a `claude` on the PATH is somebody's own.
  const { path: binary } = await findClaude({ env: {} });
  const stage: Stage = { binary, env: offline.env, cwd: offline.cwd };
  const work = { workload, input: { ...input, stage } };
  const round = await runRound(work, { metrics: [], deadlineMs: DEADLINE_MS });
  if (round === undefined || "failure" in round)
    throw new Error(`The host process failed: ${round?.failure ?? "it was stopped"}`);
  return { measurement: round.measurement, model };
}
