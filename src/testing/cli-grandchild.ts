import { spawn } from "node:child_process";
import { once } from "node:events";

/** Options of {@link spawnSleeper}. */
export interface SleeperOptions {
  readonly ignoreSigterm: boolean;
  /** After this the process ends by itself. */
  readonly lifetimeMs: number;
}

/** Starts a sleeping process in its own process group and resolves with its pid when it is ready for signals. */
export async function spawnSleeper(options: SleeperOptions): Promise<number> {
  const code = [
    options.ignoreSigterm ? 'process.on("SIGTERM", () => {});' : "",
    `setTimeout(() => {}, ${Math.max(0, Math.round(options.lifetimeMs))});`,
    'process.stdout.write("ready");',
  ].join("");
  const sleeper = spawn(process.execPath, ["-e", code], {
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  await once(sleeper.stdout, "data");
  sleeper.stdout.destroy();
  sleeper.unref();
  return sleeper.pid ?? 0;
}
