/** From a schema of any library to the JSON Schema that the CLI and the model are told. */

import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { toJsonSchema } from "@valibot/to-json-schema";
import { InvalidArgumentError } from "../errors.js";

/** A JSON Schema as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** The draft that the Messages API and MCP assume. */
const TARGET = "draft-2020-12";

/**
 * The JSON Schema of what a Standard Schema takes: by the library's own converter (zod from 4.2 on, arktype), for
 * valibot by `@valibot/to-json-schema`. Checks and transformations that JSON Schema has no words for are left out of
 * it.
 * @param what names the schema in errors.
 * @param advice says in errors what to do about a schema without one.
 * @throws InvalidArgumentError when there is no such JSON Schema
 */
export function jsonSchemaOf(
  schema: StandardSchemaV1,
  what = "The schema",
  advice = "Give one beside it.",
): JsonSchema {
  const standard = schema["~standard"];
  try {
    if (hasConverter(standard)) return withoutDialect(standard.jsonSchema.input({ target: TARGET }));
    if (standard.vendor === "valibot") return fromValibot(schema);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new InvalidArgumentError(`${what} has no JSON Schema: ${reason} ${advice}`, { cause });
  }
  throw new InvalidArgumentError(
    `${what} cannot be turned into a JSON Schema: "${standard.vendor}" offers none in this version ` +
      `(zod does from 4.2 on). ${advice}`,
  );
}

function fromValibot(schema: StandardSchemaV1): JsonSchema {
  // Its own type cannot be told from outside; the vendor's name is what the standard offers.
  const converted = toJsonSchema(schema as never, {
    target: TARGET,
    typeMode: "input",
    overrideAction: ({ jsonSchema }) => jsonSchema,
  });
  return withoutDialect({ ...converted });
}

/** The name of the dialect says nothing that its readers do not assume, and some of them refuse it. */
function withoutDialect({ $schema: _, ...schema }: JsonSchema): JsonSchema {
  return schema;
}

function hasConverter(
  standard: StandardSchemaV1.Props,
): standard is StandardSchemaV1.Props & StandardJSONSchemaV1.Props {
  return "jsonSchema" in standard;
}
