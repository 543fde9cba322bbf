import type { Assignment, Command, Redirection, SyntaxNode, Word } from "unbash";
import type { FileAccess } from "./file-tools.js";
import { MAX_COMMAND_PARTS, MAX_SCRIPT_DEPTH } from "./limits.js";
import { isHarmlessAssignment, isRunner, isUnknowable, wrappedCommand } from "./shell-commands.js";
import { parseShell, type ShellSyntax } from "./shell-parser.js";
import { readWord, type ShellWord } from "./shell-word.js";

/** Something that a shell command does. It may run only if each of its parts may. */
export type ShellPart =
  | {
      readonly kind: "command";
      readonly words: readonly ShellWord[];
      readonly text: string;
      /** What it runs, whole: to allow all of these is as good as to allow the command. */
      readonly instead: readonly ShellPart[] | undefined;
      /** What it might run besides; of these only what is forbidden matters. */
      readonly maybe: readonly ShellPart[];
    }
  | {
      readonly kind: "file";
      readonly access: FileAccess;
      readonly target: string | undefined;
      readonly text: string;
    }
  /** Harmless in itself as far as deny rules go, but beyond what an allow rule can cover. */
  | { readonly kind: "uncovered"; readonly text: string; readonly why: string }
  /** May do anything. `final`: nobody is asked either. */
  | { readonly kind: "unknown"; readonly text: string; readonly why: string; readonly final: boolean };

/** Takes a shell command apart. Never rejects. */
export async function readShellParts(
  command: string,
  home: string | undefined,
): Promise<readonly ShellPart[]> {
  const reader = new PartReader(home);
  const parts = await reader.read(command, 0);
  if (!reader.full) return parts;
  return [
    { kind: "unknown", text: command, why: `it has more than ${MAX_COMMAND_PARTS} parts`, final: true },
  ];
}

class PartReader {
  readonly #home: string | undefined;
  #count = 0;

  constructor(home: string | undefined) {
    this.#home = home;
  }

  /** True once the command has turned out to have too many parts. */
  get full(): boolean {
    return this.#count > MAX_COMMAND_PARTS;
  }

  async read(command: string, depth: number): Promise<ShellPart[]> {
    if (depth > MAX_SCRIPT_DEPTH) {
      return [{ kind: "unknown", text: command, why: "it is nested too deep", final: true }];
    }
    this.#count += 1;
    const syntax = await parseShell(command);
    if ("unreadable" in syntax) {
      return [{ kind: "unknown", text: command, why: syntax.unreadable, final: true }];
    }
    const parts: ShellPart[] = [];
    await this.#walk(syntax.script, { parts, syntax, depth, command });
    return parts;
  }

