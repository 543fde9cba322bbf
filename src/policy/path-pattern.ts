import { isAbsolute, posix } from "node:path";
import { fold, invisibleCharacter } from "./hostile-text.js";
import { type PathBase, type PathSpellings, segmentsOf, spellPath } from "./path-spellings.js";
import { ANY, fits, literal, ONE, type Pattern } from "./wildcard.js";

/** Any number of names. */
const ANY_DEPTH = "**";

type Segment = Pattern | typeof ANY_DEPTH;

/** The content of a `Read` or `Edit` rule. */
export interface PathPattern {
  /** Directories or files below which the pattern applies, absolute, without wildcards. */
  readonly bases: readonly string[];
  /** What must follow below a base. Empty: the base itself and everything in it. */
  readonly rest: readonly Segment[];
  /** `rest` as deny and ask rules see it: folded, and with a directory in the place of all that is in it. */
  readonly folded: readonly Segment[];
  /** Names in `rest` that are free of wildcards. */
  readonly named: readonly string[];
}

/**
 * Parses the content of a path rule: gitignore's patterns without negation, classes and braces.
 *
 * `//path` is absolute, `~/path` in the home directory, `/path`, `./path` and `a/b` in the working directory; a name
 * without a slash is found there at any depth. A deny or ask rule errs to its side: `a/b` too is found at any depth,
 * and `/path` is also taken as absolute. Any of the patterns returned will do.
 * @throws Error with the reason, for the caller to complete.
 */
export function parsePathPattern(content: string, base: PathBase, strict: boolean): readonly PathPattern[] {
  const refused = /[[\]{}]/.exec(content.replace(/\\./gs, ""))?.[0];
  if (refused !== undefined) {
    throw new Error(
      `"${refused}" is not supported in paths; write one rule for each, or \\${refused} for the character`,
    );
  }
  if (content.startsWith("!")) {
    throw new Error('"!" is not supported; put the exception into a rule before this');
  }
  if (invisibleCharacter(content) !== undefined || /[\t\n]/.test(content) || content.trim() !== content) {
    throw new Error("the path holds blanks at an end, or invisible characters");
  }
  if (/\\(?:[^[\]{}*? !]|$)/.test(content)) {
    throw new Error("a backslash may only stand before * ? [ ] { } ! and a blank");
  }
  if (content.startsWith("///")) throw new Error("a path begins with at most two slashes");
  const { roots, path, floats } = anchorsOf(content, base, strict);
  const names = segmentsOf(path);
  if (names.length === 0 && !/^(?:\/{1,2}|~\/?|\.\/?)$/.test(content)) {
    throw new Error("the path is empty");
  }
  if (names.length > 64) throw new Error("the path has more than 64 names");
  const floating = floats ? [patternOf(roots, [], [ANY_DEPTH, ...names])] : [];
  if (strict && floats) return floating;
  const wild = names.findIndex((name) => isWild(name));
  const fixed = wild < 0 ? names.length : wild;
  if (names.lastIndexOf("..") >= fixed) throw new Error('".." may not follow a wildcard');
  return [patternOf(roots, names.slice(0, fixed), names.slice(fixed)), ...floating];
}

function patternOf(roots: readonly string[], head: readonly string[], tail: readonly string[]): PathPattern {
  const loose = tail.at(-1) === ANY_DEPTH ? tail.slice(0, -1) : tail;
  return {
    bases: [...new Set(roots.map((root) => posix.resolve(root, ...head.map(unescaped))))],
    rest: tail.map((name) => segmentOf(name)),
    folded: loose.map((name) => segmentOf(name, true)),
    named: tail.filter((name) => !isWild(name)).map((name) => fold(unescaped(name))),
  };
}

function anchorsOf(content: string, base: PathBase, strict: boolean): Anchors {
  const here = [base.cwd, base.realCwd];
  if (content.startsWith("//")) return { roots: ["/"], path: content.slice(2), floats: false };
  if (content.startsWith("/")) {
    return { roots: strict ? here : [...here, "/"], path: content.slice(1), floats: false };
  }
  if (content === "~" || content.startsWith("~/")) {
    const { home, realHome = home } = base;
    if (home === undefined) throw new Error("it begins with ~, and no home directory was given");
    return { roots: [home, realHome ?? home], path: content.slice(2), floats: false };
  }
  if (content.startsWith("~")) throw new Error("other users' homes are not known; give the path from // on");
  const anchored = /^\.\.?(?:\/|$)/.test(content) || segmentsOf(content).includes("..");
  const inner = content.replace(/\/+$/, "").includes("/");
  return { roots: here, path: content, floats: !anchored && (!strict || !inner) };
}

interface Anchors {
  readonly roots: readonly string[];
  readonly path: string;
  readonly floats: boolean;
}

function isWild(name: string): boolean {
  return /[*?]/.test(name.replace(/\\./gs, ""));
}

