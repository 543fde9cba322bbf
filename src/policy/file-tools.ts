import { MAX_PATH_CHARS } from "./limits.js";
import {
  coversPath,
  liveBases,
  mayConcernPath,
  type PathPattern,
  type PathQuestion,
} from "./path-pattern.js";
import { treeHolds } from "./path-search.js";
import { type PathBase, spellPath } from "./path-spellings.js";
import type { PolicyRequest } from "./tool-policy.js";

/** What a tool does to files, or a redirection of the shell. */
export type FileAccess = "Read" | "Edit";

interface FileTool {
  readonly access: FileAccess;
  /** True when it also shows what was in the file, so that what forbids reading forbids it too. */
  readonly shows: boolean;
  /** The fields that name the file. */
  readonly paths: readonly string[];
  /** True when it looks at everything below the path, and at the working directory when there is none. */
  readonly searches?: true;
  /** Fields of text that name no file. */
  readonly texts: readonly string[];
}

/** The CLI's own tools that `Read` and `Edit` rules cover. */
const FILE_TOOLS: Readonly<Record<string, FileTool>> = {
  Read: { access: "Read", shows: true, paths: ["file_path"], texts: ["pages"] },
  NotebookRead: { access: "Read", shows: true, paths: ["notebook_path"], texts: ["cell_id"] },
  LS: { access: "Read", shows: true, paths: ["path"], searches: true, texts: [] },
  Glob: { access: "Read", shows: true, paths: ["path"], searches: true, texts: ["pattern"] },
  Grep: {
    access: "Read",
    shows: true,
    paths: ["path"],
    searches: true,
    texts: ["pattern", "glob", "type", "output_mode"],
  },
  Edit: { access: "Edit", shows: true, paths: ["file_path"], texts: ["old_string", "new_string"] },
  MultiEdit: { access: "Edit", shows: true, paths: ["file_path"], texts: ["edits"] },
  NotebookEdit: {
    access: "Edit",
    shows: true,
    paths: ["notebook_path"],
    texts: ["new_source", "cell_id", "cell_type", "edit_mode"],
  },
  Write: { access: "Edit", shows: false, paths: ["file_path"], texts: ["content"] },
};

/** The access that a tool needs, or undefined when it is not one of the file tools. */
export function accessOf(tool: string): FileAccess | undefined {
  return Object.hasOwn(FILE_TOOLS, tool) ? FILE_TOOLS[tool]?.access : undefined;
}

/** True when a deny or ask rule about reading concerns the tool as well. */
export function showsContent(tool: string): boolean {
  return Object.hasOwn(FILE_TOOLS, tool) && FILE_TOOLS[tool]?.shows === true;
}

/** The files that a request is about: each must be covered for an allow; one is enough for a deny. */
export interface ConcernedFiles {
  readonly access: FileAccess;
  readonly questions: readonly PathQuestion[];
  /** Why no path rule can allow the request, if so. */
  readonly unclear: string | undefined;
}

/** Finds out which files a file tool is about. */
export async function concernedFiles(
  request: PolicyRequest,
  base: PathBase,
): Promise<ConcernedFiles | undefined> {
  const { tool_name: tool, input } = request;
  const spec = Object.hasOwn(FILE_TOOLS, tool) ? FILE_TOOLS[tool] : undefined;
  if (spec === undefined) return undefined;
  const written = spec.paths
    .map((field) => input[field])
    .filter((value) => value !== undefined && value !== null);
  if (written.length === 0 && spec.searches === true) written.push(base.cwd);
  const unclear = [unknownField(input, [...spec.paths, ...spec.texts])];
  if (written.length === 0) unclear.push(`${spec.paths.join(" and ")} is missing`);
  if (tool === "Glob") {
    const start = globStart(input.pattern);
    if ("unknown" in start) unclear.push(start.unknown);
    else if (start.path?.startsWith("/") === true) written.push(start.path);
    else if (start.path !== undefined) written.push(`${String(written[0])}/${start.path}`);
  }
  if (typeof request.blocked_path === "string") written.push(request.blocked_path);
  const spelled = await Promise.all(written.map((path) => spellPath(path, base)));
  const questions: PathQuestion[] = [];
  for (const path of spelled) {
    if ("all" in path) questions.push({ path, tree: spec.searches === true, edits: spec.access === "Edit" });
    else unclear.push(`the path cannot be judged: ${path.unknown}`);
  }
  if (questions.some(({ path }) => path.relative)) unclear.push("the path is relative; give it from / on");
  return { access: spec.access, questions, unclear: unclear.find((why) => why !== undefined) };
}

