/**
 * Which folders hold the transcripts of a directory. The CLI names a folder after its working directory, resolved:
 * every UTF-16 unit but ASCII letters and digits becomes a dash; a name of more than 200 is cut there and told apart
 * by a hash of the directory. Found by starting the CLI in odd directories, and held by a test that does so.
 */

import { readdir, readFile, realpath } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { SessionPlace } from "../../src/channel/transcript-contract.js";
import { unlessMissing } from "./file-failure.js";

const LONGEST_NAME = 200;

/** The folder's name for a resolved directory. */
export function projectName(directory: string): string {
  const name = directory.replace(/[^a-zA-Z0-9]/g, "-");
  return name.length <= LONGEST_NAME ? name : `${name.slice(0, LONGEST_NAME)}-${hash(directory)}`;
}

/** Folders that may hold the sessions of a place; not all of them need exist. */
export async function projectFolders(place: SessionPlace, worktrees: boolean): Promise<string[]> {
  const projects = join(place.configDir, "projects");
  if (place.dir === undefined) {
    const entries = (await unlessMissing(projects, readdir(projects, { withFileTypes: true }))) ?? [];
    return entries.filter((entry) => !entry.isFile()).map(({ name }) => join(projects, name));
  }
  const directory = await resolved(place.dir);
  const directories = [directory, ...(worktrees ? await worktreesOf(directory) : [])];
  return [...new Set(directories.map((one) => join(projects, projectName(one))))];
}

/** A directory that is gone may have sessions still. */
async function resolved(directory: string): Promise<string> {
  const real = await realpath(directory).catch(() => directory);
  return real.normalize("NFC");
}

/** The worktrees of the repository around a directory, by git's own files; none outside of one. */
async function worktreesOf(directory: string): Promise<string[]> {
  const common = await commonGitFolder(directory);
  if (common === undefined) return [];
  const linked = await readdir(join(common, "worktrees")).catch(() => []);
  const pointers = linked.map((name) => textOf(join(common, "worktrees", name, "gitdir")));
  const found = (await Promise.all(pointers)).filter((pointer) => pointer !== undefined).map(dirname);
  if (basename(common) === ".git") found.unshift(dirname(common));
  return Promise.all(found.map(resolved));
}

async function commonGitFolder(directory: string): Promise<string | undefined> {
  const git = join(directory, ".git");
  if (await textOf(join(git, "HEAD"))) return git;
  const pointer = /^gitdir: (.+)$/m.exec((await textOf(git)) ?? "")?.[1];
  if (pointer !== undefined) {
    const own = resolve(directory, pointer);
    const common = await textOf(join(own, "commondir"));
    return common === undefined ? own : resolve(own, common);
  }
  const above = dirname(directory);
  return above === directory ? undefined : commonGitFolder(above);
}

async function textOf(file: string): Promise<string | undefined> {
  return (await readFile(file, "utf8").catch(() => undefined))?.trim();
}

function hash(text: string): string {
  let value = 0;
  for (let index = 0; index < text.length; index++) value = (value * 31 + text.charCodeAt(index)) | 0;
  return Math.abs(value).toString(36);
}
