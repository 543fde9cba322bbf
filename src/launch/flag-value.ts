import { InvalidArgumentError } from "../errors.js";
import { type FlagName, flagNames, flagOf } from "./flags.js";

/** What a flag was set to: present without a value, one value, or a list's items. */
export type FlagValue = true | string | readonly string[];

/** Flags that were set, by name. */
export type FlagValues = ReadonlyMap<FlagName, FlagValue>;

/** A word of a known set, with room for words that a later CLI adds. */
export type Open<Known extends string> = Known | (string & Record<never, never>);

/**
 * The flags as argv items, in table order.
 *
 * A value is always glued to its flag (`--flag=value`): the CLI then never takes it for a flag of its own,
 * whatever it starts with, and a list never swallows what follows. The glue also keeps every item distinct from
 * the bare word `mcp`: the CLI stops reading stdin when that is anywhere in its argv (2.1.330).
 */
export function encodeFlags(values: FlagValues): string[] {
  return flagNames().flatMap((name) => {
    const value = values.get(name);
    if (value === undefined) return [];
    if (value === true) return [`--${name}`];
    if (typeof value === "string") return [`--${name}=${value}`];
    const { join } = flagOf(name);
    return (join === undefined ? value : [value.join(join)]).map((item) => `--${name}=${item}`);
  });
}

/** Checks a text that will become (part of) one argv item; `what` names it in the error. */
export function checkText(what: string, value: unknown, options: { mayBeEmpty?: boolean } = {}): string {
  if (typeof value !== "string") {
    throw new InvalidArgumentError(`${what} must be a string, but it is ${kindOf(value)}.`);
  }
  if (value.includes("\0")) {
    throw new InvalidArgumentError(`${what} holds a NUL byte, which a process cannot be given; remove it.`);
  }
  if (options.mayBeEmpty !== true && value.trim() === "") {
    throw new InvalidArgumentError(`${what} is empty; give a value, or leave the call out.`);
  }
  return value;
}

/** Checks a number and writes it as the CLI reads it. `min` is inclusive unless `exclusive`. */
export function checkNumber(
  what: string,
  value: number,
  rule: { min: number; integer: boolean; exclusive?: boolean },
): string {
  const inRange = rule.exclusive === true ? value > rule.min : value >= rule.min;
  const fits = rule.integer ? Number.isSafeInteger(value) : Number.isFinite(value);
  if (!fits || !inRange) {
    const kind = rule.integer ? "a whole number" : "a number";
    const bound = rule.exclusive === true ? `greater than ${rule.min}` : `of at least ${rule.min}`;
    throw new InvalidArgumentError(`${what} must be ${kind} ${bound}, but it is ${String(value)}.`);
  }
  return String(value);
}

/** Items as the builder's list methods take them: one by one, in arrays, or both. */
export type Items<Item = string> = ReadonlyArray<Item | readonly Item[]>;

/** Flattens and checks the items of a list. */
export function checkItems(what: string, items: Items): string[] {
  return items.flat().map((item) => checkText(what, item));
}

/** Checks the items of a list that travels as one comma-joined value. */
export function checkJoinable(what: string, items: Items): string[] {
  return checkItems(what, items).map((item) => {
    if (item.includes(",")) {
      throw new InvalidArgumentError(
        `${what} ${JSON.stringify(item)} holds a comma; pass each one as its own item.`,
      );
    }
    return item;
  });
}

/**
 * Checks tool names and rules such as `Bash(git log, *)`.
 *
 * The CLI splits each value at commas and spaces outside parentheses, and the first `)` closes whatever is open
 * (2.1.330, tried with scripted tool calls). An item that it would split is refused: `Bash(x), Bash` from an
 * untrusted source would otherwise allow every command.
 */
export function checkToolRules(what: string, items: Items): string[] {
  return checkItems(what, items).map((item) => {
    let inside = false;
    for (const char of item) {
      if (char === "(") inside = true;
      else if (char === ")") inside = false;
      else if (!inside && (char === "," || char === " ")) {
        throw new InvalidArgumentError(
          `${what} ${JSON.stringify(item)} would be split by the CLI into several; pass each one as its own item, ` +
            "and put a rule with parentheses inside parentheses into settings({ permissions: … }).",
        );
      }
    }
    return item;
  });
}

/** A file path or JSON text as it is, any other value as JSON. */
export function checkJson(what: string, value: string | object): string {
  if (typeof value === "string") return checkText(what, value);
  let json: string | undefined;
  try {
    json = JSON.stringify(value);
  } catch (cause) {
    throw new InvalidArgumentError(`${what} cannot be written as JSON: ${String(cause)}`, { cause });
  }
  if (json === undefined || value === null) {
    throw new InvalidArgumentError(`${what} must be an object or a string, but it is ${kindOf(value)}.`);
  }
  return json;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** True for a UUID of any version in the dashed form, the only one that the CLI takes. */
export function isUuid(value: string): boolean {
  return UUID.test(value);
}

function kindOf(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
}