/** The file that a redirection opens. */
export async function redirectedFile(
  target: string,
  access: FileAccess,
  base: PathBase,
): Promise<ConcernedFiles> {
  const network = /^\/dev\/(?:tcp|udp)(?:\/|$)/.test(target)
    ? "the shell opens a connection for it"
    : undefined;
  const path = await spellPath(target, base);
  if ("unknown" in path) {
    return { access, questions: [], unclear: `the path cannot be judged: ${path.unknown}` };
  }
  const relative = path.relative ? "the path of a redirection is relative; give it from / on" : undefined;
  return {
    access,
    questions: [{ path, tree: false, edits: access === "Edit" }],
    unclear: network ?? relative,
  };
}

/** True when a path rule allows all of the files for certain. */
export function coversFiles(
  patterns: readonly PathPattern[],
  { questions, unclear }: ConcernedFiles,
): boolean {
  if (unclear !== undefined || questions.length === 0) return false;
  return patterns.some((pattern) => questions.every((asked) => coversPath(pattern, asked)));
}

/** True when a path rule may be about one of the files. */
export async function mayConcernFiles(
  patterns: readonly PathPattern[],
  { questions, unclear }: ConcernedFiles,
  base: PathBase,
): Promise<boolean> {
  // A relative path may be anywhere below the working directory: see coversPath.
  const here = questions.some(({ path }) => path.relative) ? await spellPath(base.cwd, base) : undefined;
  if (unclear !== undefined && here === undefined) return true;
  for (const pattern of patterns) {
    const bases = await liveBases(pattern, base);
    if (here !== undefined && "all" in here) {
      if (mayConcernPath(pattern, bases, { path: here, tree: true, edits: false }) !== false) return true;
    }
    for (const asked of questions) {
      const concerned = mayConcernPath(pattern, bases, asked);
      if (concerned === true) return true;
      if (concerned === "below" && (await treeHolds(asked.path, pattern, bases))) return true;
    }
  }
  return false;
}

/** The name of a field that may name a file for all we know, as a sentence. */
function unknownField(
  input: Readonly<Record<string, unknown>>,
  known: readonly string[],
): string | undefined {
  const found = Object.keys(input).find((field) => {
    const value = input[field];
    return (
      !known.includes(field) && (typeof value === "string" || (typeof value === "object" && value !== null))
    );
  });
  return found === undefined ? undefined : `the field ${JSON.stringify(found)} is not known to this policy`;
}

/** Where a glob begins to search: its names before the first wildcard. */
function globStart(pattern: unknown): { readonly path: string | undefined } | { readonly unknown: string } {
  if (typeof pattern !== "string" || pattern.length > MAX_PATH_CHARS) {
    return { unknown: "the pattern is no string, or too long" };
  }
  if (/\.\.|^~|\\|\{[^}]*\/|[\n\r\0]/.test(pattern) || pattern.trim() !== pattern) {
    return { unknown: 'the pattern holds "..", "~", a backslash, or a slash in braces' };
  }
  const names = pattern.split("/");
  const wild = names.findIndex((name) => /[*?[\]{}()!+@]/.test(name));
  const start = names.slice(0, wild < 0 ? -1 : wild).join("/");
  if (pattern.startsWith("/")) return { path: start === "" ? "/" : start };
  return { path: start === "" ? undefined : start };
}
