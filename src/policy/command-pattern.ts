import { fold, invisibleCharacter } from "./hostile-text.js";
import { isRunnerOrStateful, needsExactRule } from "./shell-commands.js";
import type { ShellWord } from "./shell-word.js";
import { ANY, fits, fitsSequence, literal, type Pattern } from "./wildcard.js";

/** The content of a `Bash` rule. */
export interface CommandPattern {
  /** For allow rules: one pattern for each word, so that a star within a word stays in it. */
  readonly strict: readonly (Pattern | typeof ANY_WORDS)[];
  /** For deny and ask rules: words joined by a blank, folded, and every star stands for anything. */
  readonly loose: Pattern;
  /** True when more words may follow: the rule ends in ` *` or `:*`. */
  readonly open: boolean;
  /** True when it holds no wildcard at all. */
  readonly exact: boolean;
}

/** Stands for any number of words. */
const ANY_WORDS = "any words" as const;

/** Stands in the text of a command for what a glob may become. No rule can hold it. */
const GLOB = "\u0001";

/**
 * Parses the content of a `Bash` rule: words as the shell would split them, with `*` as wildcard and `\*` for an
 * asterisk. Alone, `*` stands for any words; within a word of an allow rule, for any part of that word. At the end,
 * ` *` and `:*` also stand for nothing.
 * @throws Error with the reason, for the caller to complete.
 */
export function parseCommandPattern(
  content: string,
  home: string | undefined,
  strict: boolean,
): CommandPattern {
  if (invisibleCharacter(content) !== undefined || /[\t\n]/.test(content)) {
    throw new Error("it holds a line break, tab or invisible character");
  }
  const open = /[ :]\*$/.test(content);
  const words = splitWords(open ? content.slice(0, -2) : content, home);
  const first = words[0];
  if (first === undefined) throw new Error("it names no command");
  const exact = !open && !words.flat().includes("*");
  if (strict && !exact) checkWild(first);
  const loose = [withoutFolder(first), ...words.slice(1)].map((word) => patternOf(word, fold));
  return {
    // A star alone is at least one word, except at the end.
    strict: [
      ...words.flatMap((word): (Pattern | typeof ANY_WORDS)[] => {
        const pattern = patternOf(word, (text) => text);
        return word.length === 1 && word[0] === "*" ? [pattern, ANY_WORDS] : [pattern];
      }),
      ...(open ? [ANY_WORDS] : []),
    ],
    loose: loose.flatMap((word, index) => (index === 0 ? word : [...literal(" "), ...word])),
    open,
    exact,
  };
}

function patternOf(word: RuleWord, change: (text: string) => string): number[] {
  return word.flatMap((piece) => (piece === "*" ? [ANY] : literal(change(piece.text))));
}

/** The name of a command as deny rules compare it, which is without its folder. */
function withoutFolder(word: RuleWord): RuleWord {
  if (word.includes("*")) return word;
  const name = word.map((piece) => (piece === "*" ? "" : piece.text)).join("");
  return [{ text: name.slice(name.lastIndexOf("/") + 1) }];
}

function checkWild(first: RuleWord): void {
  if (first.includes("*")) {
    throw new Error(
      "the name of the command holds a wildcard; name each command, or write Bash to allow all",
    );
  }
  const name = first.map((piece) => (piece === "*" ? "" : piece.text)).join("");
  if (isRunnerOrStateful(name)) {
    throw new Error(
      `${name} runs other commands or changes what they mean, so a wildcard would allow anything; ` +
        "allow the commands that it runs, or write one whole command without wildcards",
    );
  }
}

type RulePiece = { readonly text: string } | "*";
type RuleWord = readonly RulePiece[];

/** Splits the text of a rule into words. Anything that a shell would expand or act upon is refused. */
function splitWords(content: string, home: string | undefined): RulePiece[][] {
  const tokens = content.match(/ +|\\[\s\S]?|'[^']*'?|"[^"]*"?|\*+|[^ \\'"*]+/g) ?? [];
  const words: RulePiece[][] = [];
  let word: RulePiece[] = [];
  for (const token of tokens) {
    if (token.startsWith(" ")) {
      if (word.length > 0) words.push(word);
      word = [];
    } else if (token.startsWith("*")) word.push("*");
    else if (word.length === 0 && token.startsWith("~")) word.push({ text: underHome(token, home) });
    else word.push({ text: plainText(token) });
  }
  if (word.length > 0) words.push(word);
  return words;
}

