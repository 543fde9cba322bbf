import * as fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { InputReader } from "../../src/batch/input-reader.js";
import type { BatchPrompt } from "../../src/index.js";
import { rejects } from "../support/rejects.js";

const reader = suite("input reader");

/** Everything that an input gives. */
async function readAll(input: Iterable<string | BatchPrompt>) {
  const from = new InputReader(input);
  const entries = [];
  for (let entry = await from.next(); entry !== undefined; entry = await from.next()) entries.push(entry);
  return entries;
}

reader("of all entries that may be run no two have the same id, and none is refused without a reason", () =>
  fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.nat({ max: 12 }), { nil: undefined })), async (ids) => {
      const prompts = ids.map((id) => (id === undefined ? "x" : { id: String(id), prompt: "x" }));
      const taken = new Set<string>();
      for (const { id, problem } of await readAll(prompts)) {
        assert.is(problem === undefined, !taken.has(id));
        taken.add(id);
      }
    }),
  ),
);

reader("an input that is told to close gives nothing more, also when it is being read", async () => {
  for (const whileReading of [true, false]) {
    let closed = false;
    async function* input() {
      try {
        yield "one";
        yield "two";
      } finally {
        closed = true;
      }
    }
    const from = new InputReader(input());
    assert.is((await from.next())?.id, "0");
    const reading = whileReading ? from.next() : undefined;
    from.close();
    await reading;
    await new Promise(setImmediate);
    assert.is(closed, true);
  }
});

reader("what the input throws is thrown, and an input that fails at its end hurts nobody", async () => {
  const failing = new InputReader({
    [Symbol.iterator]: () => ({
      next: () => {
        throw new Error("torn");
      },
      return: () => {
        throw new Error("torn at its end");
      },
    }),
  });
  assert.is((await rejects<Error>(failing.next())).message, "torn");
  failing.close();
  await new Promise(setImmediate);
});

reader.run();
