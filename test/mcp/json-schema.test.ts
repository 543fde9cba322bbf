import type { StandardSchemaV1 } from "@standard-schema/spec";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import * as v from "valibot";
import { z } from "zod";
import { InvalidArgumentError } from "../../src/errors.js";
import { toolSchemaOf } from "../../src/mcp/json-schema.js";

const schemas = suite("toolSchemaOf");

/** A schema of some other library, which may say what it is in JSON Schema. */
function foreign(jsonSchema?: unknown): StandardSchemaV1 {
  const standard = { version: 1, vendor: "foreign", validate: (value: unknown) => ({ value }) } as const;
  return { "~standard": Object.assign(standard, jsonSchema === undefined ? {} : { jsonSchema }) };
}

const trimmed = v.object({
  text: v.pipe(
    v.string(),
    v.description("any text"),
    v.trim(),
    v.minLength(1),
    v.check((text) => text !== "-"),
  ),
});
const counted = v.object({
  text: v.pipe(
    v.string(),
    v.transform((text) => text.length),
    v.number(),
  ),
});
const converter = { input: () => ({ type: "object", title: "in" }), output: () => ({}) };

const rows: [title: string, schema: StandardSchemaV1, expected: object][] = [
  [
    "valibot",
    v.object({ a: v.number(), b: v.optional(v.picklist(["x", "y"])) }),
    { properties: { a: { type: "number" }, b: { type: "string", enum: ["x", "y"] } }, required: ["a"] },
  ],
  [
    "valibot with a pipe",
    trimmed,
    { properties: { text: { type: "string", description: "any text", minLength: 1 } }, required: ["text"] },
  ],
  ["valibot, what it takes", counted, { properties: { text: { type: "string" } }, required: ["text"] }],
  [
    "zod",
    z.object({ a: z.number().describe("a number") }),
    { properties: { a: { type: "number", description: "a number" } }, required: ["a"] },
  ],
  ["a library with Standard JSON Schema", foreign(converter), { title: "in" }],
];
for (const [title, schema, expected] of rows) {
  schemas(title, () => {
    const { $schema: _, additionalProperties: __, ...found } = toolSchemaOf(schema, "The schema");
    assert.equal(found, { type: "object", ...expected });
  });
}

const refused: [title: string, schema: StandardSchemaV1, message: RegExp][] = [
  ["no object", v.string(), /^The schema must describe an object at its root, not "string"/],
  ["a choice of objects", v.union([v.object({}), v.object({ a: v.string() })]), /not \["anyOf"/],
  ["a library without it", foreign(), /"foreign" offers none .*Give a JSON Schema beside it, as inputSchema/],
  ["what JSON Schema cannot express", v.object({ at: v.date() }), /has no JSON Schema: .*Give a JSON Schema/],
  [
    "a converter that throws",
    foreign({
      input: () => {
        throw new Error("not this one.");
      },
    }),
    /has no JSON Schema: not this one\. Give a JSON Schema/,
  ],
];
for (const [title, schema, message] of refused) {
  schemas(`refused: ${title}`, () => {
    assert.throws(
      () => toolSchemaOf(schema, "The schema"),
      (error: unknown) => error instanceof InvalidArgumentError && message.test(error.message),
    );
  });
}

schemas.run();
