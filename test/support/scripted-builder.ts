/** A launch of the scripted CLI as a builder takes it: an executable file, whose n-th start plays the n-th script. */

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ClaudeCliBuilder } from "../../src/index.js";
import { type CliScript, scriptedCli } from "../../src/testing/index.js";
import { marked } from "./scripted.js";

/** The builder, and what its processes leave. */
export interface ScriptedBuilder extends Disposable {
  readonly builder: ClaudeCliBuilder;
  /** How many processes it has started. */
  starts(): number;
}

/** The last script is for all further starts. POSIX alone: the file is for `sh`. */
export function scriptedBuilder(...scripts: readonly CliScript[]): ScriptedBuilder {
  const folder = mkdtempSync(join(tmpdir(), "offthread-scripts-"));
  const launches = scripts.map((script, index) => {
    const { command, args, env = {} } = marked(scriptedCli(script));
    const variables = Object.entries(env).map(([name, value]) => `${name}=${quoted(value)}`);
    const line = ["exec", "env", "-i", ...variables, quoted(command), ...args.map(quoted), '"$@"'].join(" ");
    return `${index === scripts.length - 1 ? "*" : `${index}`}) ${line} ;;`;
  });
  // A folder can be made by one process alone, so that each start has a number of its own.
  const program = [
    "#!/bin/sh",
    "start=0",
    `while ! /bin/mkdir ${quoted(folder)}/start-$start 2>/dev/null; do start=$((start + 1)); done`,
    `case $start in`,
    ...launches,
    "esac",
  ];
  const command = join(folder, "claude");
  writeFileSync(command, `${program.join("\n")}\n`, { mode: 0o755 });
  return {
    builder: new ClaudeCliBuilder().command(command).cleanEnv({}),
    starts: () => readdirSync(folder).filter((name) => name.startsWith("start-")).length,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
