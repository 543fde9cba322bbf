/** What models and tools write: prose, source code, logs, base64. */

import type { Dice } from "./dice.js";

const PROSE = [
  'The config is read twice: once by `loadConfig()`, once by the "watcher", so the later one wins.',
  "Let me check whether the tests cover this path — they don't, and that's why it slipped through.",
  "Im Modul für Größen fehlt die Prüfung; naïve Eingaben wie „½ €“ brechen es.\n",
  "この関数は入力を検証しません。先に型を確認してください。",
  "| file | before | after |\n|---|---|---|\n| `src/a.ts` | 12 kB | 9 kB |\n",
  "Done ✅ — 14 files changed, 3 tests added 🚀.\n\n",
  "First, the regular expression `/\\\\d+(?:\\.\\d+)?/` never sees the sign.\n",
  "Проверка завершена: ошибок нет. ",
] as const;

const CODE = [
  'export function parse(line: string): Record<string, unknown> | undefined {\n  if (line.trim() === "") return undefined;\n',
  '\tconst path = "C:\\\\Users\\\\me\\\\file.txt"; // tabs and backslashes\n',
  "  return items.filter((item) => item.size > 0 && !item.hidden).map(({ name }) => `<name>`);\n}\n\n",
  'def grüße(name: str) -> str:\n    return f"Hallo, {name}! \'quoted\' \\"twice\\""\n\n',
  "for (let i = 0; i < n; i++) { sum += table[i & 0xff] ^ (sum >>> 8); }\n",
  "SELECT id, \"name\" FROM users WHERE note LIKE '%\\\\_%' ORDER BY created_at DESC;\n",
  '#include <stdio.h>\nint main(void) { printf("%s\\n", "ok"); return 0; }\n',
  '<a href="/docs?x=1&amp;y=2" class="link">Größe &lt; 10</a>\n',
] as const;

const LOG = [
  "2026-03-14T09:26:53.589Z INFO  server listening on 127.0.0.1:8080 pid=4242\n",
  "\u001b[32m✓\u001b[39m splitter > cuts a line at every offset \u001b[2m(12 ms)\u001b[22m\n",
  "npm warn deprecated left-pad@1.3.0: use String.prototype.padStart()\n",
  'Error: ENOENT: no such file or directory, open "/srv/data/größe.json"\n    at Object.open (node:fs:573:18)\n',
  "drwxr-xr-x  7 user  staff   224 Mar 14 09:26 node_modules\n",
  "src/a.ts(12,5): error TS2345: Argument of type 'string' is not assignable to parameter of type 'number'.\n",
] as const;

const BASE64_BLOCK = 3 * 1024;

/** Prose with quotes, tables and several scripts; about `length` characters. */
export function prose(dice: Dice, length: number): string {
  return gather(dice, PROSE, length);
}

/** Source code with quotes, tabs and backslashes; about `length` characters. */
export function code(dice: Dice, length: number): string {
  return gather(dice, CODE, length);
}

/** Output of tools, with colour codes; about `length` characters. */
export function log(dice: Dice, length: number): string {
  return gather(dice, LOG, length);
}

/** Random bytes in base64: `length` characters, rounded up to whole groups of four. */
export function base64(dice: Dice, length: number): string {
  const block = Buffer.from(dice.hex(2 * BASE64_BLOCK), "hex").toString("base64");
  // Blocks that each start at another place: fresh random digits for megabytes would take seconds.
  let text = "";
  while (text.length < length) text += block.slice(4 * dice.whole(0, block.length / 8));
  return text.slice(0, 4 * Math.ceil(length / 4));
}

/** Every piece with a number of its own, so that no two stretches are alike. */
function gather(dice: Dice, pieces: readonly [string, ...string[]], length: number): string {
  let text = "";
  while (text.length < length) text += dice.pick(pieces) + dice.whole(0, 99_999).toString(36);
  return text.slice(0, safeEnd(text, length));
}

/** Never between the halves of a surrogate pair. */
function safeEnd(text: string, end: number): number {
  const unit = text.charCodeAt(end - 1);
  return unit >= 0xd800 && unit <= 0xdbff ? end - 1 : end;
}
