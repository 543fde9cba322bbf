import type { Stats } from "node:fs";
import { lstat, readlink } from "node:fs/promises";
import { isAbsolute, posix } from "node:path";
import { invisibleCharacter } from "./hostile-text.js";
import { MAX_LINKS, MAX_PATH_CHARS, MAX_PATH_SEGMENTS } from "./limits.js";

/** A path as the system may understand it. */
export interface PathSpellings {
  /** Every absolute spelling: as written, at each link on the way, and with no link left. All name the same place. */
  readonly all: readonly string[];
  /** True for anything but a directory and what does not exist: nothing can lie below it. */
  readonly isFile: boolean;
  /** True when it was written relative to a working directory that an earlier `cd` may have changed. */
  readonly relative: boolean;
}

/** A path that cannot be judged, and why. */
export interface UnknownPath {
  readonly unknown: string;
}

/** Where a path that is not absolute begins. */
export interface PathBase {
  readonly cwd: string;
  readonly home: string | undefined;
  /** The two directories with their links resolved. */
  readonly realCwd: string;
  readonly realHome: string | undefined;
}

/**
 * All spellings of a path, links and `..` resolved. What does not exist yet is resolved as far as it does.
 *
 * `..` is resolved in both ways there are: before links, as the CLI does, and after them, as the kernel does.
 * Magic links of `/proc` cannot be followed for another process, so a path through one is unknown.
 */
export async function spellPath(written: unknown, base: PathBase): Promise<PathSpellings | UnknownPath> {
  const absolute = absolutePath(written, base);
  if (typeof absolute !== "string") return absolute;
  const normal = withoutTrailingSlash(posix.normalize(absolute));
  const all = new Set<string>([normal]);
  try {
    const isFile = await follow(normal, all);
    if (absolute.split("/").includes("..")) await follow(absolute, all);
    return { all: [...all], isFile, relative: typeof written === "string" && !/^[/~]/.test(written) };
  } catch (error) {
    return { unknown: error instanceof UnfollowablePath ? error.message : "it could not be resolved" };
  }
}

/** Why a path's links cannot be followed. */
class UnfollowablePath extends Error {}

function absolutePath(written: unknown, base: PathBase): string | UnknownPath {
  if (typeof written !== "string") return { unknown: "it is not a string" };
  if (written === "" || written.trim() !== written) {
    return { unknown: "it is empty, or begins or ends with a blank" };
  }
  if (written.length > MAX_PATH_CHARS) return { unknown: `it is longer than ${MAX_PATH_CHARS} characters` };
  const invisible =
    invisibleCharacter(written) ?? (/[\t\n]/.test(written) ? "a line break or tab" : undefined);
  if (invisible !== undefined) return { unknown: `it holds an invisible character (${invisible})` };
  if (written.includes("\\")) return { unknown: "it holds a backslash" };
  if (written.startsWith("//")) return { unknown: "it begins with two slashes, as network paths do" };
  if (written.split("/").length > MAX_PATH_SEGMENTS) return { unknown: "it is too deep" };
  if (!written.startsWith("~")) return isAbsolute(written) ? written : `${base.cwd}/${written}`;
  if (written !== "~" && !written.startsWith("~/")) return { unknown: "it names another user's home" };
  if (base.home === undefined) return { unknown: "the home directory is not known" };
  return base.home + written.slice(1);
}

/** Follows a path name by name, as the kernel does, and notes each spelling. True if a file is at its end. */
async function follow(path: string, spellings: Set<string>): Promise<boolean> {
  let pending = segmentsOf(path);
  let at: string[] = [];
  let missing = false;
  let isFile = false;
  for (let links = 0; pending.length > 0; ) {
    const name = pending[0] ?? "";
    pending = pending.slice(1);
    if (name === "..") {
      at = at.slice(0, -1);
      missing = false;
      continue;
    }
    const next = `/${[...at, name].join("/")}`;
    const found: Stats | undefined = missing ? undefined : await lstatIfAny(next);
    missing = found === undefined;
    isFile = found !== undefined && !found.isDirectory();
    if (found?.isSymbolicLink() !== true) {
      at = [...at, name];
      continue;
    }
    links += 1;
    if (links > MAX_LINKS) throw new UnfollowablePath("it passes too many links");
    if (at[0] === "proc") {
      throw new UnfollowablePath("it passes a link of /proc, which differs for each process");
    }
    const target = await readlink(next);
    const onward = segmentsOf(target);
    if (onward.length + pending.length > MAX_PATH_SEGMENTS) throw new UnfollowablePath("it is too deep");
    if (isAbsolute(target)) at = [];
    pending = [...onward, ...pending];
    isFile = false;
    spellings.add(withoutTrailingSlash(posix.normalize(`/${[...at, ...pending].join("/")}`)));
  }
  spellings.add(`/${at.join("/")}`);
  return isFile;
}

async function lstatIfAny(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** The names of a path, without empty ones and without `.`. */
export function segmentsOf(path: string): string[] {
  return path.split("/").filter((name) => name !== "" && name !== ".");
}

function withoutTrailingSlash(path: string): string {
  return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
}
