import { suite } from "uvu";
import * as assert from "uvu/assert";
import { EXIT_CODES_HELP, ExitCode, exitCodeOf } from "../../src/command/exit-codes.js";
import * as errors from "../../src/errors.js";

const codes = suite("exit codes");

const exit = { exitCode: 1, signal: null };
const rows: [error: unknown, code: number][] = [
  [new errors.BinaryNotFoundError("x", { binary: "x" }), 3],
  [new errors.SpawnError("x", { command: "x" }), 3],
  [new errors.ConnectionClosedError("x", exit), 4],
  [new errors.WorkerCrashedError("x"), 4],
  [new errors.WriteError("x"), 4],
  [new errors.TimeoutError("x", { timeoutMs: 1 }), 124],
  [new errors.AbortError("x"), 130],
  [new errors.InvalidArgumentError("x"), 2],
  [new errors.BadInputError("x", { file: "x", rows: [] }), 2],
  [new errors.OutputError("x", { file: "x" }), 5],
  [new errors.OutputLockedError("x", { file: "x", pid: 1 }), 5],
  [new errors.InvalidStateError("x"), 1],
  [new Error("x"), 1],
  [Object.assign(new Error("x"), { code: "TIMEOUT" }), 1],
  ["x", 1],
];
for (const [error, code] of rows) {
  codes(`of ${String(error)}`, () => assert.is(exitCodeOf(error), code));
}

codes("are all in the help", () => {
  for (const code of Object.values(ExitCode)) assert.match(EXIT_CODES_HELP, new RegExp(`^ {2}${code} `, "m"));
});

codes.run();
