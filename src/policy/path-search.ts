import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { MAX_TREE_ENTRIES } from "./limits.js";
import { mayConcernPath, type PathPattern } from "./path-pattern.js";
import type { PathSpellings } from "./path-spellings.js";

/**
 * True when a search of a directory may come upon what a pattern means: something of the kind is there, or there is
 * too much to look through. Links are not followed, as searches do not follow them.
 */
export async function treeHolds(
  path: PathSpellings,
  pattern: PathPattern,
  bases: readonly string[],
): Promise<boolean> {
  const pending = [path.all.at(-1) ?? "/"];
  let entries = 0;
  for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
    for (const entry of await entriesOf(folder)) {
      entries += 1;
      if (entries > MAX_TREE_ENTRIES) return true;
      const found = `${folder === "/" ? "" : folder}/${entry.name}`;
      const asked = { path: { all: [found], isFile: true, relative: false }, tree: false, edits: false };
      if (mayConcernPath(pattern, bases, asked) !== false) return true;
      if (entry.isDirectory()) pending.push(found);
    }
  }
  return false;
}

/** What may not be listed cannot be searched either. */
async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
