import type { CommandExpansionPart, Word, WordPart } from "unbash";

/**
 * One word of a command as the program will get it, as far as that is certain without running the shell.
 *
 * - `fixed`: exactly `text`.
 * - `glob`: one or more file names, each beginning with `head`; the head is not empty and makes it no option.
 * - `dynamic`: any number of words, or one that cannot be known: variables, substitutions, braces, `$'…'`.
 */
export type ShellWord =
  | { readonly kind: "fixed"; readonly text: string }
  | { readonly kind: "glob"; readonly head: string; readonly tail: string }
  | { readonly kind: "dynamic"; readonly head: string; readonly tail: string };

/** Unquoted characters that neither bash nor zsh ever gives a meaning to within a word. */
const PLAIN = /^[\p{L}\p{M}\p{N}\p{S}\p{P}]$/u;
const NOT_PLAIN = new Set("{}()[]<>|&;*?$`'\"\\");

type Piece = { readonly text: string; readonly quoted: boolean } | "glob" | "dynamic";

/**
 * Reads a word. Quotes and escapes are undone here, and what comes out must be what the parser says, so that an
 * error in either makes the word dynamic; a tilde at the beginning becomes `home`.
 */
export function readWord(word: Word, home: string | undefined): ShellWord {
  if (["{}", "[", "]"].includes(word.text)) return { kind: "fixed", text: word.text };
  const pieces = piecesOf(word, home);
  const first = pieces.findIndex((piece) => typeof piece === "string");
  const textOf = (part: readonly Piece[]): string =>
    part.map((piece) => (typeof piece === "string" ? "" : piece.text)).join("");
  if (first < 0) return { kind: "fixed", text: textOf(pieces) };
  const last = pieces.findLastIndex((piece) => typeof piece === "string");
  const head = textOf(pieces.slice(0, first));
  const tail = textOf(pieces.slice(last + 1));
  const safe = head !== "" && !/^[-~=+]/.test(head) && !pieces.includes("dynamic");
  return { kind: safe ? "glob" : "dynamic", head, tail };
}

function piecesOf(word: Word, home: string | undefined): readonly Piece[] {
  const parts = word.parts;
  if (parts !== undefined && parts.map((part) => part.text).join("") !== word.text) return ["dynamic"];
  const pieces = parts?.flatMap(partPieces) ?? unquoted(word.text, word.value);
  const first = pieces[0];
  if (typeof first !== "object" || first.quoted) return pieces;
  // In zsh an unquoted = at the beginning looks a command up.
  if (first.text.startsWith("=")) return ["dynamic"];
  if (first.text.startsWith("~")) {
    // A quoted character next to it makes it an ordinary one.
    if (word.text.includes("\\")) return ["dynamic"];
    const whole = pieces.length === 1 ? /^~(?=\/|$)/.test(first.text) : first.text.startsWith("~/");
    return whole && home !== undefined
      ? [{ text: home + first.text.slice(1), quoted: true }, ...pieces.slice(1)]
      : ["dynamic"];
  }
  return pieces;
}

function partPieces(part: WordPart): readonly Piece[] {
  switch (part.type) {
    case "Literal":
      return unquoted(part.text, part.value);
    case "SingleQuoted": {
      const inner = part.text.slice(1, -1);
      return part.text === `'${inner}'` && !inner.includes("'") && inner === part.value
        ? [{ text: inner, quoted: true }]
        : ["dynamic"];
    }
    case "DoubleQuoted": {
      const inner = part.parts.map((child) => child.text).join("");
      if (part.text !== `"${inner}"`) return ["dynamic"];
      return part.parts.flatMap((child) => {
        if (child.type === "Literal") return doubleQuoted(child.text, child.value);
        const text = child.type === "CommandExpansion" ? hereDocText(child) : undefined;
        return text === undefined ? ["dynamic" as const] : [{ text, quoted: true }];
      });
    }
    case "Glob":
      return [part.kind === "bracket" ? "dynamic" : "glob"];
    default:
      return ["dynamic"];
  }
}

function unquoted(text: string, value: string): readonly Piece[] {
  let plain = "";
  let escaped = false;
  for (const [token] of text.matchAll(/\\[\s\S]|[\s\S]/gu)) {
    if (token === "\\\n") continue;
    if (token.startsWith("\\") && token.length > 1) {
      plain += token.slice(1);
      // An escaped ~ or = at the beginning is no longer special.
      escaped ||= plain.length === token.length - 1;
    } else if (PLAIN.test(token) && !NOT_PLAIN.has(token)) plain += token;
    else return ["dynamic"];
  }
  // ~ after = or : may be a home directory, which depends on the shell's options.
  if (plain !== value || /[=:]~/.test(plain)) return ["dynamic"];
  return plain === "" ? [] : [{ text: plain, quoted: escaped }];
}

function doubleQuoted(text: string, value: string): readonly Piece[] {
  if (/[`"]|\$[\w({[@*#?$!'"-]/.test(text.replace(/\\[\s\S]/gu, ""))) return ["dynamic"];
  const plain = text.replace(/\\([$`"\\\n])/g, (_, char: string) => (char === "\n" ? "" : char));
  return plain === value ? [{ text: plain, quoted: true }] : ["dynamic"];
}

/**
 * The text of `$(cat <<'EOF' … EOF)`, by which the model likes to give commit messages. Only without quotes, dollar
 * signs, backslashes and parentheses: bash 3.2, which macOS still has, looks for the closing one in the text as well.
 */
function hereDocText({ text, script }: CommandExpansionPart): string | undefined {
  const command = script?.commands.length === 1 ? script.commands[0]?.command : undefined;
  if (!text.startsWith("$(") || command?.type !== "Command" || command.name?.text !== "cat") return undefined;
  const [here] = command.suffix;
  if (command.prefix.length > 0 || command.suffix.length !== 1 || here?.type !== "HereDoc") return undefined;
  if (here.operator !== "<<" || here.descriptor !== undefined || here.delimiter?.quoted !== true) {
    return undefined;
  }
  return /[()'"`$\\]/.test(here.body.text) ? undefined : here.body.text.replace(/\n+$/, "");
}
