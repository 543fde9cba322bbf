/**
 * Relays a child that the caller spawned to the worker: its chunks by transfer, so that this thread neither
 * splits nor parses them. The child's streams live here, so this thread's loop must turn for them to flow.
 */

import type { ChildProcess } from "node:child_process";
import { StringDecoder } from "node:string_decoder";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { RelayCommand, RelayEvent } from "../channel/control-contract.js";
import { ownBuffer } from "../channel/own-buffer.js";
import { type ExitStatus, InvalidArgumentError } from "../errors.js";

/** Begins to relay; returns the worker's end. @throws InvalidArgumentError when stdin or stdout is no pipe. */
export function relay(child: ChildProcess): MessagePort {
  const { stdin, stdout, stderr } = child;
  if (stdin === null || stdout === null) {
    throw new InvalidArgumentError('The child needs pipes: spawn it with stdio: ["pipe", "pipe", "pipe"].');
  }
  const { port1: port, port2 } = new MessageChannel();
  const tell = (event: RelayEvent, transfer: ArrayBuffer[] = []): void => port.postMessage(event, transfer);

  stdout.on("data", (chunk: Buffer) => {
    const bytes = ownBuffer(chunk);
    tell({ kind: "stdout", bytes }, [bytes]);
  });
  if (stderr !== null) {
    const decoder = new StringDecoder("utf8");
    stderr.on("data", (chunk: Buffer) => tell({ kind: "stderr", text: decoder.write(chunk) }));
  }
  for (const stream of [stdin, stdout, stderr]) stream?.on("error", () => {});

  port.on("message", (command: RelayCommand) => {
    switch (command.kind) {
      case "write":
        stdin.write(command.line, (error) => {
          tell({ kind: "written", id: command.id, ...(error && { error: error.message }) });
        });
        break;
      case "pause":
        if (command.paused) stdout.pause();
        else stdout.resume();
        break;
      case "end-stdin":
        stdin.end();
        break;
    }
  });

  const ended = (status: ExitStatus): void => {
    tell({ kind: "ended", ...status });
    // The worker closes its end once it has read this.
  };
  if (child.exitCode !== null || child.signalCode !== null) {
    ended({ exitCode: child.exitCode, signal: child.signalCode });
  } else {
    child.once("close", (exitCode, signal) => ended({ exitCode, signal }));
    child.once("error", () => {});
  }
  return port2;
}
