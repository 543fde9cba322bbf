import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type CliScript, scriptedCli } from "../../src/testing/index.js";

/** Writes an executable that behaves as the scripted CLI does, for `--claude`; gives its path. */
export function standIn(folder: string, script: CliScript): string {
  const { command, args } = scriptedCli(script);
  const quoted = [command, ...args].map((item) => `'${item.replaceAll("'", "'\\''")}'`);
  return executable(folder, `exec ${quoted.join(" ")} "$@"`);
}

/** Writes an executable shell script; gives its path. */
export function executable(folder: string, ...lines: readonly string[]): string {
  const path = join(folder, "claude-stand-in");
  writeFileSync(path, ["#!/bin/sh", ...lines, ""].join("\n"));
  chmodSync(path, 0o755);
  return path;
}
