/** The files that a session works on. */

import type { WaitOptions } from "../deadline.js";
import type { ControlRequests, PromisedAnswer } from "./control-requests.js";

/** How to read a file through the CLI. */
export interface ReadFileOptions extends WaitOptions {
  /** Bytes to read at most; default: the CLI's own limit. `truncated` tells of a longer file. */
  readonly maxBytes?: number;
  /** Default: `utf-8`. */
  readonly encoding?: "utf-8" | "base64";
}

/** How to rewind files. */
export interface RewindOptions extends WaitOptions {
  /** True to be told what would change, and change nothing. */
  readonly dryRun?: boolean;
}

/** What to load anew with a further folder; by default nothing. */
export interface AddRootOptions extends WaitOptions {
  readonly reloadClaudeMd?: boolean;
  readonly reloadPlugins?: boolean;
  readonly reloadSkills?: boolean;
}

/** `client.files`: reads and rewinds files with the CLI's eyes and rules. */
export class FileControl {
  readonly #requests: ControlRequests;

  /** @internal */
  constructor(requests: ControlRequests) {
    this.#requests = requests;
  }

  /** Reads a file; rejects with `ControlRequestError` when it is missing or may not be read. */
  read(
    path: string,
    { maxBytes, encoding, ...options }: ReadFileOptions = {},
  ): Promise<PromisedAnswer<"read_file", "contents" | "absPath">> {
    const fields = { path, max_bytes: maxBytes, encoding };
    return this.#requests.ask("read_file", fields, options, "contents", "absPath");
  }

  /** Files whose path fits a few letters, the best first: what a prompt field offers behind `@`. */
  async suggest(
    query: string,
    options: WaitOptions = {},
  ): Promise<PromisedAnswer<"file_suggestions", "suggestions">["suggestions"]> {
    return (await this.#requests.ask("file_suggestions", { query }, options, "suggestions")).suggestions;
  }

  /**
   * Puts the files back to what they were when the user message of that uuid was sent. The CLI must run with
   * `CLAUDE_CODE_ENABLE_SDK_FILE_CHECKPOINTING=true`; without a checkpoint it refuses.
   */
  rewind(
    messageUuid: string,
    { dryRun, ...options }: RewindOptions = {},
  ): Promise<PromisedAnswer<"rewind_files", "canRewind">> {
    const fields = { user_message_id: messageUuid, dry_run: dryRun };
    return this.#requests.ask("rewind_files", fields, options, "canRewind");
  }

  /** Has the CLI take a file for read, so that it may be edited; `mtime` is the one seen, in ms since 1970. */
  async seedReadState(path: string, mtime: number, options: WaitOptions = {}): Promise<void> {
    await this.#requests.ask("seed_read_state", { path, mtime }, options);
  }

  /** What the working tree changes; `diff` is null where there is none, and `noDiffReason` says why. */
  workspaceDiff(options: WaitOptions = {}): Promise<PromisedAnswer<"get_workspace_diff", never>> {
    return this.#requests.ask("get_workspace_diff", {}, options);
  }

  /** Adds a folder to those that the session works in; gives its full path. */
  async addRoot(
    directory: string,
    { reloadClaudeMd, reloadPlugins, reloadSkills, ...options }: AddRootOptions = {},
  ): Promise<string> {
    const fields = {
      directory,
      reload_claude_md: reloadClaudeMd,
      reload_plugins: reloadPlugins,
      reload_skills: reloadSkills,
    };
    return (await this.#requests.ask("register_repo_root", fields, options, "directory")).directory;
  }
}
