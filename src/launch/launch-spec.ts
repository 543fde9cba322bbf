import { InvalidArgumentError } from "../errors.js";
import { checkVariable, hideValues } from "./child-environment.js";
import { checkText } from "./flag-value.js";

/** The command that is looked up when no other is named. */
export const DEFAULT_COMMAND = "claude";

/**
 * How to start a child process: data, so that it can cross to the worker that starts it.
 *
 * A spec that `ClaudeCliBuilder` or `resolveLaunch` has made does not show the values of `env` when it is
 * logged, inspected or stringified; `structuredClone` and `toSpawnable` carry them.
 */
export interface LaunchSpec {
  /** A name to look up on PATH, or a path; a relative path starts at `cwd`. */
  readonly command: string;
  readonly args: readonly string[];
  /** Working directory of the child. Default: the host's. */
  readonly cwd?: string;
  /** The child's WHOLE environment. Default: the host's at the time of the spawn. */
  readonly env?: Readonly<Record<string, string>>;
  /**
   * The session id that the launch asks for by `--session-id` or `--resume`. Absent when the CLI chooses it
   * (`--continue`, resuming by title).
   */
  readonly sessionId?: string;
}

/** A launch spec as plain data with the environment filled in. Holds secrets in clear: never log it. */
export interface SpawnableLaunch extends LaunchSpec {
  readonly env: Readonly<Record<string, string>>;
}

/** Makes a frozen launch spec with a hidden environment. */
export function makeLaunchSpec(fields: LaunchSpec): LaunchSpec {
  const { command, args, cwd, env, sessionId } = fields;
  return Object.freeze({
    command,
    args: Object.freeze([...args]),
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env: hideValues(Object.entries(env)) }),
    ...(sessionId === undefined ? {} : { sessionId }),
  });
}

/**
 * The spec for `postMessage` and `spawn`: plain, clonable, complete.
 *
 * Call it on the main thread just before the spawn: an absent `env` becomes the host's environment here, since a
 * worker's own `process.env` is a copy from the time when that thread started.
 */
export function toSpawnable(spec: LaunchSpec): SpawnableLaunch {
  const { command, args, cwd, sessionId } = spec;
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(spec.env ?? process.env)) {
    // defineProperty, as an assignment to `__proto__` would set no variable.
    if (value !== undefined) {
      Object.defineProperty(env, name, { value, enumerable: true, configurable: true, writable: true });
    }
  }
  return {
    command,
    args: [...args],
    env,
    ...(cwd === undefined ? {} : { cwd }),
    ...(sessionId === undefined ? {} : { sessionId }),
  };
}

/**
 * Checks a launch spec from any source.
 * @throws InvalidArgumentError naming the field that is wrong.
 */
export function checkLaunchSpec(spec: LaunchSpec): void {
  checkText("LaunchSpec.command", spec.command);
  if (!Array.isArray(spec.args))
    throw new InvalidArgumentError("LaunchSpec.args must be an array of strings.");
  spec.args.forEach((item, index) => {
    checkText(`LaunchSpec.args[${index}]`, item, { mayBeEmpty: true });
  });
  if (spec.cwd !== undefined) checkText("LaunchSpec.cwd", spec.cwd);
  if (spec.sessionId !== undefined) checkText("LaunchSpec.sessionId", spec.sessionId);
  if (spec.env !== undefined) {
    if (typeof spec.env !== "object" || spec.env === null) {
      throw new InvalidArgumentError("LaunchSpec.env must be an object of strings.");
    }
    for (const [name, value] of Object.entries(spec.env)) checkVariable(name, value);
  }
}
