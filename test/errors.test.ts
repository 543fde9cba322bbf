import { inspect } from "node:util";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as errors from "../src/errors.js";
import { EVERY_ERROR, EVERY_HOST_ERROR } from "./channel/every-error.js";

const ALL = [...EVERY_ERROR, ...EVERY_HOST_ERROR];

const classes = suite("errors: every class");

classes("the table of these tests knows each of them", () => {
  const exported = Object.values(errors).filter(
    (value) => typeof value === "function" && value.prototype instanceof errors.ClaudeError,
  );
  const known = ALL.map(([error]) => error.constructor);
  assert.equal(
    exported.filter((Class) => !known.includes(Class)).map(({ name }) => name),
    [],
  );
});

classes("codes are unique", () => {
  const codes = ALL.map(([error]) => error.code);
  assert.is(new Set(codes).size, codes.length);
});

for (const [error, fields] of ALL) {
  const { name } = error.constructor;
  classes(`${name} is an Error with its fields`, () => {
    assert.ok(error instanceof Error);
    assert.ok(error instanceof errors.ClaudeError);
    assert.ok(errors.isClaudeError(error));
    assert.is(error.name, name);
    assert.equal({ ...error }, fields, "its enumerable properties are its fields alone");
    assert.match(error.stack ?? "", new RegExp(`^${name}: ${error.message}`));
  });
}

classes("what may be left out has a value all the same", () => {
  assert.equal(new errors.BinaryNotFoundError("", { binary: "x" }).searched, []);
  assert.is(new errors.SpawnError("", { command: "x" }).errno, undefined);
  assert.is(new errors.ConnectionClosedError("", { exitCode: 1, signal: null }).stderrTail, "");
  assert.is(new errors.ControlRequestError("", { subtype: "x" }).errorCode, undefined);
});

classes("those that have one keep their cause", () => {
  const cause = new RangeError("why");
  for (const Class of [
    errors.AbortError,
    errors.WorkerCrashedError,
    errors.WriteError,
    errors.InvalidArgumentError,
    errors.InvalidStateError,
    errors.SessionNotInitializedError,
  ]) {
    assert.is(new Class("", { cause }).cause, cause, Class.name);
  }
  assert.not("cause" in new errors.AbortError(""), "and have no such property without one");
});

classes("the brand shows nowhere", () => {
  const [error] = EVERY_ERROR[0] ?? [];
  assert.not.match(inspect(error), "claude-offthread.error");
  assert.equal(Object.getOwnPropertySymbols({ ...error }), []);
});

classes.run();

const brand = suite("errors: isClaudeError");

for (const value of [undefined, null, "ABORTED", 7, {}, new Error("x"), { code: "ABORTED" }, () => {}]) {
  brand(`false for ${inspect(value).split("\n")[0]}`, () => assert.not(errors.isClaudeError(value)));
}

brand("knows an error that another copy of the package has thrown", async () => {
  const url = new URL("../src/errors.js?another-copy", import.meta.url).href;
  const copy = (await import(url)) as typeof errors;
  const foreign = new copy.TimeoutError("late", { timeoutMs: 5 });
  assert.not(foreign instanceof errors.ClaudeError);
  assert.ok(errors.isClaudeError(foreign));
  assert.ok(copy.isClaudeError(new errors.AbortError("here")));
});

brand.run();
