import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { Journal, readJournal } from "../../src/batch/journal.js";
import type { ClaudeError } from "../../src/errors.js";
import { rejects } from "../support/rejects.js";
import { line } from "./outcome.js";

const folder = mkdtempSync(join(tmpdir(), "journal-"));
const file = join(folder, "results.jsonl");

const journal = suite("the file of results");

journal.before.each(() => rmSync(file, { force: true, recursive: true }));
journal.after(() => rmSync(folder, { recursive: true }));

/** Opens the file with this content, writes a line, and gives what it told and what the file then holds. */
async function reopened(
  content: string | Buffer,
): Promise<{ told: string[]; text: string; repaired: number }> {
  writeFileSync(file, content);
  const told: string[] = [];
  const under = await Journal.open(file, ({ id, status }) => told.push(`${id} ${status}`));
  await under.append(line("new"));
  await under.close();
  const text = readFileSync(file, "utf8").replace(line("new").replace(/"endedAt".*/, ""), "NEW ");
  return { told, text: text.replace(/NEW .*\n$/, "NEW"), repaired: under.repairedBytes };
}

const A = line("a");
const B = line("b", "failed");
const B2 = line("b");
const GOOD: readonly [
  title: string,
  content: string | Buffer,
  told: string[],
  text: string,
  repaired: number,
][] = [
  ["an empty file", "", [], "NEW", 0],
  ["whole lines", `${A}\n${B}\n`, ["a succeeded", "b failed"], `${A}\n${B}\nNEW`, 0],
  ["a superseded outcome", `${B}\n${B2}\n`, ["b failed", "b succeeded"], `${B}\n${B2}\nNEW`, 0],
  ["a last line without its end", `${A}\n${B}`, ["a succeeded", "b failed"], `${A}\n${B}\nNEW`, 0],
  ["a torn last line", `${A}\n${B.slice(0, -1)}`, ["a succeeded"], `${A}\nNEW`, Buffer.byteLength(B) - 1],
  ["one that is torn at its first byte", `${A}\n{`, ["a succeeded"], `${A}\nNEW`, 1],
  [
    "one that is torn within a letter",
    Buffer.from(`${A}\n{"id":"é`).subarray(0, -1),
    ["a succeeded"],
    `${A}\nNEW`,
    8,
  ],
  ["nothing but a torn line", '{"id":"a","sta', [], "NEW", 14],
  ["zeros of a power failure", `${A}\n${"\0".repeat(50)}`, ["a succeeded"], `${A}\nNEW`, 50],
  ["zeros within the last line", `${A}\n${B.slice(0, 20)}\0\0\n`, ["a succeeded"], `${A}\nNEW`, 23],
  ["blank lines", `${A}\n\n${B}\n\n\n`, ["a succeeded", "b failed"], `${A}\n\n${B}\nNEW`, 0],
  ["line ends of Windows", `${A}\r\n`, ["a succeeded"], `${A}\r\nNEW`, 0],
];
for (const [title, content, told, text, repaired] of GOOD) {
  journal(`goes on after ${title}`, async () => {
    const found = await reopened(content);
    assert.equal(found.told, told);
    assert.is(found.text, text);
    assert.is(found.repaired, repaired);
  });
}

const FOREIGN: readonly [title: string, content: string, line: number][] = [
  ["a text", "hello", 1],
  ["a text behind outcomes", `${A}\nhello`, 2],
  ["prompts", '{"id":"a","prompt":"b"}\n', 1],
  ["other JSON", `${A}\n{"id":1}\n`, 2],
  ["a broken line between whole ones", `${A}\n{"id":"b","sta\n${B}\n`, 2],
  ["a line of another tool", `${A}\n{"id":"b","status":"succeeded","digest":"?"}\n`, 2],
];
for (const [title, content, at] of FOREIGN) {
  journal(`leaves alone what holds ${title}`, async () => {
    writeFileSync(file, content);
    const error = await rejects<ClaudeError>(Journal.open(file, () => {}));
    assert.is(error.code, "OUTPUT_FAILED");
    assert.match(error.message, `results.jsonl:${at} is no outcome`);
    assert.is(readFileSync(file, "utf8"), content);
    assert.is((await rejects<ClaudeError>(readJournal(file, () => {}))).code, "OUTPUT_FAILED");
  });
}

journal("wherever it is torn, whole lines stay and the rest is cut", async () => {
  const whole = Buffer.from([line("a", "succeeded", "é\n😀"), line("b", "failed"), line("c")].join("\n"));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: whole.length }), async (length) => {
      const { told, text } = await reopened(whole.subarray(0, length));
      const lines = text.split("\n");
      assert.is(lines.pop(), "NEW");
      assert.is(lines.length, told.length);
      for (const kept of lines) JSON.parse(kept);
    }),
    { numRuns: 60 },
  );
});

journal("reading changes nothing", async () => {
  const torn = `${A}\n{"id":`;
  writeFileSync(file, torn);
  const told: string[] = [];
  await readJournal(file, ({ id }) => told.push(id));
  assert.equal(told, ["a"]);
  assert.is(readFileSync(file, "utf8"), torn);
  rmSync(file);
  await readJournal(file, () => assert.unreachable());
  assert.not(existsSync(file));
});

journal("a file that stays empty is not left behind", async () => {
  await (await Journal.open(file, () => {})).close();
  assert.not(existsSync(file));
});

journal("what is no file, or lies nowhere, is refused", async () => {
  mkdirSync(file);
  for (const path of [file, join(folder, "no", "where"), "/dev/null"]) {
    const error = await rejects<ClaudeError>(Journal.open(path, () => {}));
    assert.is(error.code, "OUTPUT_FAILED", path);
  }
});

journal("a removed file is noticed", async () => {
  const under = await Journal.open(file, () => {});
  await under.append(A);
  rmSync(file);
  const error = await rejects<ClaudeError>(under.close());
  assert.match(error.message, "was removed while the batch ran");
});

journal.run();
