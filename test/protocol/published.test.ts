import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { SyncHookJSONOutput } from "@anthropic-ai/claude-agent-sdk";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import {
  errorDuringExecutionSchema,
  type HookSpecificOutput,
  type HookSpecificOutputs,
  hookInputSchemas,
  incomingRequestSchemas,
  isToolName,
  messageSchemas,
  outgoingRequestSchemas,
  resultSuccessSchema,
  systemMessageSchemas,
  toolInputSchemas,
} from "../../src/protocol/index.js";

/**
 * Compares the model with the types that the agent SDK publishes: what is new there shows as a failing test
 * when the devDependency moves.
 */
function published(file: string): string {
  const entry = import.meta.resolve("@anthropic-ai/claude-agent-sdk");
  const text = readFileSync(fileURLToPath(new URL(file, entry)), "utf8");
  return text.replaceAll("\r", "").replaceAll(/\/\*[\s\S]*?\*\//g, "");
}

/** The object types of a declaration file, with the fields at their top level. */
function objectTypes(text: string): Map<string, string> {
  const declaration = /^(?:export )?(?:declare )?(?:type (\w+) = |interface (\w+) )\{\n([\s\S]*?)^\};?$/gm;
  return new Map(
    [...text.matchAll(declaration)].map(([, type, name, body]) => [type ?? name ?? "", body ?? ""]),
  );
}

/** The names at the top level of a type's body, whatever it is indented by. */
function fieldsOf(body: string): string[] {
  const [indent = "  "] = /^ +/.exec(body) ?? [];
  const fields = body.matchAll(new RegExp(`^${indent}["']?([\\w-]+)["']?\\??:`, "gm"));
  return [...fields].map(([, name]) => name ?? "");
}

function literalOf(body: string, field: string): string[] {
  const [, literals = ""] = new RegExp(`^    ${field}: (.*);$`, "m").exec(body) ?? [];
  return [...literals.matchAll(/'([\w-]+)'/g)].map(([, literal]) => literal ?? "");
}

/** The names in a union type. */
function unionOf(text: string, name: string): string[] {
  const [, members = ""] = new RegExp(`type ${name} =\\s*([^;]+);`).exec(text) ?? [];
  return members.split("|").flatMap((member) => member.trim().split(".").at(-1) || []);
}

function entriesOf(schema: unknown): string[] {
  if (typeof schema !== "object" || schema === null || !("entries" in schema)) return [];
  return Object.keys(schema.entries as object);
}

const sdk = published("sdk.d.ts");
const sdkTypes = objectTypes(sdk);

function lookUp(schemas: object, name: string): unknown {
  return Object.hasOwn(schemas, name) ? Reflect.get(schemas, name) : undefined;
}

const suites = suite("published types");

suites("every message, with every field", () => {
  const names = ["SDKMessage", "StdoutMessage"].flatMap((union) => unionOf(sdk, union));
  const seen: string[] = [];
  const missing: string[] = [];
  for (const name of names) {
    const body = sdkTypes.get(name);
    if (body === undefined) continue;
    const [type = ""] = literalOf(body, "type");
    const [subtype = ""] = literalOf(body, "subtype");
    seen.push(`${type}/${subtype}`);
    const schema = type === "system" ? lookUp(systemMessageSchemas, subtype) : lookUp(messageSchemas, type);
    if (schema === undefined) missing.push(`${name}: ${type}/${subtype}`);
    const known = entriesOf(schema);
    missing.push(
      ...fieldsOf(body)
        .filter((field) => !known.includes(field))
        .map((field) => `${name}.${field}`),
    );
  }
  assert.ok(seen.length >= 39, `only ${seen.length} messages were found: ${seen.join()}`);
  assert.equal(missing, []);
});

suites("every field of a result", () => {
  for (const [name, schema] of [
    ["SDKResultSuccess", resultSuccessSchema],
    ["SDKResultError", errorDuringExecutionSchema],
  ] as const) {
    const known = entriesOf(schema);
    const fields = fieldsOf(sdkTypes.get(name) ?? "");
    assert.ok(fields.length > 20, `only ${fields.length} fields of ${name} were found`);
    assert.equal(
      fields.filter((field) => !known.includes(field)),
      [],
    );
  }
});

suites("every control request, with every field", () => {
  const names = unionOf(sdk, "SDKControlRequestInner");
  const missing: string[] = [];
  for (const name of names) {
    const body = sdkTypes.get(name) ?? "";
    const [subtype = ""] = literalOf(body, "subtype");
    const schema = lookUp(outgoingRequestSchemas, subtype) ?? lookUp(incomingRequestSchemas, subtype);
    if (schema === undefined) missing.push(`${name}: ${subtype}`);
    const known = entriesOf(schema);
    missing.push(
      ...fieldsOf(body)
        .filter((field) => !known.includes(field))
        .map((field) => `${name}.${field}`),
    );
  }
  assert.ok(names.length >= 41, `only ${names.length} requests were found`);
  assert.equal(missing, []);
});

/** The fields of each hook input beside the shared ones, by event. The declarations are sums of object types. */
function hookFieldsOf(text: string): Map<string, string[]> {
  const declaration = /^export declare type (\w+)HookInput = \(?BaseHookInput & \{([^;][\s\S]*?)^\};/gm;
  return new Map(
    [...text.matchAll(declaration)].map(([, event = "", body = ""]) => [
      event,
      [...body.matchAll(/^ {4}(\w+)\??:/gm)].map(([, field]) => field ?? ""),
    ]),
  );
}

suites("every hook event, with every field", () => {
  const shared = fieldsOf(sdkTypes.get("BaseHookInput") ?? "");
  const inputs = hookFieldsOf(sdk);
  const missing: string[] = [];
  for (const [event, fields] of inputs) {
    const known = entriesOf(lookUp(hookInputSchemas, event));
    const unknown = [...shared, ...fields].filter((field) => !known.includes(field));
    missing.push(...unknown.map((field) => `${event}.${field}`));
  }
  assert.ok(shared.length >= 8, `only ${shared.length} shared fields were found`);
  assert.equal([...inputs.keys()].sort(), Object.keys(hookInputSchemas).sort());
  assert.equal(
    [...inputs].filter(([, fields]) => !fields.includes("hook_event_name")).map(([event]) => event),
    [],
  );
  assert.ok([...inputs.values()].flat().length > 120, "fewer fields than were there before");
  assert.equal(missing, []);
});

/** What hooks answer has types alone, so that the compiler compares: true, or the name of what differs. */
type Published = NonNullable<SyncHookJSONOutput["hookSpecificOutput"]>;
type PublishedFor<Event> = Extract<Published, { hookEventName: Event }>;
type Differing<Event extends Published["hookEventName"] | keyof HookSpecificOutputs> = {
  [E in Event]: [keyof PublishedFor<E>, keyof HookSpecificOutput<E>] extends [
    keyof HookSpecificOutput<E>,
    keyof PublishedFor<E>,
  ]
    ? never
    : E;
}[Event];

suites("every hook output, with every field", () => {
  const differing: Differing<Published["hookEventName"] | keyof HookSpecificOutputs>[] = [];
  const none: never[] = differing;
  assert.equal(none, []);
});

/** Where the name of a published input type is not the tool's name with `Input` at its end. */
const renamed: Readonly<Record<string, string>> = {
  FileEditInput: "Edit",
  FileReadInput: "Read",
  FileWriteInput: "Write",
  ListMcpResourcesInput: "ListMcpResourcesTool",
  ReadMcpResourceInput: "ReadMcpResourceTool",
  ReadMcpResourceDirInput: "ReadMcpResourceDirTool",
  ProposeGoalInput: "SetGoal",
  ProposeSkillsInput: "propose_skills",
};

/** Inputs that are not modelled on purpose: of no fixed shape, or of a tool that has no name yet. */
const leftOut = ["McpInput", "RefreshMcpToolsInput"];

suites("every tool input, with every field", () => {
  const tools = published("sdk-tools.d.ts");
  const types = objectTypes(tools);
  const names = unionOf(tools, "ToolInputSchemas").filter((name) => name.endsWith("Input"));
  const missing: string[] = [];
  for (const name of names) {
    if (leftOut.includes(name)) continue;
    const tool = renamed[name] ?? name.replace(/Input$/, "");
    if (!isToolName(tool)) {
      missing.push(name);
      continue;
    }
    const known = entriesOf(toolInputSchemas[tool]);
    const fields = fieldsOf(types.get(name) ?? "");
    missing.push(...fields.filter((field) => !known.includes(field)).map((field) => `${name}.${field}`));
  }
  assert.ok(names.length >= 40, `only ${names.length} tool inputs were found`);
  assert.equal(missing, []);
});

suites.run();
