/** The first thing that a user typed, to tell sessions apart in a list. */

import { type Entry, isObject } from "./entries.js";

const MOST_CHARS = 200;
const BASH_INPUT = /<bash-input>([\s\S]*?)<\/bash-input>/;
const COMMAND_NAME = /<command-name>([\s\S]*?)<\/command-name>/;
/** What the CLI or an editor has put there, in tags of their own, and the trace of an interrupt. */
const NOT_TYPED = /^(?:<[a-z][\w-]*[\s>]|\[Request interrupted by user)/;

/** Looks at entries in their order, until it has found a prompt. */
export class FirstPrompt {
  #prompt: string | undefined;
  #command: string | undefined;

  /** What was found; a slash command when there is nothing better. */
  get text(): string | undefined {
    return this.#prompt ?? this.#command;
  }

  get found(): boolean {
    return this.#prompt !== undefined;
  }

  look(entry: Entry): void {
    if (this.found || entry.type !== "user" || entry.isMeta === true || entry.isCompactSummary === true)
      return;
    for (const text of textsOf(entry.message)) {
      const line = text.replaceAll("\n", " ").trim();
      if (line === "") continue;
      const command = COMMAND_NAME.exec(line)?.[1];
      if (command !== undefined) {
        this.#command ??= command;
        continue;
      }
      const shell = BASH_INPUT.exec(line)?.[1];
      if (shell === undefined && NOT_TYPED.test(line)) continue;
      this.#prompt = shell === undefined ? shortened(line) : `! ${shell.trim()}`;
      return;
    }
  }
}

function textsOf(message: unknown): string[] {
  const content = isObject(message) ? message.content : undefined;
  if (typeof content === "string") return [content];
  if (!Array.isArray(content) || content.some((block) => isObject(block) && block.type === "tool_result"))
    return [];
  return content.flatMap((block) =>
    isObject(block) && block.type === "text" && typeof block.text === "string" ? [block.text] : [],
  );
}

function shortened(line: string): string {
  return line.length <= MOST_CHARS ? line : `${line.slice(0, MOST_CHARS).trim()}…`;
}