function underHome(token: string, home: string | undefined): string {
  if (home === undefined || !/^~(?:\/|$)/.test(token)) {
    throw new Error(`${token} is a home directory that is not known; give its path, or put it in quotes`);
  }
  return home + plainText(token.slice(1));
}

function plainText(token: string): string {
  const first = token[0];
  if (first === "\\") {
    if (token.length < 2) throw new Error("it ends in a backslash");
    return token.slice(1);
  }
  if (first === "'" || first === '"') {
    if (token.length < 2 || token.at(-1) !== first) throw new Error("a quote is not closed");
    if (token.includes("*")) {
      throw new Error("an asterisk in quotes could be either; write \\* or take it out of the quotes");
    }
    if (first === '"' && /[$`\\]/.test(token)) {
      throw new Error('"$", "`" and "\\" may not stand in double quotes');
    }
    return token.slice(1, -1);
  }
  const special = /[;&|<>()$`]/.exec(token)?.[0];
  if (special !== undefined) {
    throw new Error(
      `a rule is one command, without ${JSON.stringify(special)}; write one rule for each, or quote it`,
    );
  }
  return token;
}

/** True when the pattern covers the command for certain, whatever its globs become. */
export function coversCommand(pattern: CommandPattern, words: readonly ShellWord[]): boolean {
  if (!pattern.exact && needsExactRule(words)) return false;
  const texts: string[] = [];
  for (const word of words) {
    if (word.kind === "dynamic") return false;
    const text = word.kind === "fixed" ? word.text : `${word.head}${GLOB}${word.tail}`;
    if (word.kind === "fixed" && text.includes(GLOB)) return false;
    texts.push(text);
  }
  return fitsSequence(pattern.strict, texts.length, ANY_WORDS, (word, at) => {
    return word !== ANY_WORDS && fits(word, texts[at] ?? "");
  });
}

/** True when the command may be one of those that the pattern means. */
export function mayBeCommand(pattern: CommandPattern, words: readonly ShellWord[]): boolean {
  return looseForms(words).some((form) => mayFit(pattern, form));
}

/** A command as deny and ask rules see it. */
interface LooseForm {
  /** Up to what is not known; all of it when everything is. */
  readonly before: string;
  /** What follows the last unknown; undefined when there is none. */
  readonly after: string | undefined;
}

const formsOf = new WeakMap<readonly ShellWord[], readonly LooseForm[]>();

/** The command under its name as it is written, and without its folder. Kept, since each rule asks for it. */
function looseForms(words: readonly ShellWord[]): readonly LooseForm[] {
  const known = formsOf.get(words);
  if (known !== undefined) return known;
  const first = words[0];
  const name = first?.kind === "fixed" ? first.text.slice(first.text.lastIndexOf("/") + 1) : "";
  const bare = [{ kind: "fixed", text: name } as const, ...words.slice(1)];
  const forms = first?.kind === "fixed" ? [looseForm(words), looseForm(bare)] : [{ before: "", after: "" }];
  formsOf.set(words, forms);
  return forms;
}

function looseForm(words: readonly ShellWord[]): LooseForm {
  const from = words.findIndex((word) => word.kind !== "fixed");
  if (from < 0) return { before: fold(fixedText(words)), after: undefined };
  const to = words.findLastIndex((word) => word.kind !== "fixed");
  const [unknown, last] = [words[from], words[to]];
  const head = unknown === undefined || unknown.kind === "fixed" ? "" : unknown.head;
  const tail = last === undefined || last.kind === "fixed" ? "" : last.tail;
  return {
    before: fold(`${fixedText(words.slice(0, from))} ${head}`).trimEnd(),
    after: fold(`${tail} ${fixedText(words.slice(to + 1))}`).trim(),
  };
}

function fixedText(words: readonly ShellWord[]): string {
  return words.map((word) => (word.kind === "fixed" ? word.text : "")).join(" ");
}

function mayFit({ loose, open }: CommandPattern, { before, after }: LooseForm): boolean {
  if (after === undefined) {
    return fits(loose, before) || (open && fits([...loose, ...literal(" "), ANY], before));
  }
  // What is not known may be anything: only what stands before and after it can tell the two apart.
  const wild = loose.indexOf(ANY);
  const ruleHead = String.fromCharCode(...(wild < 0 ? loose : loose.slice(0, wild)));
  const ruleTail = open ? "" : String.fromCharCode(...loose.slice(loose.lastIndexOf(ANY) + 1));
  const heads = before.startsWith(ruleHead) || ruleHead.startsWith(before);
  return heads && (after.endsWith(ruleTail) || ruleTail.endsWith(after));
}
