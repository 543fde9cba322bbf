import { randomUUID } from "node:crypto";
import { inspect } from "node:util";
import { InvalidArgumentError } from "../errors.js";
import {
  CREDENTIALS,
  checkSecret,
  checkVariable,
  composeEnvironment,
  NESTED_RUN_MARKERS,
} from "./child-environment.js";
import { checkText, encodeFlags, type FlagValues, isUuid } from "./flag-value.js";
import { FIXED_ARGS, flagOf, flagSpelled } from "./flags.js";
import { type LaunchSpec, makeLaunchSpec } from "./launch-spec.js";
import { SetupFlags } from "./setup-flags.js";

/**
 * Builds the launch of a `claude` session: one method per flag, named after it.
 *
 * Immutable: every method returns a new builder, so a common prefix can be shared. Switches take `false` to undo
 * what a prefix set; list methods take items, arrays of items, or both. A wrong value throws
 * `InvalidArgumentError` at once. Nothing is started and no file is read here.
 */
export class ClaudeCliBuilder extends SetupFlags {
  /** The executable: a path, or a name to look up on PATH. Default: `claude`, wherever it is installed. */
  command(command: string): this {
    return this.with({ command: checkText("command", command) });
  }

  /** The child's working directory. Default: the host's. */
  workingDirectory(path: string): this {
    return this.with({ cwd: checkText("workingDirectory", path) });
  }

  /**
   * The positional prompt, the last item of the command line.
   *
   * CLI 2.1.330 ignores it while it reads stream-json from stdin, as every session here does: to ask something,
   * use the client's `query` or `send`.
   */
  prompt(text: string): this {
    if (checkText("prompt", text) === "mcp") {
      throw new InvalidArgumentError(
        'The prompt "mcp" makes the CLI (2.1.330) stop reading its stdin; send it with query() instead.',
      );
    }
    return this.with({ prompt: text });
  }

  /**
   * Any flag, with or without dashes; a known one is checked like its own method's, others are passed on. A flag
   * that takes a value must be given it here.
   * @throws InvalidArgumentError for short forms, for flags that every launch sets or that start no session, and
   * for a known flag with a missing or needless value.
   */
  arg(flag: string, value?: string): this {
    const spelling = /^-/.test(checkText("arg", flag)) ? flag : `--${flag}`;
    const known = flagSpelled(spelling);
    if (known === undefined) {
      if (!/^--[A-Za-z0-9][A-Za-z0-9-]*$/.test(spelling)) {
        throw new InvalidArgumentError(
          `arg(${JSON.stringify(flag)}) is no long flag; write it as "some-flag".`,
        );
      }
      const glued =
        value === undefined ? "" : `=${checkText(`arg ${spelling}`, value, { mayBeEmpty: true })}`;
      return this.with({ extraArgs: [...this.state.extraArgs, spelling + glued] });
    }
    const { kind, reserved } = flagOf(known);
    if (reserved !== undefined) throw new InvalidArgumentError(`--${known} cannot be set: ${reserved}.`);
    if (value === undefined) {
      if (kind === "value" || kind === "list") throw new InvalidArgumentError(`--${known} needs a value.`);
      return this.withFlag(known, true);
    }
    if (kind === "boolean") throw new InvalidArgumentError(`--${known} takes no value; leave it out.`);
    const text = checkText(`arg --${known}`, value, { mayBeEmpty: true });
    if (kind !== "list") return this.withFlag(known, text);
    const before = this.state.flags.get(known);
    return this.withFlag(known, [...(Array.isArray(before) ? before : []), text]);
  }

  /** Sets a variable of the child's environment, on top of whatever it inherits. The value is never shown. */
  env(name: string, value: string): this {
    checkVariable(name, value);
    return this.with({ env: new Map(this.state.env).set(name, value) });
  }

  /**
   * Lets the child inherit nothing: its environment is these variables and whatever else this builder sets,
   * before or after. Without PATH in it, tools find no programs.
   */
  cleanEnv(variables: Readonly<Record<string, string>> = {}): this {
    const env = new Map(this.state.env);
    for (const [name, value] of Object.entries(variables)) {
      checkVariable(name, value);
      env.set(name, value);
    }
    return this.with({ inheritEnv: false, env });
  }

