/** What the CLI's own tools take as input, by the name of the tool and never by the look of the input. */
import type * as v from "valibot";
import { dialogToolInputSchemas } from "./tool-inputs-dialog.js";
import { fileToolInputSchemas } from "./tool-inputs-files.js";
import { workToolInputSchemas } from "./tool-inputs-work.js";
import { check, type FieldIssue } from "./validation.js";

/** Schemas of the inputs, by the tool's name. Tools of MCP servers (`mcp__…`) define their own. */
export const toolInputSchemas = {
  ...fileToolInputSchemas,
  ...workToolInputSchemas,
  ...dialogToolInputSchemas,
} as const;

/** The inputs by the tool's name, as types. */
export type ToolInputs = {
  [Name in keyof typeof toolInputSchemas]: v.InferOutput<(typeof toolInputSchemas)[Name]>;
};

/** The name of a tool whose input is modelled. */
export type ToolName = keyof ToolInputs;

/** The input of one tool, for example `ToolInput<"Bash">`. */
export type ToolInput<Name extends ToolName> = ToolInputs[Name];

/** Former names of tools, each with the name that took its place. Mirrors the agent SDK's list. */
export const formerToolNames: Readonly<Record<string, string>> = {
  Task: "Agent",
  KillShell: "TaskStop",
  KillBash: "TaskStop",
  ListPeers: "ListAgents",
  Brief: "SendUserMessage",
  ListMcpResources: "ListMcpResourcesTool",
  ReadMcpResource: "ReadMcpResourceTool",
  ReadMcpResourceDir: "ReadMcpResourceDirTool",
  ProposeGoal: "SetGoal",
};

/** The name that a tool goes by now; a name that was never changed is returned as it is. */
export function currentToolName(name: string): string {
  return Object.hasOwn(formerToolNames, name) ? (formerToolNames[name] ?? name) : name;
}

/** True when the input of a tool of that name is modelled. */
export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(toolInputSchemas, name);
}

/** What {@link checkToolInput} found. `input` is the very value that was given. */
export type CheckedToolInput<Name extends ToolName> =
  | { readonly kind: "valid"; readonly input: ToolInput<Name> }
  | { readonly kind: "invalid"; readonly issues: readonly FieldIssue[] };

/** Checks a value against the input that the tool of that name takes. Never throws, copies nothing. */
export function checkToolInput<Name extends ToolName>(name: Name, input: unknown): CheckedToolInput<Name> {
  const issues = check(toolInputSchemas[name], input);
  return issues.length > 0 ? { kind: "invalid", issues } : { kind: "valid", input: input as ToolInput<Name> };
}
