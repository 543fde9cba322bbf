/** Text that a model wrote, made safe to compare and to show. */

/**
 * Control and format characters (NUL, CR, escapes, zero-width, bidirectional, lone surrogates) and every blank but
 * space, tab and line feed: none can be told from its absence by a reader, and shells disagree about some.
 */
const INVISIBLE = /[^\P{C}\t\n]|[^\P{Z} ]|\p{Default_Ignorable_Code_Point}/u;

/** What cannot be seen in a text, as `U+200B`, or undefined when there is nothing of the kind. */
export function invisibleCharacter(text: string): string | undefined {
  const found = INVISIBLE.exec(text)?.[0].codePointAt(0);
  return found === undefined ? undefined : `U+${found.toString(16).toUpperCase().padStart(4, "0")}`;
}

/**
 * The text as deny and ask rules compare it: what a file system may take for the same (case, compatibility forms,
 * characters that it ignores) becomes the same.
 */
export function fold(text: string): string {
  return text
    .normalize("NFKC")
    .replace(/\p{Default_Ignorable_Code_Point}/gu, "")
    .toLowerCase()
    .normalize("NFKC");
}

/** The text in quotes, on one line, with every unusual character escaped, and not longer than a line. */
export function quoted(text: string): string {
  const short = text.length > 160 ? `${text.slice(0, 157)}...` : text;
  return JSON.stringify(short).replace(
    /[\p{C}\p{Default_Ignorable_Code_Point}]|[^\P{Z} ]/gu,
    (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`,
  );
}