  /**
   * Signs in by an OAuth token. It goes by environment only, and an inherited API key is left out, since the CLI
   * would prefer that one.
   */
  oauthToken(token: string): this {
    return this.env(CREDENTIALS.oauthToken, checkSecret("oauthToken", token));
  }

  /** Signs in by an API key. It goes by environment only, and other inherited credentials are left out. */
  apiKey(key: string): this {
    return this.env(CREDENTIALS.apiKey, checkSecret("apiKey", key));
  }

  /**
   * Does not inherit the marks of a surrounding Claude Code session. CLI 2.1.330 starts in spite of them, older
   * ones refuse to run inside another session.
   */
  allowRecursion(enabled = true): this {
    return this.with({ unsetEnv: new Set(enabled ? NESTED_RUN_MARKERS : []) });
  }

  /**
   * The launch as data. Pure but for a fresh random session id, and the host's environment, which is read now
   * if something must be added to it or left out (variables set here, `NODE_OPTIONS`, `DEBUG`), else by the spawn.
   * @throws InvalidArgumentError for flags that contradict each other.
   */
  build(): LaunchSpec {
    const { command, cwd, prompt, extraArgs, inheritEnv, env, unsetEnv } = this.state;
    const { flags, sessionId } = chooseSession(this.state.flags);
    const environment = composeEnvironment(process.env, {
      inherit: inheritEnv,
      added: env,
      removed: unsetEnv,
    });
    return makeLaunchSpec({
      command,
      args: [
        ...FIXED_ARGS,
        // Not last: a flag that was owed a value would swallow the two dashes below. Flags of the table are
        // complete, and there is always one for the session.
        ...extraArgs,
        ...encodeFlags(flags),
        // The two dashes keep a prompt from being read as a flag.
        ...(prompt === undefined ? [] : ["--", prompt]),
      ],
      ...(cwd === undefined ? {} : { cwd }),
      ...(environment === undefined ? {} : { env: environment }),
      ...(sessionId === undefined ? {} : { sessionId }),
    });
  }

  /** What has been set, without the values of environment variables. */
  toJSON(): object {
    const { command, cwd, prompt, flags, extraArgs, inheritEnv, env } = this.state;
    return {
      command,
      cwd,
      args: [...extraArgs, ...encodeFlags(flags)],
      prompt,
      inheritEnv,
      env: Object.fromEntries([...env.keys()].map((name) => [name, "[redacted]"])),
    };
  }

  /** The same view for `console.log`. */
  [inspect.custom](): string {
    return `${this.constructor.name} ${inspect(this.toJSON())}`;
  }
}

/**
 * The session-id rule: the CLI takes `--session-id` for a new session and for a fork, and refuses it beside a
 * plain `--resume` or `--continue` (2.1.330). Beside each other it takes both of these and drops `--resume`.
 */
function chooseSession(flags: FlagValues): { flags: FlagValues; sessionId: string | undefined } {
  const resumed = flags.get("resume");
  const chosen = flags.get("session-id");
  const old = resumed !== undefined || flags.has("continue");
  if (resumed === true)
    throw new InvalidArgumentError("--resume needs a session id or title: call resume(session).");
  if (resumed !== undefined && flags.has("continue")) {
    throw new InvalidArgumentError("resume() and continueConversation() exclude each other; choose one.");
  }
  if (flags.has("resume-session-at") && resumed === undefined) {
    throw new InvalidArgumentError("resumeSessionAt() needs resume().");
  }
  if (flags.has("resume-drops-turn") && !flags.has("resume-session-at")) {
    throw new InvalidArgumentError("resumeDropsTurn() needs resumeSessionAt().");
  }
  if (typeof chosen === "string" && !isUuid(chosen)) {
    throw new InvalidArgumentError(`--session-id ${JSON.stringify(chosen)} is no UUID.`);
  }
  if (old && !flags.has("fork-session")) {
    if (chosen !== undefined) {
      throw new InvalidArgumentError(
        "sessionId() names a new session, but the launch resumes an old one: add forkSession(), or drop sessionId().",
      );
    }
    return { flags, sessionId: typeof resumed === "string" && isUuid(resumed) ? resumed : undefined };
  }
  const sessionId = typeof chosen === "string" ? chosen : randomUUID();
  return { flags: new Map(flags).set("session-id", sessionId), sessionId };
}
