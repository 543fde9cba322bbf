/** What a session has read from the disk at its start, and can read anew. */

import type { PluginConfig, SlashCommand } from "../../protocol/index.js";
import type { WaitOptions } from "../deadline.js";
import type { ControlRequests, PromisedAnswer } from "./control-requests.js";

/** How to load plugins anew. */
export interface ReloadPluginsOptions extends WaitOptions {
  /** Plugins to add to those of the session. */
  readonly add?: readonly PluginConfig[];
  /** True to change nothing while a turn runs: the CLI refuses then, with `reload_plugins_busy`. */
  readonly refuseIfBusy?: boolean;
  /** True to change nothing if the prompt cache were lost by it; `held` and `cache_impact` tell so. */
  readonly holdOnCacheImpact?: boolean;
}

/** `client.reload`: has the CLI read plugins, skills or output styles anew, without a new process. */
export class ReloadControl {
  readonly #requests: ControlRequests;

  /** @internal */
  constructor(requests: ControlRequests) {
    this.#requests = requests;
  }

  /** Plugins; gives what the session offers with them. */
  plugins({
    add,
    refuseIfBusy,
    holdOnCacheImpact,
    ...options
  }: ReloadPluginsOptions = {}): Promise<
    PromisedAnswer<"reload_plugins", "commands" | "agents" | "plugins">
  > {
    const fields = {
      add_plugins: add && [...add],
      refuse_if_busy: refuseIfBusy,
      hold_on_cache_impact: holdOnCacheImpact,
    };
    return this.#requests.ask("reload_plugins", fields, options, "commands", "agents", "plugins");
  }

  /** Skills; gives those that there are. */
  async skills(options: WaitOptions = {}): Promise<SlashCommand[]> {
    return (await this.#requests.ask("reload_skills", {}, options, "skills")).skills;
  }

  /** Output styles; gives the names of those that there are. */
  async outputStyles(options: WaitOptions = {}): Promise<string[]> {
    const wanted = "available_output_styles";
    return (await this.#requests.ask("reload_output_styles", {}, options, wanted))[wanted];
  }
}
