/** What a child says, from its start to its end, whenever somebody comes to listen. */

import type { ChildProcess } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { setTimeout as sleep } from "node:timers/promises";
import type { ExitStatus, SignalName } from "../errors.js";

/** Takes what the child says, in order; `ended` comes last. */
export interface OutputSink {
  stdout(chunk: Buffer): void;
  stderr(text: string): void;
  /** The child has closed its stdout and lives on: it can say nothing more. Not told of one that is just ending. */
  silenced(): void;
  /** The child has exited and all its output has been told. */
  ended(status: ExitStatus): void;
}

/** A child whose stdin and stdout are pipes. */
export type PipedChild = ChildProcess & { stdin: Writable; stdout: Readable; stderr: Readable | null };

/** After the exit, output is over when none came for this long: a grandchild can hold the pipe open for ever. */
const OUTPUT_QUIET_MS = 500;
/** And it can go on writing for ever; what the child itself has left fits into its pipes. */
const OUTPUT_MOST_MS = 3_000;
const OUTPUT_MOST_BYTES = 4 * 1024 * 1024;
const LOOK_EVERY_MS = 25;
/** A child that ends closes its stdout first; one that has not ended by then lives on without it. */
const EXIT_SOON_MS = 2_000;

/**
 * Listens from the moment it is made, but holds the output back until `start`: when a child exits, Node reads what
 * is left in its pipes and drops it if nobody listens.
 */
export class ChildOutput {
  readonly #child: PipedChild;
  readonly #exited: Promise<ExitStatus>;
  readonly #outputClosed: Promise<unknown>;
  /** Calls for a sink that is not there yet. */
  #early: ((sink: OutputSink) => void)[] = [];
  #sink: OutputSink | undefined;
  #chunks = 0;
  #bytes = 0;
  /** Where reading ends; set at the exit. */
  #most = Number.POSITIVE_INFINITY;
  #over = false;

  constructor(child: PipedChild) {
    this.#child = child;
    const { stdin, stdout, stderr } = child;
    this.#exited = exitOf(child);
    this.#outputClosed = Promise.all([closed(stdout), closed(stderr)]);
    stdout.pause();
    stderr?.pause();
    stdout.on("data", (chunk: Buffer) => {
      this.#chunks += 1;
      this.#bytes += chunk.length;
      if (this.#bytes >= this.#most) stdout.pause();
      this.#tell((sink) => sink.stdout(chunk));
    });
    const decoder = new StringDecoder("utf8");
    stderr?.on("data", (chunk: Buffer) => {
      const text = decoder.write(chunk);
      this.#tell((sink) => sink.stderr(text));
    });
    // Without a listener a broken pipe would end the thread; the write that met it reports it.
    for (const stream of [stdin, stdout, stderr]) stream?.on("error", () => {});
  }

  /** Tells everything from here on, and first what came before. */
  start(sink: OutputSink): void {
    this.#sink = sink;
    for (const call of this.#early) call(sink);
    this.#early = [];
    this.#child.stdout.resume();
    this.#child.stderr?.resume();
    void this.#end(sink);
    void this.#watchSilence(sink);
  }

  /** Stops or resumes reading stdout. After the exit it goes on: what is left is little, and nobody waits for it. */
  pause(paused: boolean): void {
    if (this.#over) return;
    if (paused) this.#child.stdout.pause();
    else this.#child.stdout.resume();
  }

  #tell(call: (sink: OutputSink) => void): void {
    if (this.#sink === undefined) this.#early.push(call);
    else call(this.#sink);
  }

  async #watchSilence(sink: OutputSink): Promise<void> {
    await closed(this.#child.stdout);
    await Promise.race([this.#exited, sleep(EXIT_SOON_MS, undefined, { ref: false })]);
    if (!this.#over) sink.silenced();
  }

  async #end(sink: OutputSink): Promise<void> {
    const { stdin, stdout, stderr } = this.#child;
    const status = await this.#exited;
    this.#over = true;
    stdout.resume();
    let open = true;
    const over = this.#outputClosed.then(() => {
      open = false;
    });
    const deadline = performance.now() + OUTPUT_MOST_MS;
    this.#most = this.#bytes + OUTPUT_MOST_BYTES;
    let quietSince = performance.now();
    for (let seen = this.#chunks; open && this.#bytes < this.#most && performance.now() < deadline; ) {
      await Promise.race([over, sleep(LOOK_EVERY_MS, undefined, { ref: false })]);
      if (seen !== this.#chunks) quietSince = performance.now();
      seen = this.#chunks;
      if (performance.now() - quietSince > OUTPUT_QUIET_MS) break;
    }
    for (const stream of [stdin, stdout, stderr]) stream?.destroy();
    sink.ended(status);
  }
}

function exitOf(child: PipedChild): Promise<ExitStatus> {
  const { exitCode, signalCode } = child;
  // Never started: its error event tells why, and nothing else will come.
  if (child.pid === undefined) return Promise.resolve({ exitCode: null, signal: null });
  if (exitCode !== null || signalCode !== null) {
    return Promise.resolve({ exitCode, signal: signalCode });
  }
  return new Promise((resolve) => {
    child.once("exit", (code: number | null, signal: SignalName | null) =>
      resolve({ exitCode: code, signal }),
    );
  });
}

function closed(stream: Readable | null): Promise<void> {
  if (stream === null || stream.destroyed || stream.readableEnded) return Promise.resolve();
  return new Promise((resolve) => {
    stream.once("close", resolve);
    stream.once("end", resolve);
  });
}
