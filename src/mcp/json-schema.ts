/** From a schema of any library to the JSON Schema that a tool is listed with. */

import type { StandardSchemaV1 } from "@standard-schema/spec";
import { InvalidArgumentError } from "../errors.js";
import { jsonSchemaOf } from "../schema/json-schema.js";

/** A JSON Schema whose root is an object, as MCP and the Messages API demand it. */
export interface JsonObjectSchema {
  readonly type: "object";
  readonly [keyword: string]: unknown;
}

const ADVICE = "Give a JSON Schema beside it, as inputSchema or outputSchema of the extras.";

/**
 * The JSON Schema of what a Standard Schema takes.
 * @param what names the schema in errors, as in "The input schema of the tool \"add\"".
 * @throws InvalidArgumentError when it has none, or one that is no object at its root
 */
export function toolSchemaOf(schema: StandardSchemaV1, what: string): JsonObjectSchema {
  return objectSchema(jsonSchemaOf(schema, what, ADVICE), what);
}

/** @throws InvalidArgumentError for a JSON Schema that is no object at its root */
export function objectSchema(schema: Readonly<Record<string, unknown>>, what: string): JsonObjectSchema {
  if (schema.type === "object") return { ...schema, type: "object" };
  throw new InvalidArgumentError(
    `${what} must describe an object at its root, not ${JSON.stringify(schema.type ?? Object.keys(schema))}: ` +
      "put the value, or the choice, into a property.",
  );
}
