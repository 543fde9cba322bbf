import { InvalidArgumentError } from "../errors.js";
import { checkText, type FlagValue, type FlagValues } from "./flag-value.js";
import type { FlagName, FlagOf } from "./flags.js";
import { DEFAULT_COMMAND } from "./launch-spec.js";

/** Everything that a builder has been told. Never changed in place. */
export interface BuilderState {
  readonly command: string;
  readonly cwd: string | undefined;
  readonly prompt: string | undefined;
  readonly flags: FlagValues;
  /** argv items for flags that are not in the table. */
  readonly extraArgs: readonly string[];
  readonly inheritEnv: boolean;
  readonly env: ReadonlyMap<string, string>;
  readonly unsetEnv: ReadonlySet<string>;
}

const NOTHING_SET: BuilderState = {
  command: DEFAULT_COMMAND,
  cwd: undefined,
  prompt: undefined,
  flags: new Map(),
  extraArgs: [],
  inheritEnv: true,
  env: new Map(),
  unsetEnv: new Set(),
};

/**
 * Copy-on-write state and the setters by flag kind. The methods per flag are in the classes that build on this
 * one, a file per topic; a flag of the wrong kind does not compile.
 */
export abstract class BuilderBase {
  // Private to the language, so that no inspection shows the secrets in it.
  readonly #state: BuilderState;

  constructor(state: BuilderState = NOTHING_SET) {
    this.#state = state;
  }

  /** What has been set so far. */
  protected get state(): BuilderState {
    return this.#state;
  }

  /** A builder of the same class with some of the state replaced. */
  protected with(change: Partial<BuilderState>): this {
    const Builder = this.constructor as new (state: BuilderState) => this;
    return new Builder({ ...this.#state, ...change });
  }

  /** Sets or, with undefined, clears a flag. */
  protected withFlag(name: FlagName, value: FlagValue | undefined): this {
    const flags = new Map(this.#state.flags);
    if (value === undefined) flags.delete(name);
    else flags.set(name, value);
    return this.with({ flags });
  }

  /** A flag without a value; false clears it. */
  protected withSwitch(name: FlagOf<"boolean">, enabled: boolean): this {
    if (typeof enabled !== "boolean") {
      throw new InvalidArgumentError(`--${name} is on or off: give true or false, not ${typeof enabled}.`);
    }
    return this.withFlag(name, enabled ? true : undefined);
  }

  /** A flag with one value, checked already. */
  protected withValue(name: FlagOf<"value" | "optional">, value: string): this {
    return this.withFlag(name, value);
  }

  /** A flag that stands alone (true), has a value, or is cleared (false). */
  protected withOptional(name: FlagOf<"optional">, value: string | boolean): this {
    if (typeof value === "boolean") return this.withFlag(name, value ? true : undefined);
    return this.withFlag(name, checkText(`--${name}`, value));
  }

  /** Adds items, checked already, to a list. */
  protected withItems(name: FlagOf<"list">, items: readonly string[]): this {
    const before = this.#state.flags.get(name);
    const all = [...(Array.isArray(before) ? before : []), ...items];
    return this.withFlag(name, all.length === 0 ? undefined : all);
  }
}
