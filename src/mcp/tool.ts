/** A tool: what the model is told about it, and the function behind it. */

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidArgumentError } from "../errors.js";
import { milliseconds } from "../options.js";
import { type JsonObjectSchema, objectSchema, toolSchemaOf } from "./json-schema.js";
import type { ToolResult } from "./tool-content.js";
import type { JsonRpcId } from "./transport.js";

/** What a handler is told beside its input. */
export interface ToolContext {
  /** Fires when the CLI withdraws the call, at the call's deadline, and when the connection ends. */
  readonly signal: AbortSignal;
  /** Tells how far the call is, if the CLI wants to know. `progress` must grow from call to call. */
  progress(progress: number, total?: number, message?: string): void;
  /** Id of the call on its connection. */
  readonly requestId: JsonRpcId;
  /** Id of the model's `tool_use` block, where the CLI tells it. */
  readonly toolUseId: string | undefined;
  /** `_meta` of the call as it came. */
  readonly meta: Readonly<Record<string, unknown>>;
}

/**
 * Does the tool's work. What it throws becomes a result that tells the model of the failure, with the error's message.
 */
export type ToolHandler<Input> = (input: Input, context: ToolContext) => ToolResult | Promise<ToolResult>;

/** Hints for whoever decides about a tool; nothing enforces them. */
export interface ToolAnnotations {
  readonly title?: string;
  /** It changes nothing. The CLI runs such tools side by side. */
  readonly readOnlyHint?: boolean;
  /** What it changes cannot be undone. */
  readonly destructiveHint?: boolean;
  /** A second call with the same input changes nothing more. */
  readonly idempotentHint?: boolean;
  /** It reaches a world outside, such as the web. */
  readonly openWorldHint?: boolean;
}

/** What may be said of a tool beside the necessary. */
export interface ToolExtras {
  /** A name for people. */
  readonly title?: string;
  readonly annotations?: ToolAnnotations;
  /** JSON Schema of the input, where the schema cannot tell it, or should tell something else. */
  readonly inputSchema?: JsonObjectSchema;
  /**
   * Schema of `structuredContent`, which the handler must then return; a Standard Schema also checks it, and changes
   * nothing. A plain JSON Schema is listed and not checked.
   */
  readonly outputSchema?: StandardSchemaV1 | JsonObjectSchema;
  /** Words by which the CLI's tool search finds it. */
  readonly searchHint?: string;
  /** True to keep it in the prompt, never behind the CLI's tool search. Default: what its server says. */
  readonly alwaysLoad?: boolean;
  /** More `_meta` of the listing. */
  readonly _meta?: Readonly<Record<string, unknown>>;
  /** Milliseconds that one call may take. Default: what its server says, which is 600,000. */
  readonly timeoutMs?: number;
}

/** A tool as {@link tool} makes it; of use to `createMcpServer` alone. */
export interface McpTool {
  readonly name: string;
  /** What `tools/list` says of it. */
  readonly listing: Readonly<Record<string, unknown>>;
  readonly inputSchema: StandardSchemaV1 | undefined;
  readonly outputSchema: StandardSchemaV1 | undefined;
  readonly alwaysLoad: boolean | undefined;
  readonly timeoutMs: number | undefined;
  /** Takes what `inputSchema` gives. */
  readonly handler: ToolHandler<never>;
}

/** What MCP allows for names. The CLI puts `_` for a dot. */
const NAME = /^[A-Za-z0-9_.-]{1,128}$/;

const NO_INPUT: JsonObjectSchema = { type: "object", properties: {}, additionalProperties: false };

/**
 * Defines a tool. Its input is checked, and typed, by any [Standard Schema](https://standardschema.dev) for an object:
 * valibot, zod from 4.2 on, arktype, or another one together with `extras.inputSchema`. Input that does not fit never
 * reaches the handler; the model is told what is wrong with it.
 *
 * @throws InvalidArgumentError for an impossible name, or a schema of which no JSON Schema can be made
 */
export function tool<Schema extends StandardSchemaV1>(
  name: string,
  description: string,
  schema: Schema,
  handler: ToolHandler<StandardSchemaV1.InferOutput<Schema>>,
  extras?: ToolExtras,
): McpTool;
/** Defines a tool without input. */
export function tool(
  name: string,
  description: string,
  handler: ToolHandler<Readonly<Record<string, never>>>,
  extras?: ToolExtras,
): McpTool;
export function tool(
  name: string,
  description: string,
  first: StandardSchemaV1 | ToolHandler<never>,
  second?: ToolHandler<never> | ToolExtras,
  third?: ToolExtras,
): McpTool {
  if (!NAME.test(name)) {
    throw new InvalidArgumentError(
      `The tool name ${JSON.stringify(name)} is not one: it may have 1 to 128 letters, digits, "_", "-" and ".".`,
    );
  }
  // An arktype schema is a function too.
  const schema = isStandard(first) ? first : undefined;
  const [handler, extras] = schema === undefined ? [first, second] : [second, third];
  if (typeof handler !== "function") throw new InvalidArgumentError(`The tool "${name}" has no handler.`);
  return define(name, description, schema, handler as ToolHandler<never>, (extras ?? {}) as ToolExtras);
}

function define(
  name: string,
  description: string,
  schema: StandardSchemaV1 | undefined,
  handler: ToolHandler<never>,
  extras: ToolExtras,
): McpTool {
  const { title, annotations, alwaysLoad, timeoutMs, searchHint, outputSchema, _meta } = extras;
  if (timeoutMs !== undefined) milliseconds(`timeoutMs of the tool "${name}"`, timeoutMs);
  const meta = { ..._meta, ...(searchHint !== undefined && { "anthropic/searchHint": searchHint }) };
  const output = outputSchema === undefined ? undefined : outputOf(name, outputSchema);
  return {
    name,
    listing: {
      name,
      ...(title !== undefined && { title }),
      description,
      inputSchema: inputOf(name, schema, extras.inputSchema),
      ...(output && { outputSchema: output.listed }),
      ...(annotations && { annotations }),
      ...(Object.keys(meta).length > 0 && { _meta: meta }),
    },
    inputSchema: schema,
    outputSchema: output?.checked,
    alwaysLoad,
    timeoutMs,
    handler,
  };
}

function inputOf(name: string, schema: StandardSchemaV1 | undefined, given: JsonObjectSchema | undefined) {
  const what = `The input schema of the tool "${name}"`;
  if (given !== undefined) return objectSchema(given, what);
  return schema === undefined ? NO_INPUT : toolSchemaOf(schema, what);
}

function outputOf(name: string, schema: StandardSchemaV1 | JsonObjectSchema) {
  const what = `The output schema of the tool "${name}"`;
  return isStandard(schema)
    ? { listed: toolSchemaOf(schema, what), checked: schema }
    : { listed: objectSchema(schema, what), checked: undefined };
}

function isStandard(value: object): value is StandardSchemaV1 {
  return "~standard" in value;
}
