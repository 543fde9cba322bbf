import { suite } from "uvu";
import * as assert from "uvu/assert";
import type { BatchPrompt } from "../../src/batch/batch-prompt.js";
import { promptDigest } from "../../src/batch/prompt-digest.js";
import type { ReadRow } from "../../src/batch/rows/row.js";
import { Ticket } from "../../src/batch/ticket.js";
import { badRows, Worklist } from "../../src/batch/worklist.js";
import type { BadInputError } from "../../src/errors.js";
import { rejects } from "../support/rejects.js";
import { outcome } from "./outcome.js";

const row = (line: number, id: string, prompt = id): ReadRow => ({ line, prompt: { id, prompt } });
const BAD: ReadRow = { line: 9, reason: "it is bad" };

async function* rowsOf(rows: readonly ReadRow[]): AsyncGenerator<ReadRow, void> {
  yield* rows;
}

function worklist(flags: { retryFailed?: boolean; skipBad?: boolean } = {}): Worklist {
  const under = new Worklist({ file: "in", retryFailed: false, skipBad: false, ...flags });
  for (const [id, status] of [
    ["won", "succeeded"],
    ["lost", "failed"],
  ] as const) {
    under.record({ id, status, digest: promptDigest({ prompt: id }) });
  }
  return under;
}

/** The ids that are handed out. */
async function taken(under: Worklist, rows: readonly ReadRow[]): Promise<string[]> {
  const ids: string[] = [];
  for await (const prompt of under.take(rowsOf(rows))) ids.push(ticket(prompt).id);
  return ids;
}

function ticket({ metadata }: BatchPrompt): Ticket {
  return Ticket.of({ ...outcome("x", "succeeded"), metadata });
}

const work = suite("the list of work");
const ALL = [row(1, "a"), row(2, "won"), row(3, "lost"), row(4, "b")];

for (const checked of [true, false]) {
  const how = checked ? "checked before" : "read once";
  const prepared = async (under: Worklist, rows: readonly ReadRow[]) => {
    if (checked) await under.check(rowsOf(rows));
    return taken(under, rows);
  };

  work(`${how}: what is recorded is passed over`, async () => {
    const under = worklist();
    assert.equal(await prepared(under, ALL), ["a", "b"]);
    assert.equal(under.counts, { run: 2, succeeded: 1, failed: 1, bad: 0 });
  });

  work(`${how}: failures run again if so asked, also with another prompt`, async () => {
    const under = worklist({ retryFailed: true });
    assert.equal(await prepared(under, [row(1, "won"), row(2, "lost", "in other words")]), ["lost"]);
    assert.equal(under.counts, { run: 1, succeeded: 1, failed: 0, bad: 0 });
  });

  work(`${how}: an id used twice, a changed prompt and a bad row are set aside`, async () => {
    const under = worklist({ skipBad: true });
    const rows = [
      row(1, "a"),
      row(4, "b"),
      row(5, "a", "again"),
      row(6, "won", "changed"),
      row(7, "lost", "changed"),
      BAD,
      row(10, "c"),
    ];
    assert.equal(await prepared(under, rows), ["a", "b", "c"]);
    assert.is(under.counts.bad, 4);
    assert.equal(
      under.badRows.map(({ line, reason }) => `${line} ${reason}`),
      [
        '5 its id "a" was used on an earlier line',
        '6 its prompt or an override is not what was recorded under the id "won"',
        '7 its prompt or an override is not what was recorded under the id "lost"',
        "9 it is bad",
      ],
    );
  });
}

work("read once, a bad row ends it, after what came before", async () => {
  const under = worklist();
  const ids: string[] = [];
  const reading = (async () => {
    for await (const prompt of under.take(rowsOf([row(1, "a"), BAD, row(10, "b")])))
      ids.push(ticket(prompt).id);
  })();
  const error = await rejects<BadInputError>(reading);
  assert.equal({ code: error.code, rows: error.rows, ids }, { code: "BAD_INPUT", rows: [BAD], ids: ["a"] });
  assert.match(error.message, "in:9: it is bad");
});

const CHANGES: [title: string, rows: ReadRow[]][] = [
  ["another prompt", [row(1, "a", "other")]],
  ["another row", [row(1, "new")]],
];
for (const [title, rows] of CHANGES) {
  work(`an input that was changed after its check ends it: ${title}`, async () => {
    const under = worklist({ skipBad: true });
    await under.check(rowsOf([row(1, "a")]));
    const error = await rejects<BadInputError>(taken(under, rows));
    assert.match(error.message, "in:1 has changed while the batch ran");
  });
}

work("a ticket carries what is recorded, and the prompt its own metadata", async () => {
  const given = { id: "a", prompt: "b", metadata: { mine: 1 }, model: "m" };
  for await (const prompt of worklist().take(rowsOf([{ line: 1, prompt: given }]))) {
    const { id, digest, metadata } = ticket(prompt);
    assert.equal({ id, digest, metadata }, { id: "a", digest: promptDigest(given), metadata: { mine: 1 } });
    assert.is(prompt.id, undefined);
    assert.is(prompt.model, "m");
  }
});

work("the digest tells what is asked, not how", () => {
  const base = promptDigest({ prompt: "a" });
  assert.match(base, /^[0-9a-f]{16}$/);
  assert.is(promptDigest({ prompt: "a", id: "x", timeoutMs: 5, metadata: 1 }), base);
  const others: BatchPrompt[] = [
    { prompt: "b" },
    { prompt: "a", model: "m" },
    { prompt: "a", systemPrompt: "m" },
    { prompt: "a", cwd: "m" },
    { prompt: "a", allowedTools: ["m"] },
    { prompt: "a", jsonSchema: "m" },
  ];
  assert.is(new Set([base, ...others.map(promptDigest)]).size, 7);
});

work("many bad rows are told in short", () => {
  const { message } = badRows("in", 30, [{ line: 1, reason: "it is bad" }]);
  assert.is(message, "30 rows cannot be run:\n  in:1: it is bad\n  and 29 more");
});

work.run();
