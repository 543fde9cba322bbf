/**
 * What the text of a uvu test file, TypeScript or compiled, tells about its suites. uvu itself forgets a suite
 * that is never run and does not tell an `only` from a `skip`.
 *
 * Declarations count at the start of a line alone, so a quoted program inside a test is not taken for one.
 */

const SUITE = /^\s*(?:export\s+)?(?:const|let|var)\s+([\w$]+)(?:\s*:[^=\n]+)?\s*=\s*suite\s*(?:<.*>)?\s*\(/gm;
const TEST_IMPORT = /^import\s*\{[^}]*\btest\b[^}]*\}\s*from\s*["']uvu["']/m;

/** Names of the suites that are created and never run. */
export function unrunSuites(text: string): string[] {
  const names = new Set([...text.matchAll(SUITE)].map(([, name = ""]) => name));
  if (TEST_IMPORT.test(text)) names.add("test");
  const ran = new Set([...text.matchAll(/(?<![\w$.])([\w$]+)\.run\s*\(/g)].map(([, name]) => name));
  return [...names].filter((name) => !ran.has(name));
}

/** How many suites the file creates outside of any block, each of which must run exactly once. */
export function countSuites(text: string): number {
  const declared = [...text.matchAll(SUITE)].filter(([declaration]) => /^\n*\S/.test(declaration));
  return declared.length + (TEST_IMPORT.test(text) ? 1 : 0);
}

/** Whether an `only` is called anywhere. */
export function mentionsOnly(text: string): boolean {
  return /\.only\s*\(/.test(text);
}
