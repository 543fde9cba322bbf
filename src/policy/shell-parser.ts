import type { ParsedScript, SyntaxNode } from "unbash";
import { invisibleCharacter } from "./hostile-text.js";
import { MAX_COMMAND_CHARS } from "./limits.js";

/**
 * Reads shell commands by unbash, which was chosen over sh-syntax and tree-sitter-bash.
 *
 * sh-syntax (mvdan/sh as WASM) has the more proven grammar, but its tree gives neither the types nor the contents of
 * commands, each parse starts a WASM instance anew, and an 800 KB file would have to be found at run time.
 * tree-sitter-bash needs two such files and gives a tree of tokens. unbash is plain JavaScript without dependencies, so
 * it is bundled into the worker's file, and gives typed words, quotes and nested scripts with their positions.
 *
 * Its weakness is that it is made for editors: it recovers, and some invalid input passes without an error (`a(b` is
 * read as `a b` by 6.0.4). So its word is not taken: {@link findLeftovers} demands that every character that is not in
 * a word, a redirection, a comment or a here-document is an operator that belongs where it stands, and shell-word.ts
 * undoes the quotes a second time. The version is pinned: a later one may read differently, and the tests, which have
 * bash itself as the judge, must see it first.
 */
export interface ShellSyntax {
  readonly script: ParsedScript;
  /** Calls back for each child of a node, in order. */
  readonly forEachChild: (node: SyntaxNode, callback: (child: SyntaxNode) => void) => void;
}

/** Why a command was not read. */
export interface Unreadable {
  readonly unreadable: string;
}

/** Parses a command whole, or says why it cannot be. Loads the parser at the first call. */
export async function parseShell(command: string): Promise<ShellSyntax | Unreadable> {
  if (command.length > MAX_COMMAND_CHARS) {
    return { unreadable: `it is longer than ${MAX_COMMAND_CHARS} characters` };
  }
  const invisible = invisibleCharacter(command);
  if (invisible !== undefined) return { unreadable: `it holds an invisible character (${invisible})` };
  const { parse, forEachChild } = await import("unbash");
  try {
    const script = parse(command);
    const fault = findFault(script, command, forEachChild);
    return fault === undefined ? { script, forEachChild } : { unreadable: fault };
  } catch {
    return { unreadable: "it is nested too deep" };
  }
}

type Visit = ShellSyntax["forEachChild"];

/** Looks for errors in a script and in all that it holds. */
function findFault(script: ParsedScript, source: string, visit: Visit): string | undefined {
  const fault = script.errors?.[0];
  if (fault !== undefined) return `it is no valid shell command: ${fault.message}`;
  const blanked = withoutHereDocs(script, source, visit);
  return typeof blanked === "string" ? findInside(script, blanked, visit) : blanked.unreadable;
}

function findInside(node: SyntaxNode, source: string, visit: Visit): string | undefined {
  const children: SyntaxNode[] = [];
  visit(node, (child) => children.push(child));
  const fault = findLeftovers(node, children, source);
  if (fault !== undefined) return fault;
  for (const child of children) {
    // A script within backticks may have a source of its own.
    const inner =
      isScript(child) && (child.source !== undefined || child.errors !== undefined)
        ? findFault(child, child.source ?? source, visit)
        : findInside(child, source, visit);
    if (inner !== undefined) return inner;
  }
  return undefined;
}

function isScript(node: SyntaxNode): node is ParsedScript {
  return node.type === "Script";
}

/** The source with the text of here-documents blanked, or a fault when one does not end where it should. */
function withoutHereDocs(script: ParsedScript, source: string, visit: Visit): string | Unreadable {
  let blanked = source;
  let fault: string | undefined;
  const look = (node: SyntaxNode): void => {
    if (node.type === "HereDoc") {
      const { body, closing, delimiter, operator } = node;
      const lines = source.slice(body.pos, closing?.end).split("\n");
      const ends = lines.map((line) => (operator === "<<-" ? line.replace(/^\t+/, "") : line));
      const last = ends.indexOf(delimiter?.value ?? "") === lines.length - 1;
      const plain = /^(?:[\w.-]+|'[\w.-]+'|"[\w.-]+"|\\\w+)$/.test(delimiter?.text ?? "");
      if (closing === undefined || !last || !plain || source[body.pos - 1] !== "\n") {
        fault = "the end of a here-document is not clear";
        return;
      }
      const blank = source.slice(body.pos, closing.end).replace(/[^\n]/g, " ");
      blanked = blanked.slice(0, body.pos) + blank + blanked.slice(closing.end);
    }
    visit(node, (child) => {
      if (!isScript(child) || child.source === undefined) look(child);
    });
  };
  look(script);
  return fault === undefined ? blanked : { unreadable: fault };
}

/** What may stand between the children of a node: operators and reserved words, after comments were taken out. */
const BETWEEN: Readonly<Partial<Record<SyntaxNode["type"], RegExp>>> = {
  Script: /^[\s;&]*$/,
  CompoundList: /^[\s;&]*$/,
  Statement: /^[\s;&]*$/,
  AndOr: /^\s*(?:&&|\|\|)?\s*$/,
  Pipeline: /^\s*(?:\|&?)?\s*$/,
  Command: /^(?:[ \t])*$/,
  Redirected: /^[ \t]*$/,
  Subshell: /^[\s();&]*$/,
  BraceGroup: /^[\s{};&]*$/,
  If: /^[\s;&]*(?:if|then|else|fi)?[\s;&]*$/,
  Elif: /^[\s;&]*(?:elif|then)?[\s;&]*$/,
  While: /^[\s;&]*(?:while|until|do|done)?[\s;&]*$/,
};

/** Finds text of a node that the parser has passed over. */
export function findLeftovers(
  node: SyntaxNode,
  children: readonly SyntaxNode[],
  source: string,
): string | undefined {
  const allowed = BETWEEN[node.type];
  if (allowed === undefined) return undefined;
  const spans = children.map(({ pos, end }) => ({ pos, end })).sort((a, b) => a.pos - b.pos);
  let at = node.pos;
  for (const span of [...spans, { pos: node.end, end: node.end }]) {
    if (span.pos < at) return "the parser reads one part of it twice";
    const text = source.slice(at, span.pos);
    const bare = node.type === "Command" ? text : text.replace(/(^|[\s;&|(){}])#[^\n]*/g, "$1");
    const rest = bare.replace(/\\\n/g, " ");
    if (!allowed.test(rest)) return `the parser passes over ${JSON.stringify(rest.trim().slice(0, 40))}`;
    if (node.type === "Command" && text === "" && touching(children, at, span.pos)) return "two words touch";
    at = span.end;
  }
  return undefined;
}

/** True when two words meet without a blank: the shell would see one. */
function touching(children: readonly SyntaxNode[], end: number, pos: number): boolean {
  const isWord = (node: SyntaxNode): boolean => node.type === "Word" || node.type === "Assignment";
  return (
    children.some((child) => isWord(child) && child.end === end) &&
    children.some((child) => isWord(child) && child.pos === pos)
  );
}
