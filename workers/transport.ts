/** How a session reaches its child, whoever spawned it. */

import type { ExitStatus } from "../src/errors.js";

/** What a transport tells. Install it with `start`; nothing is told before. */
export interface TransportSink {
  /** Bytes of the child's stdout. */
  stdout(chunk: Buffer): void;
  /** Text of the child's stderr. */
  stderr(text: string): void;
  /** The child has exited and all its output has been told. Called once, last. */
  ended(status: ExitStatus): void;
}

/** A running child. */
export interface Transport {
  readonly pid: number | undefined;
  /** Begins to read. Before this nothing is lost: the pipes hold it. */
  start(sink: TransportSink): void;
  /**
   * Resolves when the system has taken the line.
   * @throws WriteError when stdin is closed or broken.
   */
  write(line: string): Promise<void>;
  /** Stops or resumes reading stdout; stderr is always read. */
  pause(paused: boolean): void;
  endStdin(): void;
}
