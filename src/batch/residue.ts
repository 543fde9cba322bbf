/**
 * What a prompt leaves in its process that `/clear` does not take away. Tried on CLI 2.1.330: history, files read,
 * memory files, tasks, loaded tools and the shell's directory are cleared; a worktree, the permission mode, remembered
 * rules, scheduled prompts, background work and the choice of a model are not.
 */

import {
  type ClaudeOutput,
  isAssistant,
  isInit,
  isResult,
  isSystem,
  type ResultMessage,
} from "../protocol/index.js";

/** Tools of which nothing stays behind in the process. Any other, MCP servers' included, costs it its next prompt. */
const CLEARED_TOOLS: ReadonlySet<string> = new Set([
  ...["Bash", "Edit", "Glob", "Grep", "NotebookEdit", "Read", "Write", "WebFetch", "WebSearch"],
  ...["StructuredOutput", "TodoWrite", "ToolSearch"],
  ...["TaskCreate", "TaskGet", "TaskList", "TaskUpdate"],
]);

/** What a session starts in, as its first frame tells. */
interface Setting {
  readonly cwd: unknown;
  readonly permissionMode: unknown;
  readonly model: unknown;
}

/** The messages that this needs to see; the rest may stay in the worker thread. */
export const RESIDUE_MESSAGES: readonly string[] = [
  "assistant/tool_use",
  "conversation_reset",
  "system/background_tasks_changed",
  "system/init",
  "system/model_refusal_fallback",
  "system/task_started",
];

/** Watches one process over all its prompts. */
export class Residue {
  #first: Setting | undefined;
  #now: Setting | undefined;
  #sessionId: string | undefined;
  #wasReset = false;
  #found: string | undefined;

  /** Why the process must not serve another prompt; undefined while it may. */
  get found(): string | undefined {
    return this.#found;
  }

  /** Something beside the messages has stayed behind. */
  leave(what: string): void {
    this.#found ??= what;
  }

  /** A message of a prompt's turn. */
  see(message: ClaudeOutput): void {
    if (isInit(message)) this.#setting(message);
    else if (isAssistant(message)) this.#tools(message.message.content);
    else if (isSystem(message, "task_started")) this.#task(message.is_backgrounded);
    else if (isSystem(message, "background_tasks_changed")) this.#task(message.tasks.length > 0);
    else if (isSystem(message, "model_refusal_fallback")) this.leave("another model has taken over");
    else if (isResult(message)) this.#result(message);
  }

  /**
   * The messages that `/clear` brought. Only a reset that shows is believed: with its commands switched off the CLI
   * takes `/clear` for a prompt without an answer.
   */
  cleared(messages: readonly ClaudeOutput[]): void {
    const before = this.#sessionId;
    this.#now = undefined;
    this.#wasReset = messages.some(({ type }) => type === "conversation_reset");
    for (const message of messages) {
      if (isResult(message)) this.#sessionId = message.session_id ?? undefined;
      else this.see(message);
    }
    if (!this.#wasReset || this.#sessionId === before) this.leave("/clear has not begun a new session");
    else if (!isSame(this.#first, this.#now))
      this.leave("its directory, permission mode or model has changed");
  }

  #setting({
    cwd,
    permissionMode,
    model,
  }: {
    cwd?: unknown;
    permissionMode?: unknown;
    model?: unknown;
  }): void {
    this.#now = { cwd, permissionMode, model };
    this.#first ??= this.#now;
  }

  #tools(content: unknown): void {
    for (const block of Array.isArray(content) ? (content as { type?: unknown; name?: unknown }[]) : []) {
      if (block.type !== "tool_use") continue;
      const name = String(block.name);
      if (!CLEARED_TOOLS.has(name)) this.leave(`the tool ${name} may have left something behind`);
    }
  }

  #task(inBackground: unknown): void {
    if (inBackground === true) this.leave("work went on in the background");
  }

  #result(result: ResultMessage): void {
    this.#sessionId = result.session_id ?? undefined;
    const { local_command: command } = result as { local_command?: unknown };
    if (typeof command === "string") this.leave(`the command /${command} may have changed it`);
  }
}

function isSame(first: Setting | undefined, now: Setting | undefined): boolean {
  if (first === undefined || now === undefined) return false;
  return first.cwd === now.cwd && first.permissionMode === now.permissionMode && first.model === now.model;
}
