#!/usr/bin/env node
/** The `claude-offthread` command. */

import { CommanderError } from "commander";
import { ExitCode, exitCodeOf } from "./exit-codes.js";
import { failureReport } from "./failure-report.js";
import { buildProgram } from "./program.js";

async function run(argv: readonly string[]): Promise<ExitCode> {
  let code: ExitCode = ExitCode.success;
  const program = buildProgram((given) => {
    code = given;
  });
  try {
    await program.parseAsync(argv);
    return code;
  } catch (error) {
    // Commander has printed its own errors, and throws for --help and --version too.
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.success : ExitCode.usage;
    process.stderr.write(failureReport(error));
    return exitCodeOf(error);
  }
}

/** Settles when everything written before is out, or nobody reads it. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once("error", () => resolve());
    stream.write("", () => resolve());
  });
}

// A reader that went away is no reason to crash.
for (const stream of [process.stdout, process.stderr]) stream.on("error", () => {});
const code = await run(process.argv);
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
// Not left to the event loop: a stdin that nobody closes would keep it turning.
process.exit(code);
