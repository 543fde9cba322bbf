/** From a schema of any library to the JSON Schema that a tool is listed with. */

import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { toJsonSchema } from "@valibot/to-json-schema";
import { InvalidArgumentError } from "../errors.js";

/** A JSON Schema whose root is an object, as MCP and the Messages API demand it. */
export interface JsonObjectSchema {
  readonly type: "object";
  readonly [keyword: string]: unknown;
}

/** Draft of the JSON Schema that MCP assumes where none is named. */
const TARGET = "draft-2020-12";

/** What helps against a schema that cannot be converted. */
const ADVICE = "Give a JSON Schema beside it, as inputSchema or outputSchema of the extras.";

/**
 * The JSON Schema of what a Standard Schema takes.
 * @param what names the schema in errors, as in "The input schema of the tool \"add\"".
 * @throws InvalidArgumentError when it has none, or one that is no object at its root
 */
export function jsonSchemaOf(schema: StandardSchemaV1, what: string): JsonObjectSchema {
  return objectSchema(convert(schema, what), what);
}

/** @throws InvalidArgumentError for a JSON Schema that is no object at its root */
export function objectSchema(schema: Readonly<Record<string, unknown>>, what: string): JsonObjectSchema {
  if (schema.type === "object") return { ...schema, type: "object" };
  throw new InvalidArgumentError(
    `${what} must describe an object at its root, not ${JSON.stringify(schema.type ?? Object.keys(schema))}: ` +
      "put the value, or the choice, into a property.",
  );
}

function convert(schema: StandardSchemaV1, what: string): Readonly<Record<string, unknown>> {
  const standard = schema["~standard"];
  try {
    if (hasConverter(standard)) return standard.jsonSchema.input({ target: TARGET });
    if (standard.vendor === "valibot") return fromValibot(schema);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`${what} has no JSON Schema: ${reason} ${ADVICE}`, { cause });
  }
  throw new InvalidArgumentError(
    `${what} cannot be turned into a JSON Schema: "${standard.vendor}" offers none in this version ` +
      `(zod does from 4.2 on). ${ADVICE}`,
  );
}

/**
 * A check or a trim that JSON Schema has no words for is left out of what the model is told; the schema still does it
 * when the tool is called.
 */
function fromValibot(schema: StandardSchemaV1): Readonly<Record<string, unknown>> {
  // Its own type cannot be told from outside; the vendor's name is what the standard offers.
  const converted = toJsonSchema(schema as never, {
    target: TARGET,
    typeMode: "input",
    overrideAction: ({ jsonSchema }) => jsonSchema,
  });
  return { ...converted };
}

function hasConverter(
  standard: StandardSchemaV1.Props,
): standard is StandardSchemaV1.Props & StandardJSONSchemaV1.Props {
  return "jsonSchema" in standard;
}
