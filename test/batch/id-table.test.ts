import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { IdTable, type KnownPrompt } from "../../src/batch/id-table.js";

const table = suite("the table of ids");

const known = fc.record<KnownPrompt>({
  digest: fc.stringMatching(/^[0-9a-f]{16}$/),
  state: fc.constantFrom("pending", "succeeded", "failed"),
  checked: fc.boolean(),
  taken: fc.boolean(),
});

table("is a map", async () => {
  const entries = fc.array(fc.tuple(fc.string({ maxLength: 2 }), known), { maxLength: 300 });
  await fc.assert(
    fc.asyncProperty(entries, async (all) => {
      const under = new IdTable();
      const model = new Map<string, KnownPrompt>();
      for (const [id, value] of all) {
        under.set(id, value);
        model.set(id, value);
      }
      assert.is(under.size, model.size);
      for (const [id, value] of model) assert.equal(under.get(id), { ...value });
      assert.is(under.get("not there"), undefined);
    }),
  );
});

table("keeps a hundred thousand ids apart, in little memory and outside the heap", () => {
  const under = new IdTable();
  const value = (index: number): KnownPrompt => ({
    digest: index.toString(16).padStart(16, "0"),
    state: index % 2 === 0 ? "succeeded" : "failed",
    checked: true,
    taken: false,
  });
  const before = process.memoryUsage();
  for (let index = 0; index < 100_000; index += 1) under.set(`prompt-${index}`, value(index));
  assert.is(under.size, 100_000);
  for (let index = 0; index < 100_000; index += 997) assert.equal(under.get(`prompt-${index}`), value(index));
  assert.is(under.get("prompt-100000"), undefined);
  const { arrayBuffers } = process.memoryUsage();
  assert.ok(arrayBuffers - before.arrayBuffers < 100_000 * 60, `${arrayBuffers - before.arrayBuffers} bytes`);
});

table.run();
