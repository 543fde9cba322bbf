/** A child that the caller spawned: main relays its pipes over a port, all parsing stays here. */

import type { MessagePort } from "node:worker_threads";
import type { RelayCommand, RelayEvent } from "../src/channel/control-contract.js";
import { type ExitStatus, WriteError } from "../src/errors.js";
import type { Transport, TransportSink } from "./transport.js";

interface PendingWrite {
  resolve(): void;
  reject(error: Error): void;
}

export class AttachedChild implements Transport {
  readonly pid: number | undefined;
  readonly #port: MessagePort;
  readonly #writes = new Map<number, PendingWrite>();
  #lastWrite = 0;
  #ended = false;

  constructor(port: MessagePort, pid: number | undefined) {
    this.#port = port;
    this.pid = pid;
  }

  start(sink: TransportSink): void {
    this.#port.on("message", (event: RelayEvent) => {
      switch (event.kind) {
        case "stdout":
          return this.#stdout(sink, Buffer.from(event.bytes));
        case "stderr":
          return sink.stderr(event.text);
        case "silenced":
          return sink.silenced();
        case "written":
          return this.#settle(event.id, event.error);
        case "ended":
          return this.#end(sink, { exitCode: event.exitCode, signal: event.signal });
      }
    });
    // The thread that relays is gone, and with it all that could be known of the child.
    this.#port.on("close", () => this.#end(sink, { exitCode: null, signal: null }));
  }

  #stdout(sink: TransportSink, chunk: Buffer): void {
    // Counted first: what becomes a large frame leaves with its buffer.
    const bytes = chunk.length;
    sink.stdout(chunk);
    this.#command({ kind: "taken", bytes });
  }

  #end(sink: TransportSink, status: ExitStatus): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#port.close();
    for (const id of this.#writes.keys()) this.#settle(id, "the child has exited");
    sink.ended(status);
  }

  write(line: string): Promise<void> {
    if (this.#ended)
      return Promise.reject(new WriteError("The child no longer reads its input: it has exited."));
    const id = ++this.#lastWrite;
    return new Promise((resolve, reject) => {
      this.#writes.set(id, { resolve, reject });
      this.#command({ kind: "write", id, line });
    });
  }

  pause(paused: boolean): void {
    this.#command({ kind: "pause", paused });
  }

  endStdin(): void {
    this.#command({ kind: "end-stdin" });
  }

  #command(command: RelayCommand): void {
    this.#port.postMessage(command);
  }

  #settle(id: number, error: string | undefined): void {
    const write = this.#writes.get(id);
    this.#writes.delete(id);
    if (error === undefined) write?.resolve();
    else write?.reject(new WriteError(`The child no longer reads its input: ${error}`));
  }
}
