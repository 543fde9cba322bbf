import { inspect } from "node:util";
import { InvalidArgumentError } from "../errors.js";

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string>>;

/** What a launch changes about the environment that the child would inherit. */
export interface EnvironmentPlan {
  /** False: the child gets the added variables and nothing else. */
  readonly inherit: boolean;
  readonly added: ReadonlyMap<string, string>;
  /** Inherited variables to leave out. */
  readonly removed: ReadonlySet<string>;
}

/** Where the CLI looks for credentials. A present API key beats an OAuth token (2.1.330). */
export const CREDENTIALS = {
  apiKey: "ANTHROPIC_API_KEY",
  oauthToken: "CLAUDE_CODE_OAUTH_TOKEN",
  authToken: "ANTHROPIC_AUTH_TOKEN",
} as const;

/** Marks that a Claude Code session leaves on the commands it runs. */
export const NESTED_RUN_MARKERS: readonly string[] = ["CLAUDECODE", "CLAUDE_CODE_CHILD_SESSION"];

/**
 * Switches meant for the host program that harm the CLI: with a debugger in NODE_OPTIONS it exits with status 1
 * and says nothing, with DEBUG=1 it writes the conversation to a debug log (both 2.1.330).
 */
const HOST_ONLY: readonly string[] = ["NODE_OPTIONS", "DEBUG"];

/**
 * The child's whole environment, or undefined when the host's can be inherited as it is.
 *
 * Variables that the plan adds always win, also over the rules here. `HOST_ONLY` variables are not inherited;
 * and when the plan brings a credential, no other credential is inherited, since the CLI might prefer that one.
 */
export function composeEnvironment(
  host: Readonly<Record<string, string | undefined>>,
  plan: EnvironmentPlan,
  platform: NodeJS.Platform = process.platform,
): Environment | undefined {
  if (!plan.inherit) return hideValues(plan.added);
  // Windows variables are the same in any case; a second spelling would leave the choice to chance.
  const key = (name: string) => (platform === "win32" ? name.toUpperCase() : name);
  const credentials: string[] = Object.values(CREDENTIALS);
  const bringsCredential = credentials.some((name) => plan.added.has(name));
  const left = new Set(
    [...HOST_ONLY, ...plan.removed, ...plan.added.keys(), ...(bringsCredential ? credentials : [])].map(key),
  );
  const inherited = Object.entries(host).filter(
    ([name, value]) => value !== undefined && !left.has(key(name)),
  );
  if (plan.added.size === 0 && inherited.length === Object.keys(host).length) return undefined;
  return hideValues([
    ...inherited.map(([name, value]): [string, string] => [name, value ?? ""]),
    ...plan.added,
  ]);
}

/**
 * An environment whose values do not show when it is logged or stringified.
 *
 * Values are getters (so that even an inspection without custom inspectors shows none), enumerable (so that
 * spreading, `structuredClone` and `spawn` see them). Not frozen: under coverage Node's own `spawn` adds a variable
 * to the object that it is given.
 */
export function hideValues(variables: Iterable<readonly [string, string]>): Environment {
  const environment: Record<string, string> = {};
  for (const [name, value] of variables) {
    Object.defineProperty(environment, name, { get: () => value, enumerable: true, configurable: true });
  }
  const redacted = () => Object.fromEntries(Object.keys(environment).map((name) => [name, "[redacted]"]));
  for (const hook of [inspect.custom, "toJSON"]) {
    if (!Object.hasOwn(environment, hook)) Object.defineProperty(environment, hook, { value: redacted });
  }
  return environment;
}

/** Checks a variable; the message never holds the value. */
export function checkVariable(name: unknown, value: unknown): void {
  if (typeof name !== "string" || name === "" || /[=\0]/.test(name)) {
    throw new InvalidArgumentError(
      `${JSON.stringify(name)} is no name for an environment variable: it must be a text without "=" and NUL.`,
    );
  }
  if (typeof value !== "string") {
    throw new InvalidArgumentError(
      `The value of environment variable ${name} must be a string, not ${typeof value}.`,
    );
  }
  if (value.includes("\0")) {
    throw new InvalidArgumentError(`The value of environment variable ${name} holds a NUL byte; remove it.`);
  }
}

/** Checks a secret that travels in an HTTP header; the message never holds it. */
export function checkSecret(what: string, value: unknown): string {
  if (typeof value !== "string" || value === "") {
    throw new InvalidArgumentError(`${what} must be a text that is not empty.`);
  }
  if (!/^[\x21-\x7e]+$/.test(value)) {
    throw new InvalidArgumentError(
      `${what} holds white space or another character that no credential has; was a line break read with it?`,
    );
  }
  return value;
}
