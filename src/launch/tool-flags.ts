import { checkItems, checkJson, checkText, checkToolRules, type Items, type Open } from "./flag-value.js";
import { ModelFlags } from "./model-flags.js";

/** Which tools there are, where they come from, and what they may do. */
export abstract class ToolFlags extends ModelFlags {
  /** The whole set of built-in tools: names, `default`, or nothing for none. Replaces what was set before. */
  tools(...tools: Items): this {
    return this.withFlag("tools", checkToolRules("tools", tools));
  }

  /**
   * Tools and rules that need no approval, such as `Read` or `Bash(git log, *)`. Adds to those already set.
   * @throws InvalidArgumentError for an item that the CLI would split into several.
   */
  allowedTools(...rules: Items): this {
    return this.withItems("allowed-tools", checkToolRules("allowedTools", rules));
  }

  /** Tools to take away and rules to deny; otherwise as `allowedTools`. */
  disallowedTools(...rules: Items): this {
    return this.withItems("disallowed-tools", checkToolRules("disallowedTools", rules));
  }

  /** The mode that the session starts in. */
  permissionMode(
    mode: Open<"acceptEdits" | "auto" | "bypassPermissions" | "default" | "manual" | "dontAsk" | "plan">,
  ): this {
    return this.withValue("permission-mode", checkText("permissionMode", mode));
  }

  /** Who answers permission prompts: `host`, or `none` to deny whatever would ask. */
  permissionPrompts(target: Open<"host" | "none">): this {
    return this.withValue("permission-prompts", checkText("permissionPrompts", target));
  }

  /** Who is asked for permission: `stdio` for this program, else the name of an MCP tool. */
  permissionPromptTool(tool: Open<"stdio">): this {
    return this.withValue("permission-prompt-tool", checkText("permissionPromptTool", tool));
  }

  /** Skips every permission check. Only for sandboxes; the CLI refuses it to root. */
  dangerouslySkipPermissions(enabled = true): this {
    return this.withSwitch("dangerously-skip-permissions", enabled);
  }

  /** Lets the session switch to `bypassPermissions` later, without starting in it. */
  allowDangerouslySkipPermissions(enabled = true): this {
    return this.withSwitch("allow-dangerously-skip-permissions", enabled);
  }

  /** No tools that run commands or code, file tools confined to the working directories. */
  restricted(enabled = true): this {
    return this.withSwitch("restricted", enabled);
  }

  /** More directories that the tools may use. Adds to those already set. */
  addDirectories(...paths: Items): this {
    return this.withItems("add-dir", checkItems("addDirectories", paths));
  }

  /**
   * MCP servers: a config object, its JSON, or the path of a file that holds it. Adds to those already set.
   * Objects and JSON are visible in the process list; keep secrets in a file or in `env`.
   */
  mcpConfig(...configs: Items<string | object>): this {
    return this.withItems(
      "mcp-config",
      configs.flat().map((config) => checkJson("mcpConfig", config)),
    );
  }

  /** Uses no MCP servers but those of `mcpConfig`. */
  strictMcpConfig(enabled = true): this {
    return this.withSwitch("strict-mcp-config", enabled);
  }

  /** Plugins from directories or .zip files. Adds to those already set. */
  pluginDir(...paths: Items): this {
    return this.withItems("plugin-dir", checkItems("pluginDir", paths));
  }

  /** As `pluginDir`, but without the plugins' MCP servers. */
  pluginDirNoMcp(...paths: Items): this {
    return this.withItems("plugin-dir-no-mcp", checkItems("pluginDirNoMcp", paths));
  }

  /** Plugins from the URLs of .zip files. Adds to those already set. */
  pluginUrl(...urls: Items): this {
    return this.withItems("plugin-url", checkItems("pluginUrl", urls));
  }

  /** Disables all skills and slash commands. */
  disableSlashCommands(enabled = true): this {
    return this.withSwitch("disable-slash-commands", enabled);
  }

  /** Turns Claude in Chrome on or off. Default: what the settings say. */
  chrome(enabled = true): this {
    return this.withSwitch("chrome", enabled).withSwitch("no-chrome", !enabled);
  }
}
