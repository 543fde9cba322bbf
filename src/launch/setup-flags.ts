import { checkItems, checkJoinable, checkJson, checkText, type Items, type Open } from "./flag-value.js";
import { ToolFlags } from "./tool-flags.js";

/** What the CLI loads at its start, and what it reports while it runs. */
export abstract class SetupFlags extends ToolFlags {
  /** Settings on top of the files': an object, its JSON, or the path of a file that holds it. */
  settings(settings: string | object): this {
    return this.withValue("settings", checkJson("settings", settings));
  }

  /** Which settings files are read; nothing for none. Replaces what was set before. */
  settingSources(...sources: Items<Open<"user" | "project" | "local">>): this {
    return this.withValue("setting-sources", checkJoinable("settingSources", sources).join());
  }

  /** Settings that rank as an administrator's policy: an object or its JSON. */
  managedSettings(settings: string | object): this {
    return this.withValue("managed-settings", checkJson("managedSettings", settings));
  }

  /** The trusted checkout whose project settings count when the working directory is a worktree of it. */
  projectConfigRoot(absolutePath: string): this {
    return this.withValue("project-config-root", checkText("projectConfigRoot", absolutePath));
  }

  /** Minimal start: no hooks, plugins, memory, CLAUDE.md; credentials by API key only. The fastest launch. */
  bare(enabled = true): this {
    return this.withSwitch("bare", enabled);
  }

  /**
   * The least that answers a prompt, for batches of prompts that need nothing of the machine. Off are:
   * - all built-in tools (`--tools ""`), so that the model can only answer;
   * - hooks, plugins, skills of files, memory, `CLAUDE.md`, background prefetches and sign-ins other than an API key
   *   (`--bare`);
   * - MCP servers other than those of `mcpConfig` (`--strict-mcp-config`);
   * - settings files (`--setting-sources ""`);
   * - transcripts on disk: no session can be resumed (`--no-session-persistence`).
   *
   * What is set later wins: `lean().tools("Read")` has that tool. On CLI 2.1.330 a request shrinks from 49 KB to
   * 1.5 KB, and a prompt together with its `/clear` takes half the processor time.
   */
  lean(): this {
    return this.bare().tools().strictMcpConfig().settingSources().noSessionPersistence();
  }

  /** Starts without any customization. */
  safeMode(enabled = true): this {
    return this.withSwitch("safe-mode", enabled);
  }

  /** Files to download at the start, each `file_id:relative_path`. Adds to those already set. */
  file(...specs: Items): this {
    return this.withItems("file", checkItems("file", specs));
  }

  /** Turns on the tool by which the model writes to the user. */
  brief(enabled = true): this {
    return this.withSwitch("brief", enabled);
  }

  /** Connects to the IDE, if exactly one is there. */
  ide(enabled = true): this {
    return this.withSwitch("ide", enabled);
  }

  /** Flat text for screen readers. */
  axScreenReader(enabled = true): this {
    return this.withSwitch("ax-screen-reader", enabled);
  }

  /** Offers the session for Remote Control, perhaps under a name. */
  remoteControl(name: string | boolean = true): this {
    return this.withOptional("remote-control", name);
  }

  /** Prefix of the names that Remote Control makes up. Default: the host's name. */
  remoteControlSessionNamePrefix(prefix: string): this {
    return this.withValue(
      "remote-control-session-name-prefix",
      checkText("remoteControlSessionNamePrefix", prefix),
    );
  }

  /** Sends `stream_event` frames while an answer grows. */
  includePartialMessages(enabled = true): this {
    return this.withSwitch("include-partial-messages", enabled);
  }

  /** Sends frames for every hook's start, progress and end. */
  includeHookEvents(enabled = true): this {
    return this.withSwitch("include-hook-events", enabled);
  }

  /** Sends what subagents write and think, marked by `parent_tool_use_id`. */
  forwardSubagentText(enabled = true): this {
    return this.withSwitch("forward-subagent-text", enabled);
  }

  /** Sends every user message back as the CLI takes it up. */
  replayUserMessages(enabled = true): this {
    return this.withSwitch("replay-user-messages", enabled);
  }

  /** Sends a guess at the next prompt after each turn; a text such as `off` overrides the settings. */
  promptSuggestions(value: string | boolean = true): this {
    return this.withOptional("prompt-suggestions", value);
  }

  /** Writes a debug log, perhaps of some categories (`"api,hooks"`, `"!mcp"`); an empty text means all. */
  debug(filter: string | boolean = true): this {
    return this.withOptional("debug", filter === "" ? true : filter);
  }

  /** Writes the debug log to this file. */
  debugFile(path: string): this {
    return this.withValue("debug-file", checkText("debugFile", path));
  }
}
