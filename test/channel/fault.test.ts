import fc from "fast-check";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { answer, fromFault, toFault } from "../../src/channel/fault.js";
import { type ClaudeError, isClaudeError, TimeoutError, WriteError } from "../../src/errors.js";
import { EVERY_ERROR } from "./every-error.js";

/** The whole way: to data, through a port, and to an error again. */
function across(thrown: unknown): ClaudeError {
  return fromFault(structuredClone(toFault(thrown)));
}

const known = suite("fault: errors of this package");

for (const [error, fields] of EVERY_ERROR) {
  known(`${error.name} keeps its class, message and fields`, () => {
    const revived = across(error);
    assert.is(revived.constructor, error.constructor);
    assert.is(revived.name, error.name);
    assert.is(revived.message, error.message);
    assert.equal({ ...revived }, fields);
    assert.ok(isClaudeError(revived));
  });
}

known("an error of another copy of the package becomes one of this copy", async () => {
  const url = new URL("../../src/errors.js?another-copy", import.meta.url).href;
  const copy = (await import(url)) as { TimeoutError: typeof TimeoutError };
  const revived = across(new copy.TimeoutError("late", { timeoutMs: 5 }));
  assert.instance(revived, TimeoutError);
  assert.is((revived as TimeoutError).timeoutMs, 5);
});

known("the revived error's stack is the reader's", () => {
  function whoReads(): ClaudeError {
    return across(new WriteError("closed"));
  }
  assert.match(whoReads().stack ?? "", "whoReads");
});

known.run();

const foreign = suite("fault: everything else");

foreign("an unexpected error becomes WORKER_CRASHED with its stack as evidence", () => {
  function whereItBroke(): Error {
    return new RangeError("out of range");
  }
  const revived = across(whereItBroke());
  assert.is(revived.code, "WORKER_CRASHED");
  assert.match(revived.message, "RangeError: out of range");
  assert.match(revived.message, "whereItBroke");
});

const thrown: readonly (readonly [title: string, value: unknown, says: RegExp])[] = [
  ["a string", "just text", /just text/],
  ["undefined", undefined, /undefined/],
  ["null", null, /null/],
  ["a symbol", Symbol("odd"), /odd/],
  ["an error without a stack", withoutStack(new Error("bare")), /bare/],
  ["an error with a code that is not ours", Object.assign(new Error("x"), { code: "ENOENT" }), /Error: x/],
  [
    "an error with one of our codes but not our brand",
    Object.assign(new Error("y"), { code: "TIMEOUT" }),
    /y/,
  ],
  ["an object without a prototype", Object.create(null), /.*/],
  ["an object that cannot be a string", { toString: () => ({}) }, /.*/],
];
for (const [title, value, says] of thrown) {
  foreign(`${title} too`, () => {
    const revived = across(value);
    assert.is(revived.code, "WORKER_CRASHED");
    assert.match(revived.message, says);
  });
}

function withoutStack(error: Error): Error {
  Object.defineProperty(error, "stack", { value: undefined });
  return error;
}

foreign.run();

const answers = suite("fault: answers");

answers("a value is passed on, whether it comes at once or later", async () => {
  await fc.assert(
    fc.asyncProperty(fc.jsonValue(), fc.boolean(), async (value, later) => {
      assert.equal(await answer(() => (later ? Promise.resolve(value) : value)), { value });
    }),
    { numRuns: 50 },
  );
});

answers("what is thrown, at once or later, is data", async () => {
  const error = new TimeoutError("late", { timeoutMs: 3 });
  const expected = { fault: { code: "TIMEOUT", message: "late", details: { timeoutMs: 3 } } };
  const now = (): never => {
    throw error;
  };
  assert.equal(await answer(now), expected);
  assert.equal(await answer(async () => now()), expected);
});

answers("an answer never rejects, whatever is thrown", async () => {
  const odd = await answer(() => Promise.reject(Object.create(null)));
  assert.ok("fault" in odd);
});

answers.run();