  async #walk(node: SyntaxNode, at: Place): Promise<void> {
    if (this.full) return;
    if (at.depth > MAX_SCRIPT_DEPTH) {
      at.parts.push({ kind: "unknown", text: at.command, why: "it is nested too deep", final: true });
      return;
    }
    if (node.type === "Command") return this.#command(node, at);
    if (ARITHMETIC.has(node.type) && /'[^']*[$`]|\\[$`]|\$'/.test(at.command)) {
      const text = at.command.slice(node.pos, node.end);
      at.parts.push({ kind: "unknown", text, why: "arithmetic may run what is quoted in it", final: false });
    }
    if (node.type === "Redirect" || node.type === "HereString" || node.type === "HereDoc") {
      this.#redirection(node, at);
    } else if (!PLAIN_NODES.has(node.type)) {
      const why = UNCOVERED[node.type] ?? `${node.type} is not supported`;
      at.parts.push({ kind: "uncovered", text: at.command.slice(node.pos, node.end), why });
    }
    await this.#children(node, at);
  }

  async #children(node: SyntaxNode, at: Place): Promise<void> {
    const children: SyntaxNode[] = [];
    at.syntax.forEachChild(node, (child) => children.push(child));
    for (const child of children) {
      const inside = DEEPER.has(child.type) ? { ...at, depth: at.depth + 1 } : at;
      // Positions in a script with a source of its own count from there.
      const own = child.type === "Script" && "source" in child ? child.source : undefined;
      await this.#walk(child, own === undefined ? inside : { ...inside, command: own });
    }
  }

  async #command(node: Command, at: Place): Promise<void> {
    const text = at.command.slice(node.pos, node.end);
    for (const item of node.prefix) if (item.type === "Assignment") this.#assignment(item, at, text);
    const words: ShellWord[] = [];
    if (node.name !== undefined) words.push(readWord(node.name, this.#home));
    for (const argument of node.args) words.push(this.#argument(argument));
    if (words.length > 0) at.parts.push(await this.#simple(words, text, at.depth));
    await this.#children(node, at);
  }

  #argument(argument: Word | Assignment): ShellWord {
    if (argument.type === "Word") return readWord(argument, this.#home);
    return { kind: "dynamic", head: `${argument.name}`, tail: "" };
  }

  /** A command with its words, and what these make it run. */
  async #simple(words: readonly ShellWord[], text: string, depth: number): Promise<ShellPart> {
    if (words[0]?.kind !== "fixed" || words[0].text === "") {
      return {
        kind: "unknown",
        text,
        why: "the name of the command is only known when it runs",
        final: false,
      };
    }
    this.#count += 1;
    const none = { kind: "command", words, text, instead: undefined, maybe: [] } as const;
    if (this.full || !isRunner(words)) return none;
    const wrapped = wrappedCommand(words);
    if (wrapped !== undefined) return { ...none, instead: [await this.#simple(wrapped, text, depth + 1)] };
    const script = scriptOf(words);
    if (script !== undefined) return { ...none, instead: await this.read(script, depth + 1) };
    return { ...none, maybe: await this.#guesses(words, text, depth) };
  }

  /** All that a command which runs others may run: what follows any of its words, and any word that is a script. */
  async #guesses(words: readonly ShellWord[], text: string, depth: number): Promise<ShellPart[]> {
    const unknown = { kind: "unknown", text, why: "what it runs cannot be known", final: false } as const;
    if (isUnknowable(words) || words.length > 64) return [unknown];
    const guesses: ShellPart[] = [];
    for (let index = 1; index < words.length; index++) {
      const word = words[index];
      if (word?.kind !== "fixed") {
        guesses.push(unknown);
        continue;
      }
      const rest = words.slice(index);
      const none = { kind: "command", words: rest, text, instead: undefined, maybe: [] } as const;
      guesses.push(none);
      const script = scriptOf(rest) ?? (/[\s;&|<>()$`]/.test(word.text) ? word.text : undefined);
      if (script !== undefined && !this.full) guesses.push(...(await this.read(script, depth + 1)));
    }
    return guesses;
  }

  #assignment({ name, value, append, index }: Assignment, at: Place, text: string): void {
    const word = value.type === "Word" ? readWord(value, this.#home) : undefined;
    const plain = append !== true && index === undefined && word?.kind === "fixed";
    if (plain && isHarmlessAssignment(name, word.text)) return;
    at.parts.push({ kind: "uncovered", text, why: `it sets the variable ${name}` });
  }

  #redirection(node: Redirection, at: Place): void {
    this.#count += 1;
    const text = at.command.slice(node.pos, node.end);
    if (node.descriptor?.type === "FileDescriptorVariable") {
      at.parts.push({ kind: "uncovered", text, why: "it sets a variable" });
    }
    if (node.type === "HereDoc") {
      if (at.depth > 0 && closesParenthesis(node.body.text)) {
        const why =
          "its here-document closes a parenthesis, at which old shells end the substitution around it";
        at.parts.push({ kind: "unknown", text, why, final: false });
      }
      const parts = node.delimiter?.quoted === true ? [] : (node.body.parts ?? []);
      if (parts.some((part) => part.type !== "Literal")) {
        at.parts.push({
          kind: "uncovered",
          text,
          why: "its here-document holds expansions; quote the word after <<",
        });
      }
      return;
    }
    const target = node.target === undefined ? undefined : readWord(node.target, this.#home);
    const file = target?.kind === "fixed" ? target.text : undefined;
    if (node.type === "HereString") {
      if (file === undefined) {
        at.parts.push({ kind: "uncovered", text, why: "its here-string holds expansions" });
      }
      return;
    }
    const { operator } = node;
    if ((operator === ">&" || operator === "<&") && file !== undefined && /^(?:\d{1,4}-?|-)$/.test(file)) {
      return;
    }
    if (file === "/dev/null") return;
    const reads = operator === "<" || operator === "<>" || operator === "<&";
    const writes = operator !== "<" && operator !== "<&";
    if (reads) at.parts.push({ kind: "file", access: "Read", target: file, text });
    if (writes) at.parts.push({ kind: "file", access: "Edit", target: file, text });
  }
}

interface Place {
  readonly parts: ShellPart[];
  readonly syntax: ShellSyntax;
  readonly depth: number;
  readonly command: string;
}

/** Nodes that do nothing but hold others, and the parts of words, which are judged with their word. */
const PLAIN_NODES: ReadonlySet<SyntaxNode["type"]> = new Set([
  ...(["Script", "Statement", "CompoundList", "AndOr", "Pipeline", "Time", "Negation", "Subshell"] as const),
  ...([
    "BraceGroup",
    "If",
    "Elif",
    "While",
    "Redirected",
    "Word",
    "Literal",
    "Glob",
    "SingleQuoted",
  ] as const),
  ...(["DoubleQuoted", "AnsiCQuoted", "LocaleString", "SimpleExpansion", "ParameterExpansion"] as const),
  ...([
    "CommandExpansion",
    "ArithmeticExpansion",
    "ProcessSubstitution",
    "ExtendedGlob",
    "BraceExpansion",
  ] as const),
  ...(["Assignment", "ArrayValue", "FileDescriptor", "FileDescriptorVariable", "HereDocDelimiter"] as const),
  ...(["HereDocBody"] as const),
]);

/** Where a text like `a[$(x)]` is evaluated, also one that was quoted or is in a variable. */
const ARITHMETIC: ReadonlySet<SyntaxNode["type"]> = new Set([
  ...(["TestCommand", "ArithmeticCommand", "ArithmeticFor", "ArithmeticExpansion"] as const),
]);

const DEEPER: ReadonlySet<SyntaxNode["type"]> = new Set(["Script", "Subshell", "BraceGroup", "CompoundList"]);

/** Nodes that no allow rule can cover, whatever they hold. */
const UNCOVERED: Readonly<Partial<Record<SyntaxNode["type"], string>>> = {
  Function: "it defines a function, which may stand for another command from then on",
  Coproc: "it starts a coprocess",
  For: "its loop sets a variable",
  ArithmeticFor: "its loop sets a variable",
  Select: "its loop sets a variable",
  Case: "case is not supported",
  TestCommand: "[[ ]] is not supported; use [ ]",
  ArithmeticCommand: "(( )) is not supported",
};

/** The script that `eval` or `sh -c` runs, when it is known. */
function scriptOf(words: readonly ShellWord[]): string | undefined {
  const texts = words.map((word) => (word.kind === "fixed" ? word.text : undefined));
  if (
    texts[0] === "eval" &&
    texts.length > 1 &&
    texts[1]?.startsWith("-") === false &&
    !texts.includes(undefined)
  ) {
    return texts.slice(1).join(" ");
  }
  const shell = ["sh", "bash", "dash", "zsh"].includes(texts[0] ?? "");
  return shell && texts.length === 3 && texts[1] === "-c" ? texts[2] : undefined;
}

function closesParenthesis(text: string): boolean {
  let open = 0;
  for (const [char] of text.matchAll(/[()]/g)) {
    open += char === "(" ? 1 : -1;
    if (open < 0) return true;
  }
  return false;
}
