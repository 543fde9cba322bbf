import { mkdirSync, mkdtempSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { InvalidArgumentError } from "../errors.js";

/** Options of {@link offlineEnv}. */
export interface OfflineEnvOptions {
  /** The Messages API to use; must be on this machine. Give this or `model`. */
  readonly baseUrl?: string;
  /** A running scripted model, whose `url` is used. */
  readonly model?: { readonly url: string };
  /**
   * Home folder to use instead of a fresh one; it is not removed by `dispose()`. To resume a session in another
   * process, rather use one environment for both: sessions are stored by home and working directory.
   */
  readonly home?: string;
  /** More variables; they win over all but those that keep the child offline. */
  readonly extra?: Readonly<Record<string, string>>;
}

/** The environment and folders for one or more child processes; made by {@link offlineEnv}. */
export interface OfflineEnv extends AsyncDisposable {
  /** The child's whole environment; nothing of the host's but `PATH` is in it. */
  readonly env: Record<string, string>;
  /** `HOME`, and the parent of `CLAUDE_CONFIG_DIR`. */
  readonly home: string;
  /** An empty folder to run the child in. */
  readonly cwd: string;
  /** `TMPDIR` of the child. */
  readonly tmp: string;
  /** Removes the temporary folders, with all that the child has left there. Idempotent. */
  dispose(): Promise<void>;
}

const NOWHERE = "http://127.0.0.1:9";
const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/**
 * Builds the environment of a CLI that cannot leave the machine: made from nothing, with fresh folders, a
 * dummy API key, the given loopback API, telemetry and updates off, and a proxy that leads nowhere for
 * everything else. No credential of the user can be found through it.
 *
 * @throws InvalidArgumentError when the base URL is not on loopback, or `extra` would undo the isolation
 * @example
 * await using offline = offlineEnv({ model });
 * const child = spawn(claude, ["--print", "hello"], { env: offline.env, cwd: offline.cwd });
 */
export function offlineEnv(options: OfflineEnvOptions): OfflineEnv {
  const baseUrl = loopbackUrl(options.baseUrl ?? options.model?.url);
  const isolation = isolationVariables(baseUrl);
  for (const name of Object.keys(options.extra ?? {})) {
    if (name.toUpperCase() in isolation) {
      throw new InvalidArgumentError(
        `offlineEnv({ extra }): ${name} keeps the child offline and cannot be changed`,
      );
    }
  }
  const root = mkdtempSync(join(tmpdir(), "offthread-"));
  const home = options.home ?? join(root, "home");
  const cwd = join(root, "work");
  const tmp = join(root, "tmp");
  for (const folder of [home, join(home, ".claude"), cwd, tmp]) mkdirSync(folder, { recursive: true });
  let removed: Promise<void> | undefined;
  // Retries, because a child that is just ending may still write into the folder.
  const dispose = () =>
    (removed ??= rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));
  return {
    env: {
      ...systemVariables(),
      ANTHROPIC_API_KEY: "sk-offline-dummy",
      ...folderVariables(home, tmp),
      ...options.extra,
      ...isolation,
    },
    home,
    cwd,
    tmp,
    dispose,
    [Symbol.asyncDispose]: dispose,
  };
}

function loopbackUrl(value: string | undefined): string {
  if (value === undefined) throw new InvalidArgumentError("offlineEnv() needs a baseUrl or a model");
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || !LOOPBACK.test(url.hostname)) {
    throw new InvalidArgumentError(
      `offlineEnv({ baseUrl: ${JSON.stringify(value)} }): only an http URL on 127.0.0.1, ::1 or localhost is offline`,
    );
  }
  return value;
}

/** What a process needs of its system to start at all. */
function systemVariables(): Record<string, string> {
  const names = process.platform === "win32" ? ["PATH", "PATHEXT", "SystemRoot", "ComSpec"] : ["PATH"];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

function folderVariables(home: string, tmp: string): Record<string, string> {
  const shared = {
    HOME: home,
    CLAUDE_CONFIG_DIR: join(home, ".claude"),
    TMPDIR: tmp,
    CLAUDE_CODE_TMPDIR: tmp,
  };
  return process.platform === "win32" ? { ...shared, USERPROFILE: home, TEMP: tmp, TMP: tmp } : shared;
}

function isolationVariables(baseUrl: string): Record<string, string> {
  const proxies = {
    HTTP_PROXY: NOWHERE,
    HTTPS_PROXY: NOWHERE,
    ALL_PROXY: NOWHERE,
    NO_PROXY: "127.0.0.1,localhost,::1",
  };
  // Tools of the child heed either spelling; curl takes http_proxy in lower case alone.
  const lowerCase = Object.entries(proxies).map(([name, value]) => [name.toLowerCase(), value]);
  return {
    ...proxies,
    ...Object.fromEntries(lowerCase),
    ANTHROPIC_BASE_URL: baseUrl,
    DISABLE_TELEMETRY: "1",
    DISABLE_ERROR_REPORTING: "1",
    DISABLE_AUTOUPDATER: "1",
    CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: "1",
  };
}
