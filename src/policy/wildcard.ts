/** Matching with wildcards in bounded time: no regular expressions, so nothing can backtrack. */

/** Stands for any characters. */
export const ANY = -1;
/** Stands for any characters but {@link SEPARATOR}. */
export const ANY_BUT_SEPARATOR = -2;
/** Stands for exactly one character but {@link SEPARATOR}. */
export const ONE_BUT_SEPARATOR = -3;

/** Ends a word in a command, a label in a host name: what the narrower wildcards do not cross. */
export const SEPARATOR = "\0";
const SEPARATOR_CODE = 0;

/** A pattern: UTF-16 code units and wildcards. */
export type Pattern = readonly number[];

/** The code units of a literal text. */
export function literal(text: string): number[] {
  return Array.from({ length: text.length }, (_, index) => text.charCodeAt(index));
}

/** True when the whole text fits the pattern. Time is the product of the two lengths at worst. */
export function fits(pattern: Pattern, text: string): boolean {
  const head = pattern.findIndex((token) => token < 0);
  const fixed = head < 0 ? pattern.length : head;
  if (head < 0 ? text.length !== fixed : text.length < fixed) return false;
  for (let at = 0; at < fixed; at++) if (pattern[at] !== text.charCodeAt(at)) return false;
  return head < 0 || simulate(pattern.slice(fixed), text, fixed);
}

/** Runs all possible matches side by side: `live[i]` is true when the first i tokens fit what was read. */
function simulate(pattern: Pattern, text: string, from: number): boolean {
  let live = new Uint8Array(pattern.length + 1);
  live[0] = 1;
  skipEmpty(pattern, live);
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const next = new Uint8Array(pattern.length + 1);
    let alive = false;
    for (let index = 0; index < pattern.length; index++) {
      if (live[index] !== 1) continue;
      const token = pattern[index];
      if (token === ANY || (token === ANY_BUT_SEPARATOR && code !== SEPARATOR_CODE)) next[index] = 1;
      else if (token === code || (token === ONE_BUT_SEPARATOR && code !== SEPARATOR_CODE))
        next[index + 1] = 1;
      else continue;
      alive = true;
    }
    if (!alive) return false;
    skipEmpty(pattern, next);
    live = next;
  }
  return live[pattern.length] === 1;
}

/** A star may stand for nothing. */
function skipEmpty(pattern: Pattern, live: Uint8Array): void {
  for (let index = 0; index < pattern.length; index++) {
    const token = pattern[index];
    if (live[index] === 1 && (token === ANY || token === ANY_BUT_SEPARATOR)) live[index + 1] = 1;
  }
}
