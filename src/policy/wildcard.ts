/** Matching with wildcards in bounded time: no regular expressions, so nothing can backtrack. */

/** Stands for any characters. */
export const ANY = -1;
/** Stands for exactly one character. */
export const ONE = -2;

/** A pattern for a text: UTF-16 code units and wildcards. */
export type Pattern = readonly number[];

/** The code units of a literal text. */
export function literal(text: string): number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

/** A pattern from a text in which every `*` stands for any characters. */
export function starPattern(text: string): Pattern {
  return text.split(/(\*+)/).flatMap((piece) => (piece.startsWith("*") ? [ANY] : literal(piece)));
}

/** True when the whole text fits the pattern. Time is the product of the two lengths at worst. */
export function fits(pattern: Pattern, text: string): boolean {
  return fitsSequence(
    pattern,
    text.length,
    ANY,
    (token, at) => token === ONE || token === text.charCodeAt(at),
  );
}

/**
 * True when a sequence of items fits a pattern in which `star` stands for any number of them.
 *
 * Going back to the last star is enough: an earlier one could only give away what the last one can take as well.
 */
export function fitsSequence<Token>(
  pattern: readonly Token[],
  length: number,
  star: Token,
  isMatch: (token: Token, at: number) => boolean,
): boolean {
  let index = 0;
  let at = 0;
  let lastStar = -1;
  let taken = 0;
  while (at < length) {
    const token = pattern[index];
    if (token === star) {
      lastStar = index;
      taken = at;
      index += 1;
    } else if (token !== undefined && isMatch(token, at)) {
      index += 1;
      at += 1;
    } else if (lastStar >= 0) {
      taken += 1;
      at = taken;
      index = lastStar + 1;
    } else return false;
  }
  while (pattern[index] === star && index < pattern.length) index += 1;
  return index === pattern.length;
}
