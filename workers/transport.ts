/** How a session reaches its child, whoever spawned it. */

import type { OutputSink } from "../src/process/child-output.js";

/** What a transport tells. Install it with `start`; nothing is told before. */
export type TransportSink = OutputSink;

/** A running child. */
export interface Transport {
  readonly pid: number | undefined;
  /** Begins to tell. What came before is told first. */
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
