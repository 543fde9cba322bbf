/** A child that the caller spawned: main relays its pipes over a port, all parsing stays here. */

import type { MessagePort } from "node:worker_threads";
import type { RelayCommand, RelayEvent } from "../src/channel/control-contract.js";
import { WriteError } from "../src/errors.js";
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

  constructor(port: MessagePort, pid: number | undefined) {
    this.#port = port;
    this.pid = pid;
  }

  start(sink: TransportSink): void {
    this.#port.on("message", (event: RelayEvent) => {
      switch (event.kind) {
        case "stdout":
          return sink.stdout(Buffer.from(event.bytes));
        case "stderr":
          return sink.stderr(event.text);
        case "written":
          return this.#settle(event.id, event.error);
        case "ended":
          this.#port.close();
          for (const id of this.#writes.keys()) this.#settle(id, "the child has exited");
          return sink.ended({ exitCode: event.exitCode, signal: event.signal });
      }
    });
  }

  write(line: string): Promise<void> {
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
