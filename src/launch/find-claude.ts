import { basename, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { BinaryNotFoundError, SpawnError } from "../errors.js";
import { candidates, findInDirectories, obstacleTo, pathDirectories } from "./executable.js";
import { checkText } from "./flag-value.js";
import { findInPackages } from "./installed-package.js";
import { DEFAULT_COMMAND } from "./launch-spec.js";

/** Where the executable was found: named by the caller, on PATH, or in an installed package. */
export type BinarySource = "explicit" | "path" | "package";

/** An executable that exists, by its absolute path. */
export interface FoundBinary {
  readonly path: string;
  readonly source: BinarySource;
}

/** Options of `findClaude`. */
export interface FindClaudeOptions {
  /** A path (absolute, or with a separator and then relative to `cwd`) or a name. Default: `claude`. */
  readonly command?: string | undefined;
  /** The environment whose PATH counts. Default: the host's. */
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  /** Where relative paths start and installed packages are looked for. Default: the host's. */
  readonly cwd?: string | undefined;
}

const HOW_TO_INSTALL =
  "Install Claude Code (`npm install -g @anthropic-ai/claude-code`, or see https://code.claude.com/docs), " +
  "or name its file with ClaudeCliBuilder.command(path).";

/**
 * Finds the executable: a path as it is; a name on PATH; and `claude`, when PATH has none, in an installed
 * `@anthropic-ai/claude-agent-sdk` or `@anthropic-ai/claude-code`, seen from this package or from `cwd`.
 *
 * @throws BinaryNotFoundError when there is none; SpawnError for a path that exists but cannot be executed.
 */
export async function findClaude(options: FindClaudeOptions = {}): Promise<FoundBinary> {
  const { command = DEFAULT_COMMAND, env = process.env, cwd = process.cwd() } = options;
  checkText("command", command);
  if (isAbsolute(command) || basename(command) !== command) return explicitBinary(command, cwd);

  const directories = pathDirectories(env, cwd);
  const onPath = await findInDirectories(command, directories, env);
  if (onPath !== undefined) return { path: onPath, source: "path" };

  const searched = candidates(command, directories);
  const found = await reasonsAgainst(searched);
  const path =
    directories.length === 0 ? "PATH is empty" : `PATH has ${directories.length} directories${found}`;
  if (command !== DEFAULT_COMMAND) {
    throw new BinaryNotFoundError(
      `The command ${JSON.stringify(command)} was not found (${path}). Install it, or give its whole path.`,
      { binary: command, searched },
    );
  }
  const installed = await findInPackages([
    fileURLToPath(import.meta.url),
    join(resolve(cwd), "package.json"),
  ]);
  if (installed.path !== undefined) return { path: installed.path, source: "package" };
  throw new BinaryNotFoundError(
    `The Claude Code executable "claude" was not found: ${path}, and no installed package brings it. ${HOW_TO_INSTALL}`,
    { binary: command, searched: [...searched, ...installed.searched] },
  );
}

async function explicitBinary(command: string, cwd: string): Promise<FoundBinary> {
  const path = resolve(cwd, command);
  const obstacle = await obstacleTo(path);
  if (obstacle === undefined) return { path, source: "explicit" };
  // Windows names its executables without their extension.
  const withExtension = process.platform === "win32" ? `${path}.exe` : undefined;
  if (withExtension !== undefined && (await obstacleTo(withExtension)) === undefined) {
    return { path: withExtension, source: "explicit" };
  }
  const { errno, reason } = obstacle;
  if (errno !== "ENOENT" && errno !== "ENOTDIR") {
    throw new SpawnError(`${path} ${reason}: it cannot be started. Name an executable file.`, {
      command: path,
      errno,
    });
  }
  const advice = basename(path).startsWith(DEFAULT_COMMAND) ? HOW_TO_INSTALL : "Check the path.";
  throw new BinaryNotFoundError(`${path} ${reason}. ${advice}`, { binary: command, searched: [path] });
}

/** Names what carries the right name but cannot be executed, since a lookup passes over it in silence. */
async function reasonsAgainst(paths: readonly string[]): Promise<string> {
  const reasons: string[] = [];
  for (const path of paths) {
    const obstacle = await obstacleTo(path);
    if (obstacle !== undefined && obstacle.reason !== "does not exist" && obstacle.errno !== "ENOTDIR") {
      reasons.push(`${path} ${obstacle.reason}`);
    }
  }
  return reasons.length === 0 ? "" : `; passed over: ${reasons.join(", ")}`;
}
