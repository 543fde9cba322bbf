import { type ConcernedFiles, concernedFiles, redirectedFile } from "./file-tools.js";
import type { PathBase } from "./path-spellings.js";
import { readShellParts, type ShellPart } from "./shell-parts.js";
import type { PolicyRequest } from "./tool-policy.js";

/** A request under its tool's present name. */
export interface ToolCall {
  readonly tool: string;
  readonly request: PolicyRequest;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What a rule is held against: a whole request, or one part of a shell command. */
export interface Subject {
  readonly call: ToolCall;
  /** The part of a shell command; absent for all other tools. */
  readonly part?: ShellPart;
  /** The files concerned, for file tools and redirections. */
  readonly files?: ConcernedFiles;
}

/** The tools that run a command in the shell. Rules about Bash that forbid or ask cover each of them. */
export const SHELL_TOOLS: ReadonlySet<string> = new Set(["Bash", "Monitor"]);

/** A request as a single subject, for any tool but a shell. */
export async function wholeRequest(call: ToolCall, base: PathBase): Promise<Subject> {
  const files = await concernedFiles({ ...call.request, tool_name: call.tool }, base);
  return files === undefined ? { call } : { call, files };
}

/** The parts of the command of a shell tool. */
export async function shellParts(call: ToolCall, home: string | undefined): Promise<readonly ShellPart[]> {
  const { command } = call.input;
  if (typeof command !== "string") {
    return [{ kind: "unknown", text: "", why: "the command is not a string", final: true }];
  }
  const parts = await readShellParts(command, home);
  if (parts.length > 0) return parts;
  return [{ kind: "unknown", text: command, why: "there is no command in it", final: true }];
}

/** A part of a shell command as a subject. */
export async function partSubject(call: ToolCall, part: ShellPart, base: PathBase): Promise<Subject> {
  if (part.kind !== "file") return { call, part };
  if (part.target !== undefined) {
    return { call, part, files: await redirectedFile(part.target, part.access, base) };
  }
  const unclear = "the target of a redirection is only known when it runs";
  return { call, part, files: { access: part.access, questions: [], unclear } };
}
