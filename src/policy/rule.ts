import { currentToolName } from "../protocol/tool-inputs.js";
import { invisibleCharacter } from "./hostile-text.js";
import { MAX_RULE_CHARS } from "./limits.js";
import type { PathBase } from "./path-spellings.js";
import { SHELL_TOOLS, type Subject, type ToolCall } from "./request-subject.js";
import { type ContentTest, compileContent, coversTool } from "./rule-content.js";
import { fits, starPattern } from "./wildcard.js";

/** A rule that was understood. */
export interface Rule {
  readonly behavior: "allow" | "deny" | "ask";
  /** As it was written. */
  readonly text: string;
  /** The tool that it names, or a pattern of names. */
  readonly tool: string;
  /** What the model is to read, if the rule says so. */
  readonly message: string | undefined;
  /** What its content demands; undefined when it covers every use of the tool. */
  readonly content: ContentTest | undefined;
  /** True when it may decide about calls of that tool, its content aside. */
  concerns(call: ToolCall): boolean;
}

/**
 * Compiles one rule.
 * @throws Error with the reason, for the caller to complete.
 */
export function compileRule(
  behavior: Rule["behavior"],
  text: string,
  message: string | undefined,
  base: PathBase,
): Rule {
  if (text.length > MAX_RULE_CHARS) throw new Error(`it is longer than ${MAX_RULE_CHARS} characters`);
  const [, written = "", content] = /^([^()\s]+)(?:\((.+)\))?$/s.exec(text) ?? [];
  if (!/^[\w*.:-]+$/.test(written) || invisibleCharacter(written) !== undefined) {
    throw new Error("it must be Tool or Tool(content)");
  }
  const tool = currentToolName(written);
  const strict = behavior === "allow";
  const rule = { behavior, text, tool, message };
  if (tool.startsWith("mcp__") || tool.includes("*")) {
    const concerns = nameTest(tool, strict);
    if (content === undefined) return { ...rule, content: undefined, concerns };
    if (tool.includes("*")) throw new Error("a rule with a wildcard for the tool has no content");
    return { ...rule, content: compileContent(tool, content, strict, base), concerns };
  }
  const isPath = tool === "Read" || tool === "Edit";
  if (content === "*" && isPath && strict) {
    throw new Error(
      `write ${tool} to allow every file, or ${tool}(./**) to allow those of the working directory`,
    );
  }
  const test =
    content === undefined || content === "*" ? undefined : compileContent(tool, content, strict, base);
  return { ...rule, content: test, concerns: (call) => concernsTool(tool, strict, test !== undefined, call) };
}

function concernsTool(tool: string, strict: boolean, hasContent: boolean, call: ToolCall): boolean {
  const isShell = SHELL_TOOLS.has(call.tool);
  // Redirections of a shell are judged by path rules; see ruleFits.
  if (isShell && (tool === "Read" || tool === "Edit")) return hasContent || !strict;
  if (isShell && tool === "Bash" && !strict) return true;
  if (tool === "Read" && !strict && hasContent) {
    return coversTool(tool, call.tool) || coversTool("Edit", call.tool);
  }
  return coversTool(tool, call.tool);
}

/** True when the rule decides about the subject. */
export async function ruleFits(rule: Rule, subject: Subject): Promise<boolean> {
  if (!rule.concerns(subject.call)) return false;
  if (rule.content !== undefined) return rule.content(subject);
  // Of what a shell does, `Read` and `Edit` alone are about its redirections, not about its commands.
  const isPath = rule.tool === "Read" || rule.tool === "Edit";
  return !isPath || !SHELL_TOOLS.has(subject.call.tool) || subject.files?.access === rule.tool;
}

function nameTest(name: string, strict: boolean): (call: ToolCall) => boolean {
  const [, server = "", tool] = /^mcp__(.+?)(?:__(.*))?$/s.exec(name) ?? [];
  if (strict && (server === "" || server.includes("*"))) {
    throw new Error("a wildcard may only follow mcp__<server>__ in an allow rule; name the tools");
  }
  const whole = tool === undefined && !name.includes("*");
  const pattern = starPattern(whole ? `${name}__*` : name);
  return (call) => {
    if (!fits(pattern, call.tool) && !(whole && call.tool === name)) return false;
    if (!strict || (!whole && !name.includes("*"))) return true;
    // A server may be called a__b: its tools begin as those of a server called a do.
    const given = call.request.mcp_server?.name;
    return typeof given !== "string" || given.replace(/[^\w-]/g, "_") === server;
  };
}
