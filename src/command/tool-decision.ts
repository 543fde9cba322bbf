/** Who decides about a tool that no rule covers: whoever sits at the terminal, or nobody. */

import type { Readable, Writable } from "node:stream";
import { permission, type ToolApprovalHandler, type ToolPermissionRequest } from "../index.js";
import { toolLine, wholeInput } from "./activity.js";
import { visibleLine } from "./visible-text.js";

/** Where to ask; present only when somebody is there to answer. */
export interface Terminal {
  readonly input: Readable;
  readonly output: Writable;
}

/** Options of {@link toolDecisions}. */
export interface DecisionOptions {
  readonly terminal: Terminal | undefined;
  /** Writes a line to stderr. */
  say(line: string): void;
}

const NAME_LENGTH = 80;
const ANSWERLESS =
  "Nobody can answer questions here. Go on with the most sensible assumption, and say which.";
const UNATTENDED =
  "This run is not attended: nobody can approve tools. Use another way, or say what is needed.";

/** Asks at the terminal, one tool at a time; without a terminal every tool is denied, and stderr tells how to allow it. */
export function toolDecisions({ terminal, say }: DecisionOptions): ToolApprovalHandler {
  let before: Promise<unknown> = Promise.resolve();
  return async (request, { signal }) => {
    const line = toolLine(request.tool_name, request.input);
    if (request.tool_name === "AskUserQuestion") {
      say(`denied  ${line} (this command takes no answers to questions)`);
      return permission.deny(request, ANSWERLESS);
    }
    if (terminal === undefined) {
      say(
        `denied  ${line} (no terminal to ask at; allow it with --allowed-tools=${visibleLine(request.tool_name, NAME_LENGTH)})`,
      );
      return permission.deny(request, UNATTENDED);
    }
    const mine = before.then(() => askAt(terminal, request, signal));
    before = mine.catch(() => {});
    return (await mine) ? permission.allow(request) : permission.deny(request, "The user said no to this.");
  };
}

async function askAt(
  terminal: Terminal,
  request: ToolPermissionRequest,
  signal: AbortSignal,
): Promise<boolean> {
  if (signal.aborted || terminal.input.readableEnded) return false;
  const { createInterface } = await import("node:readline/promises");
  // Not raw mode: the terminal itself edits the line, and Ctrl+C stays a signal.
  const reader = createInterface({ ...terminal, terminal: false });
  const closed = new Promise<string>((resolve) => reader.once("close", () => resolve("")));
  const indented = wholeInput(request.input).replaceAll("\n", "\n  ");
  const question = `\nclaude wants to use ${visibleLine(request.tool_name, NAME_LENGTH)}\n  ${indented}\nAllow it? [y/N] `;
  try {
    const answer = await Promise.race([reader.question(question, { signal }), closed]);
    return /^\s*y(es)?\s*$/i.test(answer);
  } catch {
    // Withdrawn: the turn was interrupted, or a hook of the CLI has decided.
    return false;
  } finally {
    reader.close();
  }
}
