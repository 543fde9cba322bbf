import { spawn } from "node:child_process";
import { once } from "node:events";
import type { Readable, Writable } from "node:stream";
import type { Flood } from "../child/flood.js";

/** The child with nothing but Node around it. */
export interface RawChild {
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** Ends the child by the end of its stdin. */
  close(): Promise<void>;
}

/** Spawns the child and waits until it has made its frames. */
export async function startRawChild(flood: Flood): Promise<RawChild> {
  const child = spawn(flood.command, flood.args, {
    env: { ...flood.env },
    stdio: ["pipe", "pipe", "ignore"],
  });
  const { stdin, stdout } = child;
  const exited = once(child, "exit");
  await Promise.race([
    flood.manifest(),
    exited.then(([code]) => {
      throw new Error(`The child ended with exit code ${code} before it was ready.`);
    }),
  ]);
  return {
    stdin,
    stdout,
    async close() {
      stdin.end();
      await exited;
    },
  };
}
