/** Values of options, from their text on the command line. */

import { basename, resolve } from "node:path";
import { InvalidArgumentError } from "commander";

/** Longest time that a timer can hold, in seconds. */
const MOST_SECONDS = 2_147_483;

/** A time in seconds, as milliseconds. */
export function seconds(value: string): number {
  const number = Number(value);
  if (value.trim() !== "" && number > 0 && number <= MOST_SECONDS) return Math.ceil(number * 1000);
  throw new InvalidArgumentError(`Give seconds, more than 0 and at most ${MOST_SECONDS}.`);
}

/**
 * Tool names and rules, separated by commas or spaces outside of parentheses as the CLI does it; adds to those of
 * earlier options.
 */
export function toolRules(value: string, before: readonly string[] = []): string[] {
  const rules = value.match(/(?:\([^)]*\)?|[^\s,(])+/g) ?? [];
  if (rules.length === 0) throw new InvalidArgumentError("Give at least one tool, such as Read.");
  return [...before, ...rules];
}

/** Text that must not be empty. */
export function filled(value: string): string {
  if (value.trim() !== "") return value;
  throw new InvalidArgumentError("It is empty.");
}

/** An executable: a bare name is for PATH, a path starts where the command was called and not at `--cwd`. */
export function executable(value: string): string {
  const command = filled(value);
  return basename(command) === command ? command : resolve(command);
}

/** Any flag of the CLI as `flag` or `flag=value`, with or without its dashes. */
export interface ClaudeFlag {
  readonly flag: string;
  readonly value: string | undefined;
}

/** Adds a flag to those of earlier options. */
export function claudeFlag(text: string, before: readonly ClaudeFlag[] = []): ClaudeFlag[] {
  const at = filled(text).indexOf("=");
  const flag = at === -1 ? text : text.slice(0, at);
  return [...before, { flag, value: at === -1 ? undefined : text.slice(at + 1) }];
}

/** A whole number from 1. */
export function positive(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value.trim()) && number >= 1 && Number.isSafeInteger(number)) return number;
  throw new InvalidArgumentError("Give a whole number from 1.");
}

/** US dollars. */
export function dollars(value: string): number {
  const number = Number(value.replace(/^\$/, ""));
  if (value.trim() !== "" && Number.isFinite(number) && number > 0) return number;
  throw new InvalidArgumentError("Give US dollars, more than 0.");
}
