/**
 * Relays a child that the caller spawned to the worker: its chunks by transfer, so that this thread neither
 * splits nor parses them. The child's streams live here, so this thread's loop must turn for them to flow.
 */

import type { ChildProcess } from "node:child_process";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import type { RelayCommand, RelayEvent } from "../channel/control-contract.js";
import { ownBuffer } from "../channel/own-buffer.js";
import { InvalidArgumentError } from "../errors.js";
import { ChildOutput, type PipedChild } from "../process/child-output.js";

/** A port has no backpressure: beyond this much unparsed the child's stdout is paused. */
const MOST_IN_FLIGHT_BYTES = 1024 * 1024;

/** Begins to relay; returns the worker's end. @throws InvalidArgumentError when stdin or stdout is no pipe. */
export function relay(child: ChildProcess): MessagePort {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) {
    throw new InvalidArgumentError('The child needs pipes: spawn it with stdio: ["pipe", "pipe", "pipe"].');
  }
  const { port1: port, port2 } = new MessageChannel();
  const tell = (event: RelayEvent, transfer: ArrayBuffer[] = []): void => port.postMessage(event, transfer);

  const output = new ChildOutput(child as PipedChild);
  let paused = false;
  let inFlight = 0;
  const pauseOrResume = (): void => output.pause(paused || inFlight > MOST_IN_FLIGHT_BYTES);
  output.start({
    stdout: (chunk) => {
      const bytes = ownBuffer(chunk);
      inFlight += bytes.byteLength;
      pauseOrResume();
      tell({ kind: "stdout", bytes }, [bytes]);
    },
    stderr: (text) => tell({ kind: "stderr", text }),
    silenced: () => tell({ kind: "silenced" }),
    // The worker closes its end of the port once it has read this.
    ended: (status) => tell({ kind: "ended", ...status }),
  });

  port.on("message", (command: RelayCommand) => {
    switch (command.kind) {
      case "write":
        stdin.write(command.line, (error) => {
          tell({ kind: "written", id: command.id, ...(error && { error: error.message }) });
        });
        break;
      case "pause":
        paused = command.paused;
        pauseOrResume();
        break;
      case "taken":
        inFlight -= command.bytes;
        pauseOrResume();
        break;
      case "end-stdin":
        stdin.end();
        break;
    }
  });

  child.on("error", () => {});
  return port2;
}
