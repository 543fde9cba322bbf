/** The settings of a running session. */

import type { AnyObject } from "../../protocol/index.js";
import type { WaitOptions } from "../deadline.js";
import type { ControlRequests, PromisedAnswer } from "./control-requests.js";

/** `client.settings`: what is set, by whom, and changes to it. */
export class SettingsControl {
  readonly #requests: ControlRequests;

  /** @internal */
  constructor(requests: ControlRequests) {
    this.#requests = requests;
  }

  /** All settings merged (`effective`), those of each source, and what is `applied` now. */
  read(options: WaitOptions = {}): Promise<PromisedAnswer<"get_settings", "effective" | "sources">> {
    return this.#requests.ask("get_settings", {}, options, "effective", "sources");
  }

  /** Lays settings over those of the files for as long as this session lives; null takes one back. */
  async apply(settings: AnyObject, options: WaitOptions = {}): Promise<void> {
    await this.#requests.ask("apply_flag_settings", { settings }, options);
  }

  /** Writes settings to a file, for all sessions. The CLI takes a few keys alone, such as `outputStyle`. */
  async update(
    source: "localSettings" | "userSettings",
    settings: AnyObject,
    options: WaitOptions = {},
  ): Promise<void> {
    await this.#requests.ask("update_settings", { source, settings }, options);
  }

  /** The permission rules in force, and where each comes from. */
  async permissionRules(
    options: WaitOptions = {},
  ): Promise<PromisedAnswer<"list_permission_rules", "state">["state"]> {
    return (await this.#requests.ask("list_permission_rules", {}, options, "state")).state;
  }

  /** The hooks that are set, and the events that there are. */
  hooks(options: WaitOptions = {}): Promise<PromisedAnswer<"get_hooks_listing", "hooks" | "events">> {
    return this.#requests.ask("get_hooks_listing", {}, options, "hooks", "events");
  }
}
