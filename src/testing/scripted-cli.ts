import { rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InvalidArgumentError } from "../errors.js";
import type { LaunchSpec } from "../launch/launch-spec.js";
import type { CliScript } from "./cli-script.js";

/** Options of {@link scriptedCli}. */
export interface ScriptedCliOptions {
  /** Flags as for the real CLI; the stand-in heeds `--session-id`, `--resume`, `--fork-session`, `--version`. */
  readonly args?: readonly string[];
  readonly cwd?: string;
  /** Variables beside `PATH`; nothing else of the host's environment is passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** Becomes `--session-id`; by default the stand-in makes an id up. */
  readonly sessionId?: string;
  /** The stand-in ends by itself after this time, whatever its script ignores; default 60,000 ms. */
  readonly lifetimeMs?: number;
  /** What `--version` tells; default the version whose behaviour is imitated. */
  readonly version?: string;
}

const PROGRAM = fileURLToPath(new URL("./scripted-cli-program.js", import.meta.url));
/** Linux takes 128 KiB in one argument; all arguments together must fit 1 MiB on macOS, 32 KiB on Windows. */
const PART_LENGTH = process.platform === "win32" ? 24_000 : 96_000;
const INLINE_LENGTH = process.platform === "win32" ? 24_000 : 480_000;
const MAX_LIFETIME_MS = 2 ** 31 - 1;

/**
 * A launch spec for a stand-in `claude`: Node running a small program that speaks the wire from a script. It
 * behaves as the real CLI does where the script does not say otherwise: it echoes prompts as whole turns,
 * answers `initialize` and `interrupt`, gives a fresh session on `/clear`, finishes the running turn and
 * exits 0 at the end of stdin, exits 143 on SIGTERM and 1 on a stdin line that is no JSON.
 *
 * The script travels as data in the arguments. One of more than 480,000 characters goes through a temporary
 * file that the program removes, so that such a spec can be launched only once.
 *
 * @example
 * const client = await AsyncClient.spawn(scriptedCli([onUser("Hello!", turn(requestPermission("Bash", {})))]));
 */
export function scriptedCli(script: CliScript = [], options: ScriptedCliOptions = {}): LaunchSpec {
  const { lifetimeMs = 60_000, version, cwd, sessionId } = options;
  if (!(lifetimeMs >= 1 && lifetimeMs <= MAX_LIFETIME_MS)) {
    throw new InvalidArgumentError(`scriptedCli({ lifetimeMs: ${lifetimeMs} }): 1 to ${MAX_LIFETIME_MS} ms`);
  }
  const flags = sessionId === undefined ? [] : [`--session-id=${sessionId}`];
  return {
    command: process.execPath,
    args: [
      PROGRAM,
      ...delivery(asciiJson({ script, lifetimeMs, version })),
      ...flags,
      ...(options.args ?? []),
    ],
    env: { ...(process.env.PATH === undefined ? {} : { PATH: process.env.PATH }), ...options.env },
    ...(cwd === undefined ? {} : { cwd }),
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

function delivery(json: string): string[] {
  if (json.length > INLINE_LENGTH) return ["file", writeOnce(json)];
  const parts: string[] = [];
  for (let start = 0; start < json.length; start += PART_LENGTH)
    parts.push(json.slice(start, start + PART_LENGTH));
  return ["inline", String(parts.length), ...parts];
}

/** Only ASCII, so that it can be cut anywhere and no locale can spoil it. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Files that no program has read yet, as far as this process knows. */
const unread = new Set<string>();

function writeOnce(json: string): string {
  // For specs that are never launched. One listener for all of them: Node warns of the eleventh.
  if (unread.size === 0) {
    process.once("exit", () => {
      for (const path of unread) rmSync(path, { force: true });
    });
  }
  const path = join(tmpdir(), `offthread-script-${crypto.randomUUID()}.json`);
  writeFileSync(path, json, { flag: "wx", mode: 0o600 });
  unread.add(path);
  return path;
}
