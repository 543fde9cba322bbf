import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism, cpus, loadavg, release, totalmem, type } from "node:os";
import { pathToFileURL } from "node:url";
import { checkVersion, findClaude } from "claude-offthread";
import { offlineEnv } from "../src/testing/index.js";

/** Where figures come from; without it they mean nothing. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Runnable processes before the run, averaged over 1, 5 and 15 minutes; zeros on Windows. */
  readonly loadAverage: readonly number[];
  readonly os: string;
  readonly node: string;
  readonly versions: Versions;
}

/** Versions of what is compared; `unknown (reason)` where one could not be told. */
export interface Versions {
  readonly offthread: string;
  readonly sdk: string;
  readonly cli: string;
}

/** Looks at this machine. Starts `claude --version`, offline and with nothing of this environment but PATH. */
export async function describeMachine(): Promise<Machine> {
  const [{ model = "unknown processor" } = {}] = cpus();
  return {
    processor: model.trim(),
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    loadAverage: loadavg(),
    os: `${type()} ${release()} ${process.arch}`,
    node: process.version,
    versions: { offthread: ownVersion(), sdk: sdkVersion(), cli: await cliVersion() },
  };
}

/** A sentence when the machine was busy before the run, so that figures may be wrong; otherwise undefined. */
export function busyWarning({ loadAverage: [lastMinute = 0], cores }: Machine): string | undefined {
  if (lastMinute <= cores / 2) return undefined;
  return `The machine was busy before the run (load ${lastMinute.toFixed(1)} on ${cores} cores): times are not to be trusted.`;
}

function ownVersion(): string {
  return versionIn(new URL("../../package.json", import.meta.url));
}

function sdkVersion(): string {
  try {
    const entry = createRequire(import.meta.url).resolve("@anthropic-ai/claude-agent-sdk");
    return versionIn(new URL("package.json", pathToFileURL(entry)));
  } catch (error) {
    return unknown(error);
  }
}

function versionIn(manifest: URL): string {
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  return version;
}

async function cliVersion(): Promise<string> {
  // The version is asked for without a conversation: nobody listens at this address.
  await using offline = offlineEnv({ baseUrl: "http://127.0.0.1:9" });
  try {
    const { path } = await findClaude();
    const { version, detail } = await checkVersion(path, { env: offline.env });
    return version ?? `unknown (${detail})`;
  } catch (error) {
    return unknown(error);
  }
}

function unknown(error: unknown): string {
  return `unknown (${error instanceof Error ? error.message : String(error)})`;
}
