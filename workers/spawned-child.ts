/** A child that the worker spawned itself. */

import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import { BinaryNotFoundError, type ExitStatus, SpawnError, WriteError } from "../src/errors.js";
import type { SpawnableLaunch } from "../src/launch/launch-spec.js";
import { guarded } from "./orphan-guard.js";
import type { Transport, TransportSink } from "./transport.js";

/** After the exit, output is over when none came for this long: a grandchild can hold the pipe open for ever. */
const OUTPUT_QUIET_MS = 500;

/**
 * Spawns what the spec says, as it says it: its command is a path that exists, its environment is complete.
 * @throws BinaryNotFoundError, SpawnError
 */
export async function spawnChild(spec: SpawnableLaunch): Promise<SpawnedChild> {
  // Loading execa takes longer than all else here, so it starts first and the probe runs beside it.
  const [{ execa }, [command, args]] = await Promise.all([import("execa"), guarded(spec.command, spec.args)]);
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

/** The three pipes are there: they were asked for. */
type PipedChild = ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable };

export class SpawnedChild implements Transport {
  readonly pid: number | undefined;
  readonly #child: PipedChild;
  readonly #exited: Promise<ExitStatus>;
  readonly #outputClosed: Promise<unknown>;
  /** Calls for a sink that is not there yet. */
  #early: ((sink: TransportSink) => void)[] = [];
  #sink: TransportSink | undefined;
  #chunks = 0;

  constructor(child: object) {
    this.#child = child as PipedChild;
    this.pid = this.#child.pid;
    const { stdin, stdout, stderr } = this.#child;
    this.#exited = new Promise((resolve) => {
      this.#child.once("exit", (exitCode, signal) => resolve({ exitCode, signal }));
    });
    this.#outputClosed = Promise.all([closed(stdout), closed(stderr)]);
    // Until `start` output stays in the pipes. It must be listened to all the same: when the child exits, Node
    // reads what is left of it, and execa lets go of a stream that nobody has claimed.
    stdout.pause();
    stderr.pause();
    stdout.on("data", (chunk: Buffer) => {
      this.#chunks += 1;
      this.#tell((sink) => sink.stdout(chunk));
    });
    const decoder = new StringDecoder("utf8");
    stderr.on("data", (chunk: Buffer) => {
      const text = decoder.write(chunk);
      this.#tell((sink) => sink.stderr(text));
    });
    // Without a listener a broken pipe would end the thread; the write that met it reports it.
    for (const stream of [stdin, stdout, stderr]) stream.on("error", () => {});
  }

  start(sink: TransportSink): void {
    this.#sink = sink;
    for (const call of this.#early) call(sink);
    this.#early = [];
    this.#child.stdout.resume();
    this.#child.stderr.resume();
    void this.#end(sink);
  }

  #tell(call: (sink: TransportSink) => void): void {
    if (this.#sink === undefined) this.#early.push(call);
    else call(this.#sink);
  }

  async #end(sink: TransportSink): Promise<void> {
    const { stdin, stdout, stderr } = this.#child;
    const status = await this.#exited;
    stdout.resume();
    let open = true;
    const over = this.#outputClosed.then(() => {
      open = false;
    });
    for (let seen = -1; open && seen !== this.#chunks; ) {
      seen = this.#chunks;
      await Promise.race([over, sleep(OUTPUT_QUIET_MS, undefined, { ref: false })]);
    }
    for (const stream of [stdin, stdout, stderr]) stream.destroy();
    sink.ended(status);
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
    if (paused) this.#child.stdout.pause();
    else this.#child.stdout.resume();
  }

  endStdin(): void {
    this.#child.stdin.end();
  }
}

function closed(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    stream.once("close", resolve);
    stream.once("end", resolve);
  });
}
