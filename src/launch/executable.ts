import { constants } from "node:fs";
import { access, lstat, open, stat } from "node:fs/promises";
import { delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import which from "which";
import type { Environment } from "./child-environment.js";

/** Why a path cannot be executed: the system's error code and the reason in words. */
export interface Obstacle {
  readonly errno: string;
  readonly reason: string;
}

/** Looks whether a path can be executed; undefined means that it can. */
export async function obstacleTo(path: string): Promise<Obstacle | undefined> {
  try {
    if (!(await stat(path)).isFile()) return { errno: "EACCES", reason: "is not a file" };
    await access(path, constants.X_OK);
    return undefined;
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === "EACCES") return { errno, reason: "is not executable, or not for this user" };
    if (errno !== "ENOENT") return { errno, reason: `cannot be read (${errno})` };
    const isLink = await lstat(path).then(
      () => true,
      () => false,
    );
    return { errno, reason: isLink ? "is a link to a file that does not exist" : "does not exist" };
  }
}

/** Longest first line of a script that Linux reads. */
const MOST_SHEBANG_BYTES = 256;

/** The interpreter that a script names in its first line; undefined for anything else, and where it cannot be told. */
export async function interpreterOf(path: string): Promise<string | undefined> {
  // Windows knows no such line, and a file that may be executed need not be readable.
  const file = process.platform === "win32" ? undefined : await open(path).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(MOST_SHEBANG_BYTES) });
    const [, interpreter] = /^#![ \t]*([^ \t\n\0]+)[ \t\n]/.exec(buffer.toString("utf8", 0, bytesRead)) ?? [];
    return interpreter !== undefined && isAbsolute(interpreter) ? interpreter : undefined;
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}

/** The system's error code of a failed call to the file system. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "unknown error";
}

/** The directories on an environment's PATH, absolute. Empty entries are skipped. */
export function pathDirectories(env: NodeJS.ProcessEnv | Environment, cwd: string): string[] {
  return (variable(env, "PATH") ?? "")
    .split(delimiter)
    .map((entry) => entry.replace(/^"(.*)"$/, "$1"))
    .filter((entry) => entry !== "")
    .map((entry) => resolve(cwd, entry));
}

/** The first executable of that name in the directories, or undefined. */
export async function findInDirectories(
  name: string,
  directories: readonly string[],
  env: NodeJS.ProcessEnv | Environment,
): Promise<string | undefined> {
  const pathExt = variable(env, "PATHEXT");
  const hits = await which(name, {
    path: directories.join(delimiter),
    all: true,
    nothrow: true,
    ...(pathExt === undefined ? {} : { pathExt }),
  });
  // `which` also tries the current directory, on Windows always: a program planted there must not win.
  return hits?.find((hit) => directories.includes(dirname(hit)));
}

/** The places that a lookup goes through, for messages. */
export function candidates(name: string, directories: readonly string[]): string[] {
  return directories.map((directory) => join(directory, name));
}

function variable(env: NodeJS.ProcessEnv | Environment, name: string): string | undefined {
  if (process.platform !== "win32") return env[name];
  return Object.entries(env).find(([key]) => key.toUpperCase() === name)?.[1];
}
