/** A child that the worker spawned itself. */

import type { SessionLedger } from "../src/channel/session-ledger.js";
import { BinaryNotFoundError, SpawnError, WriteError } from "../src/errors.js";
import type { SpawnableLaunch } from "../src/launch/launch-spec.js";
import { ChildOutput, type PipedChild } from "../src/process/child-output.js";
import { guarded } from "./orphan-guard.js";
import type { Transport, TransportSink } from "./transport.js";

/**
 * Spawns what the spec says, as it says it: its command is a path that exists, its environment is complete.
 * The ledger is told of the child before anything else can happen: from then on the main thread can end it.
 * @throws BinaryNotFoundError, SpawnError
 */
export async function spawnChild(
  spec: SpawnableLaunch,
  ledger: Pick<SessionLedger, "announceSpawn" | "started">,
): Promise<SpawnedChild> {
  // Loading execa takes longer than all else here, so it starts first and the probe runs beside it.
  const [{ execa }, [command, args]] = await Promise.all([import("execa"), guarded(spec.command, spec.args)]);
  if (!ledger.announceSpawn()) {
    throw new SpawnError("The host process is ending; nothing is started any more.", {
      command: spec.command,
    });
  }
  const child = execa(command, args, {
    env: { ...spec.env },
    extendEnv: false,
    ...(spec.cwd !== undefined && { cwd: spec.cwd }),
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    // Frames are read here, as bytes; execa would keep a copy of all output.
    buffer: false,
    encoding: "buffer",
    reject: false,
    // Its exit hook sees only the end of the main thread; the reaper there owns that.
    cleanup: false,
    // Away from the terminal's process group: Ctrl+C is the host's to handle.
    detached: process.platform !== "win32",
    windowsHide: true,
  });
  if (child.pid === undefined) throw spawnFailure(spec, await child);
  ledger.started(child.pid);
  return new SpawnedChild(child);
}

function spawnFailure(
  spec: SpawnableLaunch,
  result: { code?: string | undefined; originalMessage?: string | undefined },
): Error {
  if (result.code === "ENOENT") {
    const message = `Cannot start ${spec.command}: no such file. Check the path, or install the Claude Code CLI.`;
    return new BinaryNotFoundError(message, { binary: spec.command, searched: [spec.command] });
  }
  const reason = result.originalMessage ?? result.code ?? "unknown reason";
  return new SpawnError(`Cannot start ${spec.command}: ${reason}`, {
    command: spec.command,
    errno: result.code,
  });
}

export class SpawnedChild implements Transport {
  readonly pid: number | undefined;
  readonly #child: PipedChild;
  readonly #output: ChildOutput;

  constructor(child: object) {
    // The pipes are there: they were asked for.
    this.#child = child as PipedChild;
    this.pid = this.#child.pid;
    this.#output = new ChildOutput(this.#child);
  }

  start(sink: TransportSink): void {
    this.#output.start(sink);
  }

  write(line: string): Promise<void> {
    const { stdin } = this.#child;
    return new Promise((resolve, reject) => {
      stdin.write(line, (error) => {
        if (error == null) resolve();
        else
          reject(new WriteError(`The child no longer reads its input: ${error.message}`, { cause: error }));
      });
    });
  }

  pause(paused: boolean): void {
    this.#output.pause(paused);
  }

  endStdin(): void {
    this.#child.stdin.end();
  }
}