function unescaped(name: string): string {
  return name.replace(/\\(.)/gs, "$1");
}

function segmentOf(name: string, folding = false): Segment {
  if (/^\*\*+$/.test(name)) return ANY_DEPTH;
  return (name.match(/\\.|\*+|\?|[^\\*?]+/gs) ?? []).flatMap((piece) => {
    if (piece.startsWith("*")) return [ANY];
    if (piece === "?") return [ONE];
    return literal(folding ? fold(unescaped(piece)) : unescaped(piece));
  });
}

/** Where a pattern applies now: its bases, and the places that their links lead to. */
export async function liveBases(pattern: PathPattern, base: PathBase): Promise<readonly string[]> {
  const found = await Promise.all(pattern.bases.map((path) => spellPath(path, base)));
  return [
    ...new Set([...pattern.bases, ...found.flatMap((spelled) => ("all" in spelled ? spelled.all : []))]),
  ];
}

/** What is asked of a pattern about a path. */
export interface PathQuestion {
  readonly path: PathSpellings;
  /** True when everything below the path is concerned as well, as for a search. */
  readonly tree: boolean;
  /** True when the file is to be changed. */
  readonly edits: boolean;
}

/**
 * Files that make other programs run something, or that grant permissions: a wildcard does not cover a change of
 * them, a rule that names them does.
 */
const GUARDED = new Set(
  `
    .git .claude .husky .vscode .idea .devcontainer .github .cargo .direnv .gitconfig .gitmodules
    .gitattributes .mcp.json .claude.json .ripgreprc .npmrc .yarnrc .bashrc .bash_profile .bash_login
    .bash_logout .profile .envrc .ssh .zshrc .zshenv .zprofile .zlogin .zlogout
  `
    .trim()
    .split(/\s+/),
);

/** True when every spelling of the path is covered for certain. */
export function coversPath(pattern: PathPattern, { path, tree, edits }: PathQuestion): boolean {
  const { bases, named, rest } = pattern;
  // An earlier `cd` may have moved the session, and links found from elsewhere are not those that were followed here.
  if (path.relative) return false;
  // A search needs all that is below: a pattern that ends in ** gives it to the directory that it hangs from.
  const wanted = tree && !path.isFile && rest.at(-1) === ANY_DEPTH ? rest.slice(0, -1) : rest;
  return path.all.every((spelling) =>
    bases.some((root) => {
      const names = namesBelow(spelling, root);
      if (names === undefined || !fitsSomeParent(wanted, names)) return false;
      return !edits || names.map(fold).every((name) => !GUARDED.has(name) || named.includes(name));
    }),
  );
}

/**
 * Whether some spelling of the path may be meant. `below`: not the path itself, but for a search it depends on what is
 * in the directory.
 */
export function mayConcernPath(
  pattern: PathPattern,
  bases: readonly string[],
  { path, tree }: PathQuestion,
): boolean | "below" {
  const foldedBases = bases.map(fold);
  const searches = tree && !path.isFile;
  let below = false;
  for (const spelling of path.all.map(fold)) {
    for (const root of foldedBases) {
      const names = namesBelow(spelling, root);
      if (names !== undefined && (names.length === 0 || fitsSomeParent(pattern.folded, names))) {
        if (names.length > 0 || !searches || pattern.folded.length === 0) return true;
      }
      if (!searches) continue;
      if (names === undefined && namesBelow(root, spelling) === undefined) continue;
      if (pattern.folded.length === 0) return true;
      below = true;
    }
  }
  return below && "below";
}

/** The names that lead from a directory to a path, or undefined when the path is not in it. */
export function namesBelow(path: string, root: string): string[] | undefined {
  if (!isAbsolute(path)) return undefined;
  if (root === "/" || path === root || path.startsWith(`${root}/`)) {
    return segmentsOf(path.slice(root === "/" ? 0 : root.length));
  }
  return undefined;
}

/** As in gitignore, what fits a directory covers all that is in it. */
function fitsSomeParent(rest: readonly Segment[], names: readonly string[]): boolean {
  let live = new Set([0]);
  const settle = (states: Set<number>): Set<number> => {
    // ** may stand for no name, but not at the end: "a/**" is what is in a, and not a itself.
    for (const state of states)
      if (rest[state] === ANY_DEPTH && state < rest.length - 1) states.add(state + 1);
    return states;
  };
  live = settle(live);
  if (live.has(rest.length)) return true;
  for (const name of names) {
    const next = new Set<number>();
    for (const state of live) {
      const segment = rest[state];
      if (segment === ANY_DEPTH) {
        next.add(state);
        if (state === rest.length - 1) return true;
      } else if (segment !== undefined && fits(segment, name)) next.add(state + 1);
    }
    live = settle(next);
    if (live.has(rest.length)) return true;
  }
  return false;
}
