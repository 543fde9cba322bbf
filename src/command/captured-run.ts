import { spawn } from "node:child_process";

/** What a program answered, or why it did not. */
export type CapturedRun = { readonly stdout: string } | { readonly failure: string };

/** How to run a program for its answer. */
export interface CapturedRunOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** More than any status that a program reports. */
const MAX_OUTPUT_BYTES = 64 * 1024;

/**
 * Runs a program to its end and gives what it wrote to stdout, whatever its exit code. At the deadline it is killed
 * with all that it has started; so it is when this process exits before.
 */
export function captureRun(
  command: string,
  args: readonly string[],
  { env, timeoutMs }: CapturedRunOptions,
): Promise<CapturedRun> {
  // A group of its own, so that what a wrapper script has started can be ended with it.
  const grouped = process.platform !== "win32";
  const child = spawn(command, args, { env, detached: grouped, stdio: ["ignore", "pipe", "ignore"] });
  const kill = (): void => {
    if (child.pid === undefined) return;
    try {
      process.kill(grouped ? -child.pid : child.pid, "SIGKILL");
    } catch {
      // Gone already.
    }
  };
  process.once("exit", kill);
  return new Promise<CapturedRun>((resolve) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const give = (run: CapturedRun): void => {
      clearTimeout(timer);
      process.removeListener("exit", kill);
      resolve(run);
    };
    const giveUp = (failure: string): void => {
      kill();
      child.stdout.destroy();
      give({ failure });
    };
    const timer = setTimeout(() => giveUp(`it gave no answer within ${timeoutMs} ms`), timeoutMs);
    child.stdout.on("data", (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > MAX_OUTPUT_BYTES) giveUp(`it wrote more than ${MAX_OUTPUT_BYTES} bytes`);
    });
    child.once("error", (error) => give({ failure: error.message }));
    child.once("close", () => give({ stdout: Buffer.concat(chunks).toString("utf8") }));
  });
}
