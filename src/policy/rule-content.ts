import { domainToASCII } from "node:url";
import { toolInputSchemas } from "../protocol/tool-inputs.js";
import { coversCommand, mayBeCommand, parseCommandPattern } from "./command-pattern.js";
import { accessOf, coversFiles, mayConcernFiles, showsContent } from "./file-tools.js";
import { fold, invisibleCharacter } from "./hostile-text.js";
import { parsePathPattern } from "./path-pattern.js";
import type { PathBase } from "./path-spellings.js";
import type { Subject, ToolCall } from "./request-subject.js";
import { fits, starPattern } from "./wildcard.js";

/** Tells whether the content of a rule fits: for an allow rule for certain, for the others perhaps. */
export type ContentTest = (subject: Subject) => boolean | Promise<boolean>;

/** Fields with a syntax of their own, which can be written in many ways: none can be matched as text. */
const CANONICAL_FIELDS = new Set(["command", "file_path", "path", "notebook_path", "url"]);

/** Path rules that the CLI accepts and never applies. */
const WRITE_INSTEAD: Readonly<Record<string, string>> = {
  ...{ Write: "Edit", MultiEdit: "Edit", NotebookEdit: "Edit" },
  ...{ Glob: "Read", Grep: "Read", LS: "Read", NotebookRead: "Read" },
};

/**
 * Compiles what stands in the parentheses of a rule.
 * @throws Error with the reason, for the caller to complete.
 */
export function compileContent(tool: string, content: string, strict: boolean, base: PathBase): ContentTest {
  if (tool === "PowerShell") throw new Error("this policy does not read PowerShell; name the tool alone");
  const field = fieldTest(tool, content, strict);
  if (field !== undefined) {
    return tool === "Bash" ? eitherTest(field, commandTest(content, strict, base)) : field;
  }
  if (tool === "Bash") return commandTest(content, strict, base);
  if (tool === "Read" || tool === "Edit") return pathTest(tool, content, strict, base);
  if (tool === "WebFetch") return domainTest(content, strict);
  if (tool === "Agent") return agentTest(content, strict);
  if (tool === "Skill") return skillTest(content, strict);
  const other = Object.hasOwn(WRITE_INSTEAD, tool) ? WRITE_INSTEAD[tool] : undefined;
  if (other !== undefined) {
    throw new Error(`paths are given to ${other}, which covers ${tool}: ${other}(${content})`);
  }
  throw new Error(
    strict
      ? `nothing is known of the content of ${tool}; name the tool alone`
      : `nothing is known of the content of ${tool}; name the tool alone, or a field of its input: ${tool}(field:value)`,
  );
}

/** `Bash(timeout:*)` may mean the field or the command of that name. */
function eitherTest(one: ContentTest, other: ContentTest): ContentTest {
  return async (subject) => (await one(subject)) || other(subject);
}

function commandTest(content: string, strict: boolean, base: PathBase): ContentTest {
  const pattern = parseCommandPattern(content, base.home, strict);
  return ({ call, part }) => {
    if (part === undefined) return false;
    if (part.kind === "unknown") return !strict;
    if (part.kind !== "command") return false;
    if (!strict) return mayBeCommand(pattern, part.words);
    return isPlainCall(call) && coversCommand(pattern, part.words);
  };
}

/** False for a command that is to run outside of the sandbox, or with something that this policy does not know. */
function isPlainCall({ input, tool }: ToolCall): boolean {
  if ((input.dangerouslyDisableSandbox ?? false) !== false || tool !== "Bash") return false;
  return Object.keys(input).every((field) => {
    if (field === "command" || field === "description") return true;
    const value = input[field];
    return value === null || value === undefined || typeof value === "boolean" || typeof value === "number";
  });
}

function pathTest(tool: "Read" | "Edit", content: string, strict: boolean, base: PathBase): ContentTest {
  const patterns = parsePathPattern(content, base, strict);
  return ({ call, files }) => {
    if (files === undefined) return false;
    const same = files.access === tool;
    if (strict) return same && coversFiles(patterns, files);
    // What may not be read may not be shown by an edit either.
    const concerned = same || (tool === "Read" && showsContent(call.tool));
    return concerned && mayConcernFiles(patterns, files, base);
  };
}

/** True when a rule that names `tool` alone concerns calls of `called`: `Edit` and `Read` stand for all such tools. */
export function coversTool(tool: string, called: string): boolean {
  return tool === called || accessOf(called) === tool;
}

function fieldTest(tool: string, content: string, strict: boolean): ContentTest | undefined {
  const [, field = "", value = ""] = /^([A-Za-z_]\w*)\s*:\s*(.*)$/s.exec(content) ?? [];
  if (field === "" || (tool === "WebFetch" && field === "domain")) return undefined;
  const schema = Object.entries(toolInputSchemas).find(([name]) => name === tool)?.[1];
  if (schema !== undefined && !Object.hasOwn(schema.entries, field)) return undefined;
  if (CANONICAL_FIELDS.has(field)) {
    throw new Error(`the field "${field}" can be written in many ways; use the tool's own form of rules`);
  }
  if (strict) throw new Error("one field does not make a call safe; fields are for deny and ask rules");
  const pattern = starPattern(fold(value));
  return ({ call }) => {
    const given = Object.hasOwn(call.input, field) ? call.input[field] : undefined;
    if (given === undefined || given === null) return false;
    // A list or an object may hold it.
    return typeof given === "object" || fits(pattern, fold(String(given)));
  };
}

function domainTest(content: string, strict: boolean): ContentTest {
  const domain = content.startsWith("domain:") ? content.slice("domain:".length).trim() : "";
  if (domain === "") throw new Error("write WebFetch(domain:example.org)");
  const ascii = domainToASCII(domain.replaceAll("*", "x-star-x"))
    .replaceAll("x-star-x", "*")
    .replace(/\.$/, "");
  if (ascii === "" || /[/:@?#\s]|\*\*/.test(domain)) {
    throw new Error("it is no host name; leave out scheme, port and path");
  }
  // A star stays in its label, but for one that is the first label of several, or the only one.
  const deep = ascii.startsWith("*.") || ascii === "*";
  const labels = ascii.split(".").map(starPattern);
  const isHost = (host: string): boolean => {
    const given = host.split(".");
    const surplus = given.length - labels.length;
    if (surplus < 0 || (surplus > 0 && !deep)) return false;
    return labels.every((label, index) => (deep && index === 0) || fits(label, given[index + surplus] ?? ""));
  };
  return ({ call }) => {
    const { url } = call.input;
    const host = hostOf(url);
    if (host === undefined) return !strict;
    const plain = typeof url === "string" && /^https?:\/\/[^\\\s@]+$/i.test(url) && !invisibleCharacter(url);
    return (plain || !strict) && isHost(host);
  };
}

function hostOf(url: unknown): string | undefined {
  if (typeof url !== "string" || !URL.canParse(url)) return undefined;
  const host = new URL(url).hostname.replace(/\.+$/, "");
  return host === "" ? undefined : host;
}

function agentTest(content: string, strict: boolean): ContentTest {
  if (content.trim() !== content || /[*\s]/.test(content)) {
    throw new Error("an agent is named whole, without wildcards");
  }
  return ({ call }) => {
    const name = call.input.subagent_type;
    if (strict) return name === content;
    // Without a type the CLI takes its general agent, or a fork of this one.
    const names = name === undefined || name === null ? ["general-purpose", "fork"] : [String(name)];
    return names.some((each) => isSameName(content, each));
  };
}

function skillTest(content: string, strict: boolean): ContentTest {
  const open = /(?: |:)\*$/.test(content);
  const skill = (open ? content.slice(0, -2) : content).replace(/^\//, "");
  if (skill === "" || /[*\s]/.test(skill)) {
    throw new Error("write Skill(name), or Skill(name *) with any arguments");
  }
  return ({ call }) => {
    const { skill: name, args } = call.input;
    if (!strict) return typeof name !== "string" || isSameName(skill, name);
    return name === skill && (open || args === undefined || args === null || args === "");
  };
}

/** True for names that may be the same, `plugin:name` and `name` among them. */
function isSameName(one: string, other: string): boolean {
  const last = (name: string): string => fold(name.replace(/^\//, "").trim()).split(":").at(-1) ?? "";
  return fold(one) === fold(other) || last(one) === last(other);
}
